#!/usr/bin/env bats
# Every step of every exercise of the lab LAB counts: a solution without it
# fails a test of that step. (It cannot fail a test of another program:
# see_one_program in tests/helper/run.bash.)

bats_require_minimum_version 1.5.0

setup() {
  [[ -n ${LAB-} ]] || skip 'run by scripts/test, once for each lab'
  ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  export ROOT LAB WORK=$BATS_TEST_TMPDIR
  # The other half is always the reference. Most of this must fail: do not wait
  # long for it.
  export PEER=$ROOT/labs/$LAB LIMIT=2
  export -f build_without run_tests no_test_passes \
    check_step check_starter check_idle
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
  "${cc[@]}" -w -Icommon "-Ilabs/$LAB" -o "$1/$2" "$1/$2.c" build/common.a
}

run_tests() { # DIR TAGS...: prints TAP
  local tags
  PROGRAMS=$1
  export PROGRAMS
  shift
  for tags; do set -- "$@" --filter-tags "$tags"; shift; done
  scripts/bats --tap "$@" "tests/$LAB.bats" 2>&1 || :
}

check_step() { # EXERCISE STEP
  local dir=$WORK/$1.$2 tap
  build_without "$dir" "$1" "$2" || { echo "$1 does not compile without step $2"; return 1; }
  tap=$(run_tests "$dir" "$1,step:$2")
  grep -q '^not ok ' <<<"$tap" && return
  echo "$1 without step $2 passes all tests of that step"
  echo "$tap"
  return 1
}

no_test_passes() { # EXERCISE DIR
  local tap
  tap=$(run_tests "$2" "$1")
  ! grep '^ok ' <<<"$tap" | grep -v '# skip' || return 1
  grep -q '^not ok ' <<<"$tap"
}

check_starter() { # EXERCISE
  build_without "$WORK/$1" "$1" && no_test_passes "$1" "$WORK/$1"
}

check_idle() { # EXERCISE
  mkdir -p "$WORK/$1"
  cp /bin/true "$WORK/$1/$1"
  no_test_passes "$1" "$WORK/$1"
}

side_by_side() { # FUNCTION: each line of stdin has the arguments of a call
  xargs -P "$(($(nproc) * 3))" -L 1 bash -c "$1"' "$@"' _
}

@test "every step counts: without it, a test of that step fails" {
  steps | side_by_side check_step
}

@test "a starter compiles and earns nothing" {
  exercises | side_by_side check_starter
}

@test "a program that does nothing earns nothing" {
  exercises | side_by_side check_idle
}
