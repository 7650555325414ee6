#!/usr/bin/env bats
# Every step of every exercise of the lab LAB counts: a program without it fails
# a test of that step. (It cannot fail a test of another program:
# see_one_program in tests/helper/run.bash.)

bats_require_minimum_version 1.5.0

setup() {
  [[ -n ${LAB-} ]] || skip 'run by scripts/test, once for each lab'
  ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  export ROOT LAB WORK=$BATS_TEST_TMPDIR
  # The other half is always the reference. Most of this must fail: do not wait
  # long for it.
  export PEER=$ROOT/labs/$LAB LIMIT=2
  export -f build_without
  cd "$ROOT" || return
}

exercises() { scripts/lib/tags --exercises "$LAB"; }

steps() { # prints lines "EXERCISE STEP"
  local name
  for name in $(exercises); do
    scripts/lib/check/steps "labs/$LAB/$name.c" | cut -f 1 | sed "s/^/$name /"
  done
}

build_without() { # DIR EXERCISE [STEP]: without that step, or without all
  local cc
  read -ra cc <build/flags
  mkdir -p "$1"
  scripts/lib/handout/cut ${3:+-s "$3"} "labs/$LAB/$2.c" >"$1/$2.c"
  "${cc[@]}" -O0 -w -Icommon "-Ilabs/$LAB" -o "$1/$2" "$1/$2.c" build/common.a ||
    { echo "$2 does not compile without step $3"; return 1; }
}

# All tests with points, in one run, since each start of bats costs a second.
run_tests() { # writes the TAP to $WORK/tap
  local name tags=()
  for name in $(exercises); do tags+=(--filter-tags "$name"); done
  scripts/bats --tap "${tags[@]}" "tests/$LAB.bats" >"$WORK/tap" 2>&1 || :
}

# Of the steps on stdin, those without a test that has failed.
without_failure() {
  awk -F '\t' '
    FILENAME == "-" { split($0, step, " "); if (!failed[step[1], step[2]]) print; next }
    /^not ok /  { sub(/^not ok [0-9]+ /, ""); has_failed[$0] }
    NF == 8 && $8 in has_failed { failed[$4, $5] = 1 }
  ' "$WORK/tap" <(scripts/lib/tags "$LAB") -
}

@test "every step counts: without it, a test of that step fails" {
  steps | sed "s|\(.*\) \(.*\)|$WORK/\1.\2 \1 \2|" |
    xargs -P "$(nproc)" -L 1 bash -c 'build_without "$@"' _
  PROGRAMS_BY_STEP=$WORK run_tests
  steps | without_failure >"$WORK/found"
  if grep . "$WORK/found"; then cat "$WORK/tap"; return 1; fi
}

@test "a starter compiles and earns nothing" {
  exercises | sed "s|^|$WORK/starters |" |
    xargs -P "$(nproc)" -L 1 bash -c 'build_without "$@"' _
  PROGRAMS=$WORK/starters run_tests
  if grep '^ok ' "$WORK/tap" | grep -v '# skip'; then return 1; fi
  grep -q '^not ok ' "$WORK/tap"
}
