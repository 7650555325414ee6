# table.awk - prints the table of a lab, and writes its failures to a file
#
#   -v all=1          the steps of finished programs, too
#   -v failures=FILE  to be written: for each failure a line of the fields
#                       ORDER DETAILS PROGRAM STEP POINTS NAME NOTE
#                     separated by tabs. Show the lowest ORDER first; the NOTE
#                     (its newlines are "\n") names what else may be to blame.
#                     Read by: scripts/check (print_failures)
#
# Each line that it reads begins with program or step (written by scripts/check,
# list_exercises), uses (uses.awk), test or reason (outcomes.awk); the fields are
# described there. The exit status is 0 if all points have been earned or, if none
# have been selected, no test has failed.

function runs(program) {
  return state[program] == "begun" || state[program] == "filled"
}

function is_done(program, step) {
  return got[program, step] == max[program, step]
}

function is_skipped(program, step) {
  return skipped[program, step] && !failed[program, step]
}

function mark(program, step) {
  if (is_done(program, step)) return "done"
  if (is_skipped(program, step)) return "skipped"
  if (step == next_step[program]) return "next"
  return is_empty[program, step] ? "not done" : "not yet"
}

# The first step without code; if all have code, the first that fails.
function find_next(program,    step) {
  for (step = 1; step <= last_step[program]; step++) {
    if (!((program, step) in max) || is_done(program, step) ||
        is_skipped(program, step)) continue
    if (is_empty[program, step] || !(program in next_step))
      next_step[program] = step
    if (is_empty[program, step]) return
  }
}

function print_step(program, step,    line) {
  if (!((program, step) in max)) return
  line = sprintf("  %2s  %2d/%-2d  %-8s  %s", step, got[program, step],
    max[program, step], mark(program, step), text[program, step])
  print length(line) <= 80 ? line : substr(line, 1, 77) "..."
}

function print_program(program,    what, step) {
  what = in_words[state[program]]
  if (runs(program) && gets[program] == worth[program]) what = "done"
  printf "%-18s %2d of %2d points%s\n", program, gets[program],
    worth[program], what == "" ? "" : "  " what
  if (runs(program) && (all || what != "done")) {
    find_next(program)
    for (step = 1; step <= last_step[program]; step++)
      print_step(program, step)
    print_step(program, "-")
  }
}

# The first step without code, whether or not its tests have been selected.
function first_empty(program,    step) {
  for (step = 1; step <= steps[program]; step++)
    if (is_empty[program, step] &&
        !((program, step) in max && is_done(program, step))) return step
}

# What else may be to blame for a failure: another step, or the other half.
function note(program, step, others,    i, n, other, result) {
  if (!is_empty[program, step] && first_empty(program))
    result = "Step " first_empty(program) " is not done yet: that may be why.\\n"
  n = split(others, other, " ")
  for (i = 1; i <= n; i++) {
    if (other[i] == program) continue
    if (!runs(other[i]))
      result = result "It also runs your " other[i] ": " \
        in_words[state[other[i]]] ".\\n"
    else if (!(other[i] in worth))
      result = result "It also runs your " other[i] \
        ", which this run has not tested.\\n"
    else if (gets[other[i]] < worth[other[i]])
      result = result "It also runs your " other[i] ", which has " \
        gets[other[i]] + 0 " of " worth[other[i]] " points.\\n"
  }
  return result
}

# First the steps that have code, then the next one to do, then the rest; each
# class after a similar one whose other half exists.
function order(program, step, others,    i, n, other, class) {
  class = program == "-" ? 6 : !is_empty[program, step] ? 0 : \
    step == next_step[program] ? 2 : 4
  n = split(others, other, " ")
  for (i = 1; i <= n; i++) if (!runs(other[i])) { class++; break }
  return class * 10000 + place[program] * 100 + step
}

BEGIN {
  FS = OFS = "\t"
  in_words["untouched"] = "not started"
  in_words["broken"] = "does not compile"
  in_words["missing"] = "the source is missing"
}

$1 == "program" { program[++programs] = $2; place[$2] = programs; state[$2] = $3 }
$1 == "step" {
  is_empty[$2, $3] = $4 == "empty"
  text[$2, $3] = $5
  if ($3 + 0 > steps[$2]) steps[$2] = $3 + 0
}
$1 == "uses" { uses[$2] = $3 }
$1 == "reason" { reasons[$2]++ }
$1 == "test" && $2 == "-" { others[$5]++ }
$1 == "test" && $2 != "-" {
  if (runs($2) && uses[$7] != "" && uses[$7] != $2) pairs++
  if ($3 + 0 > last_step[$2]) last_step[$2] = $3 + 0
  max[$2, $3] += $4
  worth[$2] += $4
  if ($5 == "pass") { got[$2, $3] += $4; gets[$2] += $4 }
  else if ($5 == "skip") skipped[$2, $3]++
  else failed[$2, $3]++
}
$1 == "test" && ($5 == "fail" || $5 == "none" && runs($2)) { bad[++bads] = $0 }

END {
  for (i = 1; i <= programs; i++) {
    if (!(program[i] in worth)) continue
    print_program(program[i])
    begun += runs(program[i]) || state[program[i]] == "broken"
    sum += gets[program[i]]; total += worth[program[i]]
  }
  n = others["fail"] + others["none"]
  if (others["pass"] + n)
    print "tests without points: " others["pass"] + 0 " passed, " n " failed"
  for (reason in reasons) print reasons[reason] " skipped: " reason
  if (pairs)
    print "Here your programs are tested with each other; the grader tests each" \
      " with the\nreference."
  if (total) print "\n" sum + 0 " of " total " points"
  if (total && !begun) print "\nNo exercise has been begun: see \"Do it\" in README.md."
  for (i = 1; i <= bads; i++) {
    split(bad[i], f, "\t")
    print order(f[2], f[3], uses[f[7]]), f[6], f[2], f[3], f[4], f[7],
      note(f[2], f[3], uses[f[7]]) >failures
  }
  exit sum != total || !total && n
}
