#!/usr/bin/env bats
# The rules of the house, for the lab LAB.

bats_require_minimum_version 1.5.0

setup() {
  [[ -n ${LAB-} ]] || skip 'run by scripts/test, once for each lab'
  cd "$BATS_TEST_DIRNAME/../.." || return
}

programs() { basename -a -s .c "labs/$LAB"/*.c; }

exercises() {
  grep -l '/\* STEP ' "labs/$LAB"/*.c | xargs -r basename -a -s .c
}

# "NAME: what is wrong" on each line, or nothing.
is_empty() {
  local found
  found=$(cat)
  [[ -z $found ]] || { echo "$found"; return 1; }
}

@test "one name joins three rooms: labs, tests, slides" {
  [[ -f labs/$LAB/README.md && -f tests/$LAB.bats && -f slides/$LAB.md ]]
  [[ $(<"labs/$LAB/Makefile") == 'include ../../common/lab.mk' ]]
  [[ " $(make -s print-labs) " == *" $LAB "* ]]
}

@test "-h and --help print the usage line, and the handout has it" {
  local name line
  for name in $(programs); do
    line=$("labs/$LAB/$name" --help)
    [[ $line == "usage: $name"* ]] || echo "$name: --help prints: $line"
    [[ $("labs/$LAB/$name" -h) == "$line" ]] || echo "$name: -h is not --help"
    grep -qF "\`${line#usage: }\`" "labs/$LAB/README.md" ||
      echo "$name: not in the handout: \`${line#usage: }\`"
  done | is_empty
}

@test "the table of labs in the README names every program and exercise" {
  local name
  for name in $(programs); do
    if [[ " $(exercises | tr '\n' ' ')" == *" $name "* ]]; then name+=' ★'; fi
    printf '%s, ' "$name"
  done | sed 's/, $/\n/; s/, /\n/g' | sort |
    diff - <(grep -F "](labs/$LAB/README.md)" README.md | cut -d '|' -f 4 |
      sed 's/^ *//; s/ *$//; s/, /\n/g' | sort)
}

@test "a program fits a lecture: 120 lines of 80 columns, and its man pages" {
  local file
  for file in "labs/$LAB"/*.c; do
    (($(wc -l <"$file") <= 120)) || echo "$file: $(wc -l <"$file") lines"
    ! grep -nE '^.{81}' "$file" || echo "$file: over 80 columns"
    ! grep -nP '\t' "$file" || echo "$file: has tabs"
    grep -q '^ \* See .*([2378])' "$file" || echo "$file: names no man page"
  done | is_empty
}

@test "steps are numbered from 1, and each has a comment and code" {
  local name file
  for name in $(exercises); do
    file=labs/$LAB/$name.c
    diff <(grep -oP '/\* STEP \K[0-9]+' "$file" | sort -n) \
      <(seq "$(grep -c '/\* STEP ' "$file")") ||
      echo "$name: steps are not numbered from 1"
    awk -v name="$name" '
      /\/\* STEP / { step = $3; on = 1 }
      on && !/\*\/ *$/ { next }
      on { on = 0; getline
           if ($0 ~ /^ *$/) print name ": step " step " has no code" }
    ' "$file"
  done | is_empty
}

@test "a test that carries points has one exercise and one step" {
  awk -v exercises="$(exercises | tr '\n' ' ')" '
    /^# bats test_tags=/ {
      sub(/.*=/, ""); n = split($0, tag, ","); programs = steps = 0
      for (i = 1; i <= n; i++) {
        if (tag[i] ~ /^step:[0-9]+$/) steps++
        else if (tag[i] ~ /^points:[0-9]+$/) continue
        else if (index(" " exercises, " " tag[i] " ")) programs++
        else print "line " NR ": what is " tag[i] "?"
      }
      if (programs != 1 || steps != 1)
        print "line " NR ": " programs " exercises, " steps " steps"
    }' "tests/$LAB.bats" | is_empty
}

@test "the handout says truly how many steps and points each exercise has" {
  local name points
  for name in $(exercises); do
    points=$(grep -E "^# bats test_tags=$name," "tests/$LAB.bats" |
      awk '{ p = 1 } match($0, /points:[0-9]+/) {
        p = substr($0, RSTART + 7, RLENGTH - 7) } { sum += p } END { print sum }')
    grep -qE "^\| $name +\| +$(grep -c '/\* STEP ' "labs/$LAB/$name.c") \| +$points \|" \
      "labs/$LAB/README.md" ||
      echo "$name: $(grep -c '/\* STEP ' "labs/$LAB/$name.c") steps, $points points"
  done | is_empty
}
