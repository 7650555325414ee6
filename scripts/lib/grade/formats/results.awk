# results.awk - reads the grader's results (described in ../report), for one of the
# formats to print, into these variables:
#
#   lab submission sandbox seed      of the summary
#   program[i] build[i] messages[i]  for i from 1 to programs
#   number[i] owner[i] step[i] points[i] max[i] outcome[i] is_hidden[i] name[i]
#     feedback[i]                    for i from 1 to tests; owner is its program
#   score full                       the sums of points and max
#   date                             when the last test ended, in UTC
#
# The folder and the date are in the environment: -v would interpret backslashes.

function fail(message) {
  print "report: " message | "cat >&2"
  close("cat >&2")
  exit 3
}

# Some bytes are not allowed in any format.
function clean(line) { gsub(/[^ -~\t]/, "?", line); return line }

function text_of(file,   line, text, lines) {
  while ((getline line < file) > 0)
    text = text (lines++ ? "\n" : "") clean(line)
  close(file)
  return text
}

# Split a line of N fields into FIELD; the last may contain anything but a tab.
function split_line(line, n, file) {
  if (split(clean(line), FIELD, "\t") != n)
    fail(file ": not " n " fields: " clean(line))
}

function read_summary(file,   line, i, value) {
  while ((getline line < file) > 0) {
    i = index(line, " ")
    value[substr(line, 1, i - 1)] = clean(substr(line, i + 1))
  }
  close(file)
  lab = value["lab"]; submission = value["submission"]
  sandbox = value["sandbox"]; seed = value["seed"]
  if (lab == "" || submission == "") fail(file ": no lab or no submission")
}

function read_programs(file,   line) {
  while ((getline line < file) > 0) {
    split_line(line, 2, file)
    if (FIELD[2] !~ /^(ok|failed|missing)$/) fail(file ": " line)
    program[++programs] = FIELD[1]
    build[programs] = FIELD[2]
    messages[programs] = text_of(dir "/messages/" FIELD[1])
    PROGRAM[FIELD[1]] = programs
  }
  close(file)
}

function read_tests(file,   line, i) {
  while ((getline line < file) > 0) {
    split_line(line, 8, file)
    # A wrong sum must not become a grade.
    if (FIELD[4] !~ /^[0-9]+$/ || FIELD[5] !~ /^[0-9]+$/ ||
        FIELD[4] + 0 > FIELD[5] + 0 || FIELD[7] !~ /^(hidden|shown)$/ ||
        FIELD[6] !~ /^(pass|fail|timeout|crash|leak|race|skipped|error)$/)
      fail(file ": " clean(line))
    i = ++tests
    number[i] = FIELD[1]; owner[i] = FIELD[2]; step[i] = FIELD[3]
    points[i] = FIELD[4] + 0; max[i] = FIELD[5] + 0; outcome[i] = FIELD[6]
    is_hidden[i] = FIELD[7] == "hidden"; name[i] = FIELD[8]
    feedback[i] = text_of(dir "/feedback/" FIELD[1])
    score += points[i]
    full += max[i]
  }
  close(file)
  if (!tests) fail(file ": no tests")
}

BEGIN {
  dir = ENVIRON["RESULTS"]
  date = ENVIRON["DATE"]
  score = full = programs = tests = 0
  read_summary(dir "/summary")
  read_programs(dir "/programs")
  read_tests(dir "/tests")
}

### Words that several formats use

# Why there is no program i to test, or "" if there is one. An unchanged starter
# counts as not started.
function build_problem(i) {
  if (messages[i] == "not started") return "not started"
  if (build[i] == "ok") return ""
  return build[i] == "failed" ? "does not compile" : "missing"
}

function is_built(name) {
  return !(name in PROGRAM) || build_problem(PROGRAM[name]) == ""
}

function where(i) {
  return owner[i] (step[i] == "-" ? "" : ", step " step[i])
}

function of_points(i) { return points[i] " of " max[i] " points" }

# The feedback that a student may see: none for a hidden test.
function shown_feedback(i) { return is_hidden[i] ? "" : feedback[i] }

### JSON

function quote(text) {
  gsub(/\\/, "&&", text)
  gsub(/"/, "\\\\&", text)
  gsub(/\t/, "\\t", text)
  gsub(/\n/, "\\n", text)
  return "\"" text "\""
}

# A number is written as such if every reader of JSON can represent it.
function number_or_string(text) {
  return text ~ /^(0|[1-9][0-9]*)$/ && length(text) < 16 ? text : quote(text)
}

function comma(i, n) { return i < n ? "," : "" }
