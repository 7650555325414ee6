# grades.awk - a class: rows for grades.csv, and a summary
#
# Reads names, one on each line. FOLDER/NAME.json is a grade, as json.awk prints
# it; if there is none, FOLDER/NAME.failed has the reason. The summary goes to
# stdout, and the rows to the file ROWS. Fields are separated by commas:
#   SCORE, MAX; the points for each program; the number of tests with each
#   OUTCOME; REASON, if there is no grade
# The first row has the names of the columns. Each row begins with a comma: the
# first column is the submission, which scripts/grade-all (write_grades) adds.

BEGIN {
  split("pass fail timeout crash leak race skipped error", OUTCOME, " ")
  SHOWN = 10 # of the hardest steps
}

# The members of the object on this line into VALUE.
function read_object(line,   part, n, i) {
  split("", VALUE)
  gsub(/\\\\|\\"/, "", line) # now a quote begins or ends a string
  n = split(line, part, "\"")
  for (i = 2; i < n; i += 2)
    if (part[i + 1] == ":") {
      VALUE[part[i]] = part[i + 2]
      i += 2
    } else {
      VALUE[part[i]] = part[i + 1]
      gsub(/[:,}]/, "", VALUE[part[i]])
    }
}

function add_test(who,   step) {
  got[who, VALUE["program"]] += VALUE["points"]
  times[who, VALUE["outcome"]]++
  if (!(VALUE["program"] in seen)) {
    seen[VALUE["program"]]
    program[++programs] = VALUE["program"]
  }
  step = VALUE["program"]
  step = step (VALUE["step"] == "null" ? "" : ", step " VALUE["step"])
  if (!(step in step_max)) all_steps[++steps] = step
  step_got[step] += VALUE["points"]
  step_max[step] += VALUE["max"]
}

function read_grade(who, file,   line) {
  while ((getline line < file) > 0) {
    if (line !~ /^\{"/) continue
    read_object(line)
    if ("score" in VALUE) { score[who] = VALUE["score"] + 0; full[who] = VALUE["max"] + 0 }
    else if ("outcome" in VALUE) add_test(who)
  }
  close(file)
}

{
  name[++class] = $0
  read_grade(class, ENVIRON["FOLDER"] "/" $0 ".json")
  if (class in score) {
    graded++
    having[score[class]]++
    if (full[class] > highest_max) highest_max = full[class]
  } else {
    file = ENVIRON["FOLDER"] "/" $0 ".failed"
    if ((getline reason[class] < file) <= 0) reason[class] = "was not graded"
    close(file)
  }
}

# As cell in ../table.bash: what begins so would be a formula.
function quoted(text) {
  gsub(/"/, "\"\"", text)
  return "\"" (text ~ /^[=+@-]/ ? "\047" : "") text "\""
}

function print_rows(   i, k, row) {
  row = ",score,max"
  for (k = 1; k <= programs; k++) row = row "," program[k]
  for (k = 1; k in OUTCOME; k++) row = row "," OUTCOME[k]
  print row ",reason" > ENVIRON["ROWS"]
  for (i = 1; i <= class; i++) {
    row = "," score[i] "," full[i]
    for (k = 1; k <= programs; k++) row = row "," got[i, program[k]]
    for (k = 1; k in OUTCOME; k++)
      row = row "," (full[i] == "" ? "" : times[i, OUTCOME[k]] + 0)
    print row "," (reason[i] == "" ? "" : quoted(reason[i])) > ENVIRON["ROWS"]
  }
}

function print_scores(   s, below, lowest, median, highest) {
  for (s = 0; s <= highest_max; s++) {
    if (!having[s]) continue
    if (!below) lowest = s
    if (below < (graded + 1) / 2) median = s
    below += having[s]
    highest = s
  }
  printf "points: lowest %d, median %d, highest %d of %d\n", lowest, median,
    highest, highest_max
}

function print_hardest(   k, i, step, share) {
  print "\nhardest steps, by the share of their points that the class got:"
  for (k = 1; k <= SHOWN; k++) {
    step = ""
    for (i = 1; i <= steps; i++)
      if (!(all_steps[i] in printed) && step_max[all_steps[i]] > 0) {
        share = step_got[all_steps[i]] / step_max[all_steps[i]]
        if (step == "" || share < least) { step = all_steps[i]; least = share }
      }
    if (step == "" || least == 1) break
    printed[step]
    printf "  %3d %%  %s\n", 100 * least, step
  }
  if (k == 1) print "  none: all points were got"
}

END {
  print_rows()
  printf "%d submissions: %d graded, %d not\n", class, graded, class - graded
  if (graded) { print_scores(); print_hardest() }
  if (graded == class) exit 0
  print "\nnot graded, to be tried again at the next run:"
  for (i = 1; i <= class; i++)
    if (reason[i] != "") print "  " name[i] ": " reason[i]
}
