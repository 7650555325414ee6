# failure.bash - what a failing test prints
#
# A failure is a block of lines on stderr, in this order:
#   ran:       the command, as it can be typed in the lab's folder; with "&" if
#              it was started beside the test and has not been waited for
#   expected:
#   got:
#   ended:     how such a program has ended
#   now:       if it has not: what each of its processes is doing
#   stderr:    a line for each line that the programs printed there
#   step N of PROGRAM: TEXT, and the man pages to see; if the test has a step
#   again:     the command that runs the test again, with the same random data
# A test prints one block: what fails after that is a consequence. Nothing in it
# is much longer than 200 characters, and the block is not longer than 7000.
# Read by: scripts/check (print_failure), and the grader (feedback in run-tests).
#
#   OUTCOME  a file to which a failing test writes one word: fail, timeout,
#            crash, leak or error. Read by: the grader (run_once in run-tests)
#
# Only a failing test may start processes in here: they take time.
#
# shellcheck shell=bash

# Of the test that runs, from its tags: "" if it has none.
read_tags() { # sets PROGRAM_UNDER_TEST and STEP_UNDER_TEST
  local tags=$BATS_FILE_TMPDIR/tags name
  # Once for all tests of the file.
  [[ -e $tags ]] || "$ROOT/scripts/lib/tags" "$BATS_TEST_FILENAME" >"$tags" || return
  while IFS=$'\t' read -r _ _ _ PROGRAM_UNDER_TEST STEP_UNDER_TEST _ _ name; do
    [[ $name != "$BATS_TEST_DESCRIPTION" ]] || break
  done <"$tags"
  PROGRAM_UNDER_TEST=${PROGRAM_UNDER_TEST#-} STEP_UNDER_TEST=${STEP_UNDER_TEST#-}
}

flunk() { # EXPECTED GOT: fail this test
  [[ ! -e $BATS_TEST_TMPDIR/failed ]] || return 1
  : >"$BATS_TEST_TMPDIR/failed"
  print_failure "$@" >&2 || : # no error in there may end the test before
  [[ ! ${OUTCOME-} ]] || outcome "$1" >"$OUTCOME"
  return 1
}

# A test may fail in a command of its own. What is true then is in its title.
flunk_if_failed() {
  [[ ! ${BATS_TEST_COMPLETED-} && ! -e $BATS_TEST_TMPDIR/failed ]] || return 0
  local got='something else'
  [[ ! ${ran-} ]] || got="$(status_in_words "$status"); stdout: $(show "$OUT")"
  flunk "$BATS_TEST_DESCRIPTION" "$got" || :
}

print_failure() { # EXPECTED GOT
  local id
  for id in "${!RAN[@]}"; do
    [[ ! ${JOB[$id]-} ]] || clip 'ran:      ' 1 "${RAN[$id]}&"
  done
  [[ ! ${ran-} ]] || clip 'ran:      ' 1 "$ran"
  clip 'expected: ' 8 "$1"
  clip 'got:      ' 8 "$2"
  for id in "${!RAN[@]}"; do
    [[ ! ${JOB[$id]-} ]] || print_state_of "$id"
  done
  print_stderr "$2"
  [[ ! $STEP_UNDER_TEST ]] ||
    about_step "$PROGRAM_UNDER_TEST" "$STEP_UNDER_TEST"
  if [[ -e $ROOT/labs/$LAB ]]; then
    echo "again:    make check TEST=$(quoted "$BATS_TEST_DESCRIPTION") SEED=$SEED"
  else
    echo "seed:     $SEED"
  fi
}

print_state_of() { # ID: how it has ended, or what it is doing
  local result=0 name text
  if is_alive "${JOB[$1]}"; then
    text=$("$LABRUN" -w "$(pid_of "$1")") || return 0
    text=${text//$'\n  '/$'\n'}
    clip 'now:      ' 12 "${text#  }"
  else
    wait "${JOB[$1]}" || result=$?
    name_of "$1"
    echo "ended:    $name: $(status_in_words "$result" "$BATS_TEST_TMPDIR/$1.err")"
    ! is_crash "$result" || status=$result
  fi
} 2>/dev/null

# But not what has been printed after "got:".
print_stderr() { # GOT
  local id file text
  for id in "$ERR" "${!JOB[@]}"; do
    file=$BATS_TEST_TMPDIR/${id##*/}
    [[ $id == "$ERR" ]] || file+=.err
    [[ -f $file && -s $file ]] || continue
    text=$(show "$file")
    [[ $1 != *"$text"* ]] || continue
    clip '' 20 "$(head -c 3000 "$file" | cat -v)" | sed 's/^/stderr:   /'
  done | head -c 4000
}

about_step() { # PROGRAM STEP: its text, and the manual pages of the program
  local file=$ROOT/labs/$LAB/$1.c text
  text=$("$ROOT/scripts/lib/check/steps" "$file" | awk -F '\t' -v step="$2" \
    '$1 == step { print ": " $3 }') || :
  fold -s -w 78 <<<"step $2 of $1$text"
  sed -n 's/^ \* See/see/p' "$file" | head -n 1
}

outcome() { # EXPECTED
  case ${status-} in
    124) echo timeout ;;
    123) echo leak ;;
    125) echo error ;; # of labrun itself
    *)
      if is_crash "${status-}"; then echo crash
      elif [[ $1 == "$NOTHING_LEFT" ]]; then echo leak
      else echo fail
      fi ;;
  esac
}

is_crash() { # STATUS: by ILL, ABRT, BUS, FPE or SEGV
  [[ $1 =~ ^(132|134|135|136|139)$ ]]
}

# Sets VARIABLE to what can be pasted, unless an argument is too long.
as_typed() { # VARIABLE COMMAND [ARG...]
  local arg path words
  program_at "$2"
  words=("$path" "${@:3}")
  words=("${words[@]/#"$PROGRAMS"\//labs/$LAB/}")
  words=("${words[@]/#"$ROOT"\//}")
  for arg in "${!words[@]}"; do
    ((${#words[arg]} <= 200)) ||
      words[arg]="${words[arg]:0:20}...(${#words[arg]} characters)"
  done
  printf -v "$1" '%q ' "${words[@]}"
  [[ ${STDOUT-} != /dev/full ]] || printf -v "$1" '%s>/dev/full' "${!1}"
}
