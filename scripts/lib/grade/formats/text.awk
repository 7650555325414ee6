# text.awk - for a person: a table, then the reason for each lost point

function row(who, what, got, of, note) {
  line = sprintf("%-16s %-8s %7s   %s", who, what, got "/" of, note)
  sub(/ +$/, "", line)
  print line
}

# "pass", or "2 pass, 1 timeout": the tests of program P and step S, if not "".
function outcomes(p, s,   i, count, order, kinds, text) {
  for (i = 1; i <= tests; i++)
    if (owner[i] == p && step[i] == s && !count[outcome[i]]++)
      order[++kinds] = outcome[i]
  if (kinds == 1) return order[1]
  for (i = 1; i <= kinds; i++)
    text = text (i > 1 ? ", " : "") count[order[i]] " " order[i]
  return text
}

function print_program(p,   i, s, got, of, seen) {
  for (i = 1; i <= tests; i++)
    if (owner[i] == p) {
      got[""] += points[i]; of[""] += max[i]
      got[step[i]] += points[i]; of[step[i]] += max[i]
    }
  row(p, "", got[""] + 0, of[""] + 0, p in PROGRAM ? build_problem(PROGRAM[p]) : "")
  if (!is_built(p)) return
  for (i = 1; i <= tests; i++) {
    s = step[i]
    if (owner[i] != p || seen[s]++) continue
    row("", s == "-" ? "other" : "step " s, got[s], of[s], outcomes(p, s))
  }
}

# After a bar, so that no output of a program can pass for a line of the report.
function print_quoted(text) {
  if (text == "") return
  gsub(/\n/, "\n  | ", text)
  print "  | " text
}

function print_test(i) {
  title = name[i]
  if (index(title, owner[i] ": ") == 1) title = substr(title, length(owner[i]) + 3)
  print "\n" where(i) ": " outcome[i] ", " of_points(i) \
    (is_hidden[i] ? " (hidden)" : "")
  print "  " title
  print_quoted(shown_feedback(i))
}

BEGIN {
  print "lab " lab ", submission " submission ": " score " of " full " points"
  print "sandbox " sandbox ", seed " seed "\n"
  for (i = 1; i <= programs; i++) { print_program(program[i]); done[program[i]] }
  for (i = 1; i <= tests; i++)
    if (!(owner[i] in done)) { print_program(owner[i]); done[owner[i]] }
  for (i = 1; i <= programs; i++)
    if (build[i] == "failed" && build_problem(i) != messages[i]) {
      print "\n" program[i] ": " build_problem(i)
      print_quoted(messages[i])
    }
  # If there is no program, that is reason enough.
  for (i = 1; i <= tests; i++)
    if (outcome[i] != "pass" && is_built(owner[i])) print_test(i)
}
