#!/usr/bin/env bats
# The rules of the house, for the lab LAB.

bats_require_minimum_version 1.5.0

setup() {
  [[ -n ${LAB-} ]] || skip 'run by scripts/test, once for each lab'
  cd "$BATS_TEST_DIRNAME/../.." || return
  handout=labs/$LAB/README.md answers=labs/$LAB/answers.md
}

programs() { basename -a -s .c "labs/$LAB"/*.c; }

exercises() { scripts/lib/tags --exercises "$LAB"; }

steps() { scripts/lib/check/steps "labs/$LAB/$1.c"; } # EXERCISE

points() { # EXERCISE
  scripts/lib/tags "$LAB" | awk -F '\t' -v name="$1" \
    '$4 == name { sum += $6 } END { print sum }'
}

section() { # FILE HEADING: without the code blocks
  awk -v heading="## $2" '/^ *```/ { in_code = !in_code; next }
    in_code { next } /^## / { on = $0 == heading; next } on' "$1"
}

# The rows of the table in a section, without its two lines of head; the cells
# are separated by tabs.
rows() { # FILE HEADING
  section "$1" "$2" | sed -n 's/^| *//; T; s/ *|$//; s/\\|/\x1/g; s/ *| */\t/g
    s/\x1/|/g; p' | tail -n +3
}

exercise_rows() { # FILE HEADING: only those whose first cell is an exercise
  rows "$1" "$2" | awk -F '\t' -v exercises=" $(exercises | tr '\n' ' ')" '
    { gsub(/`/, "") } index(exercises, " " $1 " ")'
}

# Each line of the input is a complaint; there must be none.
is_empty() {
  local found
  found=$(cat)
  [[ -z $found ]] || { echo "$found"; return 1; }
}

@test "one name joins the rooms of a lab: program, handout, answers, tests, slides" {
  local file
  for file in "$handout" "$answers" "tests/$LAB.bats" "slides/$LAB.md"; do
    [[ -f $file ]] || echo "no $file"
  done | is_empty
  [[ $(<"labs/$LAB/Makefile") == 'include ../../common/lab.mk' ]]
  [[ " $(make -s print-labs) " == *" $LAB "* ]]
}

### Programs

@test "-h and --help print the usage line, and the handout has it" {
  local name line
  for name in $(programs); do
    line=$("labs/$LAB/$name" --help)
    [[ $line == "usage: $name"* ]] || echo "$name: --help prints: $line"
    [[ $("labs/$LAB/$name" -h) == "$line" ]] || echo "$name: -h is not --help"
    grep -qF "\`${line#usage: }\`" "$handout" ||
      echo "$name: not in the handout: \`${line#usage: }\`"
  done | is_empty
}

@test "a program fits on a projector: 100 lines of 80 columns; it names man pages" {
  local file most
  for file in "labs/$LAB"/*.[ch]; do
    most=$([[ $file == *.h ]] && echo 80 || echo 100)
    (($(wc -l <"$file") <= most)) || echo "$file: more than $most lines"
    ! grep -nE '^.{81}' "$file" || echo "$file: over 80 columns"
    ! grep -nP '\t' "$file" || echo "$file: has tabs"
    [[ $file == *.h ]] || grep -q '^ \* See .*([2378])' "$file" ||
      echo "$file: names no man page"
  done | is_empty
}

@test "steps are numbered in the order of the file, and each has text and code" {
  local name
  for name in $(exercises); do
    steps "$name" | awk -F '\t' -v name="$name" '
      $1 != NR { print name ": step " $1 " is number " NR " in the file" }
      $2 != "code" { print name ": step " $1 " has no code" }
      $3 == "" { print name ": step " $1 " has no text" }'
  done | is_empty
}

# With a single step left out, it is built in steps.bats.
@test "an exercise compiles at every stage, done in order" {
  local name all i
  for name in $(exercises); do
    mapfile -t all < <(steps "$name" | cut -f 1)
    for i in "${!all[@]}"; do
      compiles "$name" "${all[@]:i}" || echo "$name: not from step ${all[i]} on"
    done
  done | is_empty
}

compiles() { # EXERCISE STEP...: without these steps
  # shellcheck disable=SC2046
  scripts/lib/handout/cut $(printf -- '-s %s ' "${@:2}") "labs/$LAB/$1.c" \
    >"$BATS_TEST_TMPDIR/$1.c"
  "${CC:-cc}" -std=c17 -fsyntax-only -w -Icommon "-Ilabs/$LAB" "$BATS_TEST_TMPDIR/$1.c"
}

### Tests

@test "a test with points has one exercise, and a step that this exercise has" {
  local first program step points name
  local -A has=()
  for name in $(exercises); do
    has[$name]=" $(steps "$name" | cut -f 1 | tr '\n' ' ')"
  done
  while IFS=$'\t' read -r _ first _ program step points _ name; do
    [[ $points == 0 || $points =~ ^[1-9][0-9]*$ && ${has[$program]-} == *" $step "* ]] ||
      echo "line $first: $program, step $step, $points points"
    [[ $name != *[\`\$]* ]] || echo "line $first: ${name@Q} is not plain text"
  done < <(scripts/lib/tags "$LAB") | is_empty
}

@test "the programs with steps are those that have points" {
  diff <(grep -l '/\* STEP ' "labs/$LAB"/*.c | xargs basename -a -s .c | sort) \
    <(exercises | sort)
}

### Documents

@test "the table of labs in the README names every program and exercise" {
  local name
  for name in $(programs); do
    if [[ " $(exercises | tr '\n' ' ')" == *" $name "* ]]; then name+=' ★'; fi
    printf '%s, ' "$name"
  done | sed 's/, $/\n/; s/, /\n/g' | sort |
    diff - <(grep -F "](labs/$LAB/README.md)" README.md | cut -d '|' -f 4 |
      sed 's/^ *//; s/ *$//; s/, /\n/g' | sort)
}

@test "the table of labs in labs/README.md names every exercise" {
  diff <(exercises | sort) <(rows labs/README.md 'The labs' |
    awk -F '\t' -v lab="[$LAB]($LAB/README.md)" '$1 == lab { print $3 }' |
    sed 's/, */\n/g' | sort)
}

@test "a handout has its sections, in their order" {
  diff <(grep '^## ' "$handout") - <<'END'
## What you will be able to do
## The idea
## The programs
## Try it
## Do it
## Think
## It hangs, now what?
## Further reading
END
}

@test "the handout has the right steps and points for each exercise, and minutes" {
  local name
  for name in $(exercises); do
    printf '%s\t' "$name" "$(steps "$name" | wc -l)"
    points "$name"
  done | sort | diff - <(exercise_rows "$handout" 'Do it' | cut -f 1-3 | sort)
  [[ -z $(exercise_rows "$handout" 'Do it' | awk -F '\t' '$4 !~ /[0-9]/') ]]
}

### Answers

@test "every question of the handout is answered" {
  local numbers
  numbers=$(section "$handout" Think | grep -oE '^[0-9]+\.')
  diff <(echo "$numbers") <(section "$answers" Think | grep -oE '^[0-9]+\.')
}

@test "every usual mistake is revealed by a test, which is named" {
  [[ -n $(rows "$answers" Mistakes) ]]
  rows "$answers" Mistakes | awk -F '\t' '
    $NF !~ /`/ { print "no test for: " $1 }' | is_empty
  # The last cell may have several, each in backquotes.
  rows "$answers" Mistakes | awk -F '\t' '{ print $NF }' | grep -oE '`[^`]+`' |
    tr -d '`' | grep -vxF -f <(scripts/lib/tags "$LAB" | cut -f 8) |
    sed 's/^/no such test: /' | is_empty
}

@test "the minutes for each exercise are those of the handout" {
  diff <(exercise_rows "$handout" 'Do it' | cut -f 1,4) \
    <(exercise_rows "$answers" Minutes | cut -f 1,2)
}
