# tap.awk - the Test Anything Protocol, for prove and similar tools
#
# Output of the submission follows "# ", where no parser reads it.

function print_comment(text) {
  if (text == "") return
  gsub(/\n/, "\n# ", text)
  print "# " text
}

# "#" would begin a directive, and "\" escapes it.
function description(text) {
  gsub(/\\/, "&&", text)
  gsub(/#/, "\\\\&", text)
  return text
}

function first_line(text) { sub(/\n.*/, "", text); return text }

BEGIN {
  print "TAP version 13"
  print "1.." tests
  print_comment("lab " lab ", submission " submission ", sandbox " sandbox \
    ", seed " seed)
  for (i = 1; i <= programs; i++)
    if (build_problem(i)) {
      print_comment(program[i] ": " build_problem(i))
      if (build[i] == "failed") print_comment(messages[i])
    }
  for (i = 1; i <= tests; i++) {
    skipped = outcome[i] == "skipped"
    printf "%sok %d - %s", (outcome[i] == "pass" || skipped ? "" : "not "), i,
      description(name[i])
    print skipped ? " # SKIP " first_line(shown_feedback(i)) : ""
    if (skipped) continue
    print_comment(where(i) ": " outcome[i] ", " of_points(i))
    if (outcome[i] != "pass") print_comment(shown_feedback(i))
  }
  print_comment(score " of " full " points")
}
