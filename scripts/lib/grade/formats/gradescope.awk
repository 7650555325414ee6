# gradescope.awk - Gradescope's results.json
#
# Students see all of it; of a hidden test they see the title, after the due date.
# Without output_format, Gradescope takes the output at the top for HTML.

function builds(   i, text) {
  for (i = 1; i <= programs; i++)
    if (build_problem(i))
      text = text "\n" program[i] ": " build_problem(i) \
        (build[i] == "failed" ? "\n" messages[i] : "")
  return text
}

function explanation(i) {
  if (outcome[i] == "pass" || is_hidden[i]) return ""
  return where(i) ": " outcome[i] (feedback[i] == "" ? "" : "\n" feedback[i])
}

BEGIN {
  printf "{\"score\":%d,\"output\":%s,\"output_format\":\"text\",", score,
    quote("lab " lab ", sandbox " sandbox ", seed " seed builds())
  print "\"visibility\":\"visible\",\"tests\":["
  for (i = 1; i <= tests; i++) {
    printf "{\"score\":%d,\"max_score\":%d,\"status\":\"%s\",", points[i], max[i],
      (outcome[i] == "pass" ? "passed" : "failed")
    printf "\"name\":%s,\"number\":%s,\"output\":%s,\"visibility\":\"%s\"}%s\n",
      quote(name[i]), quote(number[i]), quote(explanation(i)),
      (is_hidden[i] ? "after_due_date" : "visible"), comma(i, tests)
  }
  print "]}"
}
