# run.bash - starts what a test runs, so that nothing hangs, escapes or stays
#
# labrun (tests/labrun/) limits a program and ends whatever it leaves. When the
# grader runs a test, labrun itself is started in one of two rooms (its README
# draws them): the inner room for a program under test, the outer room for
# anything else, such as the other half of a pair.
#
#   LABRUN   the path of labrun (default: build/labrun)
#   SANDBOX  the command that runs its arguments in the inner room, and
#   BESIDE   as the same user but in the outer room (default: none; then the
#            tests run programs directly, as in make check and make test)
#   PIDS     a folder that a program under test may write to
#   PROGRAMS_BY_STEP   a folder with PROGRAM.STEP/PROGRAM for each step of each
#            exercise: run a test of that step with this program, which lacks it
#
# shellcheck shell=bash

: "${LABRUN:=$ROOT/build/labrun}" "${SANDBOX=}" "${BESIDE=}"

# For the ID of each program that runs: its process, and the command as typed.
# shellcheck disable=SC2034 # RAN is read elsewhere
declare -gA JOB=() RAN=() # global, although bats loads this file in a function

prepare_to_run() {
  : "${PIDS:=$BATS_TEST_TMPDIR/pids}"
  mkdir -p "$PLACE" "$PIDS" "$BATS_TEST_TMPDIR/programs"
  [[ ! ${PROGRAMS_BY_STEP-} ]] ||
    PROGRAMS=$PROGRAMS_BY_STEP/$PROGRAM_UNDER_TEST.$STEP_UNDER_TEST
  see_one_program
}

# A test with points sees only the program that it is for, so that no other
# program can cost it points. In the grader's sandbox there is no other anyway.
see_one_program() {
  [[ $PROGRAM_UNDER_TEST && -e $PROGRAMS/$PROGRAM_UNDER_TEST && ! $SANDBOX ]] ||
    return 0
  ln -s "$PROGRAMS/$PROGRAM_UNDER_TEST" "$BATS_TEST_TMPDIR/programs"
  PROGRAMS=$BATS_TEST_TMPDIR/programs
}

# The reference is not in PEER where its program is under test and could read
# it; then the program is its own other half.
program_at() { # PATH: sets path
  path=$1
  [[ $1 != "$PEER"/* || -e $1 ]] || path=$PROGRAMS/${1##*/}
}

# Replace this shell by labrun, in the room that COMMAND belongs to. A program
# under test could stop labrun, which runs as the same user in the inner room; so
# there is another limit outside of it.
start_labrun() { # -t SECONDS [OPTION...] -- COMMAND [ARG...]
  local options=() enter=() path limit=$2
  while [[ $1 != -- ]]; do options+=("$1"); shift; done
  [[ ! ${PROCESSES-} ]] || options+=(-p "$PROCESSES")
  program_at "$2"
  set -- "$path" "${@:3}"
  if [[ $SANDBOX && "$*" == *"$PROGRAMS"/* ]]; then
    enter=("$SANDBOX")
    export INSIDE_LIMIT=$((limit + 5))
    options+=(-s)
  elif [[ $BESIDE && "$*" != *"$PROGRAMS"/* ]]; then
    enter=("$BESIDE")
  fi
  exec "${enter[@]}" "$LABRUN" "${options[@]}" "$@"
}

end_jobs() {
  local id running
  flunk_if_failed # while they can still be looked at
  ((${#JOB[@]})) || return 0
  # A pid that is not a job's any more may be somebody else's by now.
  running=" $(jobs -pr | tr '\n' ' ')"
  for id in "${!JOB[@]}"; do
    [[ $running != *" ${JOB[$id]} "* ]] || kill "${JOB[$id]}" 2>/dev/null || :
    wait "${JOB[$id]}" 2>/dev/null || : # bash would print that it was killed
  done
}

NOTHING_LEFT='nothing is left behind'

nothing_is_left() {
  local found left
  # The shell looks first: that costs no process.
  shopt -s nullglob dotglob
  found=("$PLACE"/* /dev/shm/*"${OBJECT#/}"*)
  shopt -u nullglob dotglob
  ((${#found[@]})) || return 0
  # Other tests remove their objects meanwhile; that is no error.
  left=$(find "${found[@]}" -ignore_readdir_race -printf '%M %p\n' -delete 2>/dev/null) || :
  # A test that is skipped half-way has not removed anything yet.
  [[ -z $left || ${BATS_TEST_SKIPPED-} ]] || flunk "$NOTHING_LEFT" "$left"
}

# By the user that the program runs as: root itself may not do it everywhere.
limit_descriptors() { # PID SOFT:HARD
  ${BESIDE:+"$BESIDE"} prlimit --pid "$1" --nofile="$2"
}
