#!/usr/bin/env bats
# Every step of every exercise of the lab LAB counts: a solution without it
# fails a test that carries its number. (It cannot fail a test of another
# program: see_one_program in helper.bash.)

bats_require_minimum_version 1.5.0

setup() {
  [[ -n ${LAB-} ]] || skip 'run by scripts/test, once for each lab'
  ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  export ROOT LAB WORK=$BATS_TEST_TMPDIR
  # The peer is always ours; a short limit, since most of this must fail.
  export PEER=$ROOT/labs/$LAB LIMIT=2
  export -f build_without run_tests no_test_passes exercises \
    check_step check_starter check_idle
  cd "$ROOT" || return
}

exercises() { # the lab's programs that have steps
  grep -l '/\* STEP ' "labs/$LAB"/*.c | xargs basename -a -s .c
}

steps() { # "EXERCISE STEP" a line
  local name
  for name in $(exercises); do
    grep -oE '/\* STEP [0-9]+' "labs/$LAB/$name.c" | sed "s/.*STEP/$name/"
  done
}

# Into DIR, as the lab's own folder but for this program.
build_without() { # DIR EXERCISE [STEP]: without one step, or without any
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
  build_without "$dir" "$1" "$2" || { echo "$1, step $2: no build"; return 1; }
  tap=$(run_tests "$dir" "$1,step:$2")
  grep -q '^not ok ' <<<"$tap" && return
  echo "$1 without step $2 fails no test with step:$2"
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

side_by_side() { # FUNCTION: its arguments are on stdin, a call a line
  xargs -P "$(($(nproc) * 3))" -L 1 bash -c "$1"' "$@"' _
}

@test "every step counts: without it a test of that step fails" {
  steps | side_by_side check_step
}

@test "a starter compiles and earns nothing" {
  exercises | side_by_side check_starter
}

@test "a program that does nothing earns nothing" {
  exercises | side_by_side check_idle
}
