# failure.bash - what a failing test prints
#
# A failure is a block of lines on stderr, in this order:
#   ran:       the command, as it can be typed in the lab's folder
#   expected:
#   got:
#   stderr:    a line for each line that the programs printed there
#   step N of PROGRAM: TEXT, and the man pages to see; if the test has a step
#   seed:      run the test again with SEED set to this
# Read by: scripts/check (print_failure), and the grader (feedback in run-tests).
#
#   OUTCOME  a file to which a failing test writes one word: fail, timeout,
#            crash, leak or error. Read by: the grader (run_once in run-tests)
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
  local id
  {
    printf 'ran:      %s\n' "${ran:-${RAN[@]}}"
    echo "expected: $1"
    echo "got:      $2"
    for id in "$ERR" "${!JOB[@]}"; do show_errors_of "$id"; done
    [[ ! $STEP_UNDER_TEST ]] ||
      about_step "$PROGRAM_UNDER_TEST" "$STEP_UNDER_TEST"
    echo "seed:     $SEED"
  } >&2
  [[ ! ${OUTCOME-} ]] || outcome "$1" >"$OUTCOME"
  return 1
}

outcome() { # EXPECTED
  case ${status-} in
    124) echo timeout ;;
    123) echo leak ;;
    132 | 134 | 135 | 136 | 139) echo crash ;; # ILL, ABRT, BUS, FPE, SEGV
    125) echo error ;; # of labrun itself
    *) if [[ $1 == "$NOTHING_LEFT" ]]; then echo leak; else echo fail; fi ;;
  esac
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

in_words() { # COMMAND [ARG...]: what wait_until waited for
  local calls=${3-}
  case $1 in
    has_line) echo "soon, a line of output with: $3" ;;
    has_taken) echo "soon, $2 bytes of output" ;;
    has_children) echo "soon, child processes of $2: $3" ;;
    waits_in) echo "soon, process $2 waits in ${calls//|/ or }()" ;;
    *) echo "soon: $*" ;;
  esac
}

show() { # FILE: its beginning, readable
  head -c 1000 "$1" | cat -v
  (($(stat -c %s "$1") <= 1000)) || echo "... ($(stat -c %s "$1") bytes)"
}

show_errors_of() { # ID of a program that runs, or $ERR
  local file=$BATS_TEST_TMPDIR/${1##*/}
  [[ $1 == "$ERR" ]] || file+=.err
  [[ ! -s $file ]] || head -c 4000 "$file" | head -n 20 | sed 's/^/stderr:   /'
}

about_step() { # PROGRAM STEP: its text, and the manual pages of the program
  local file=$ROOT/labs/$LAB/$1.c text
  text=$("$ROOT/scripts/lib/check/steps" "$file" | awk -F '\t' -v step="$2" \
    '$1 == step { print ": " $3 }') || :
  echo "step $2 of $1$text"
  sed -n 's/^ \* See/see/p' "$file" | head -n 1
}
