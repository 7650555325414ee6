# json.awk - for the teacher and for programs: everything, hidden or not
#
# Each program and each test is one line, so that awk can read it.
# Read by: grades.awk (for scripts/grade-all), trust.awk (for scripts/trust).

BEGIN {
  printf "{\"lab\":%s,\"submission\":%s,\"score\":%d,\"max\":%d,", quote(lab),
    quote(submission), score, full
  printf "\"sandbox\":%s,\"seed\":%s,\n", quote(sandbox), number_or_string(seed)
  print "\"programs\":["
  for (i = 1; i <= programs; i++)
    printf "{\"name\":%s,\"build\":\"%s\",\"messages\":%s}%s\n",
      quote(program[i]), build[i], quote(messages[i]), comma(i, programs)
  print "],\n\"tests\":["
  for (i = 1; i <= tests; i++) {
    printf "{\"name\":%s,\"program\":%s,\"step\":%s,\"points\":%d,\"max\":%d,",
      quote(name[i]), quote(owner[i]),
      (step[i] == "-" ? "null" : number_or_string(step[i])), points[i], max[i]
    printf "\"outcome\":\"%s\",\"feedback\":%s,\"hidden\":%s}%s\n", outcome[i],
      quote(feedback[i]), (is_hidden[i] ? "true" : "false"), comma(i, tests)
  }
  print "]}"
}
