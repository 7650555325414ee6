# helper.bash - what the tests of a lab use; read this file first
#
# A test knows a program only by its command line:
#
#   # bats test_tags=writer,step:2,points:3
#   @test "writer: a path that does not exist is an error" {
#     run_program writer "$PLACE/nothing"
#     fails_with open ENOENT
#   }
#
# A test with a step and no tag for points is worth 1 point.
#
# The functions that these are made of are in tests/helper/:
#   run.bash        starts each program by labrun, and in the grader's sandbox
#   processes.bash  what can be seen of a process; which pid is which
#   failure.bash    what a failing test prints
#   words.bash      the words for it
#
# Variables that a test reads:
#   PROGRAMS  the folder with the programs under test (default: the lab's own)
#   PEER      the folder with the other half of a pair (default: PROGRAMS)
#   PLACE     an empty folder, for objects with a name in the file system
#   OBJECT    a name for a POSIX IPC object
#   OUT, ERR  files: what the program printed to stdout and stderr
#   status    its exit status
# Nothing may be left in PLACE, or under the name OBJECT, when a test ends.
#
# Variables in the environment, for whoever runs the tests:
#   LIMIT      seconds until a program, or a wait for one, has failed (default: 20;
#              scripts/check sets 5, and run-tests of the grader 10)
#   PROCESSES  the number of processes that a program may have (default: 64)
#   SEED       the seed of all random data
#   LABRUN, SANDBOX, BESIDE   see tests/helper/run.bash
#   OUTCOME    see tests/helper/failure.bash
#
# shellcheck shell=bash source-path=SCRIPTDIR/..
# shellcheck disable=SC2034 # of what is for tests only
bats_require_minimum_version 1.5.0
export LC_ALL=C # the output of tools is parsed

ROOT=${BATS_TEST_FILENAME%/tests/*}
: "${LAB:=${BATS_TEST_FILENAME##*/}}"
LAB=${LAB%%.*} # a teacher's own file may be called pipe.mine.bats
: "${PROGRAMS:=$ROOT/labs/$LAB}" "${PEER:=$PROGRAMS}"
: "${LIMIT:=20}" "${SEED:=$RANDOM$RANDOM}"

# shellcheck source=tests/helper/run.bash
source "$ROOT/tests/helper/run.bash"
# shellcheck source=tests/helper/processes.bash
source "$ROOT/tests/helper/processes.bash"
# shellcheck source=tests/helper/failure.bash
source "$ROOT/tests/helper/failure.bash"
# shellcheck source=tests/helper/words.bash
source "$ROOT/tests/helper/words.bash"

setup() { prepare; }

prepare() {
  # Of what runs, bats records every command, in functions too, which takes most
  # of the time of a test. The commands of the test itself are enough.
  set +T
  declare -ft "$BATS_TEST_NAME"
  : "${PLACE:=$BATS_TEST_TMPDIR/place}"
  OBJECT=/ipc-${BATS_RUN_TMPDIR##*-}-$BATS_TEST_NUMBER
  OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
  NOTHING=$BATS_FILE_TMPDIR/nothing # to read from with a timeout
  [[ -p $NOTHING ]] || mkfifo "$NOTHING"
  RANDOM=$SEED
  read_tags
  prepare_to_run
}

teardown() {
  end_jobs
  nothing_is_left
}

### Running a program to its end: sets status, OUT and ERR

run_program() { # NAME [ARG...]
  run_command "$PROGRAMS/$1" "${@:2}"
}

run_command() { # COMMAND [ARG...], such as "$PEER/reader" "$PLACE/fifo"
  status=0
  (start_labrun -t "$LIMIT" -- "$@") \
    >"${STDOUT:-$OUT}" 2>"$ERR" 3>&- || status=$?
  as_typed ran "$@"
}

# The program may have at most N open descriptors.
run_with_descriptors() { # N NAME [ARG...]
  # shellcheck disable=SC2016
  run_command sh -c 'ulimit -n "$1" && shift && exec "$@"' sh "$1" \
    "$PROGRAMS/$2" "${@:3}"
}

### Running programs beside the test, each with an ID that the test chooses

start() { # ID NAME [ARG...]
  start_command "$1" "$PROGRAMS/$2" "${@:3}"
}

start_peer() { # ID NAME [ARG...]: the other half, which is not under test
  start_command "$1" "$PEER/$2" "${@:3}"
}

start_command() { # ID COMMAND [ARG...]
  local files=$BATS_TEST_TMPDIR/$1
  forget_pids "$1"
  start_labrun -t "$((LIMIT * 2))" -i "$PIDS/$1" -- "${@:2}" <&0 \
    >"${STDOUT:-$files.out}" 2>"$files.err" 3>&- &
  JOB[$1]=$!
  as_typed "RAN[$1]" "${@:2}"
  ran=
  find_pids "$1"
}

# Wait until it has ended; then status, OUT and ERR are as after run_program.
end_of() { # ID
  status=0
  wait "${JOB[$1]}" || status=$?
  unset "JOB[$1]"
  ran=${RAN[$1]}
  [[ ! -e $BATS_TEST_TMPDIR/$1.out ]] || cp "$BATS_TEST_TMPDIR/$1.out" "$OUT"
  cp "$BATS_TEST_TMPDIR/$1.err" "$ERR"
}

### Waiting for what can be seen, never for the clock

# The status of a condition that cannot become true any more.
NEVER=3

# Wait until COMMAND succeeds: one of has_line, waits_in, has_children,
# has_taken, or any other.
wait_until() { # COMMAND [ARG...]
  local deadline=$((SECONDS + LIMIT)) result job
  while :; do
    result=0
    "$@" || result=$?
    ((result != 0)) || return 0
    ((result != NEVER)) ||
      flunk "$(in_words "$@")" 'the program ended without doing that'
    ((SECONDS <= deadline)) || # as if labrun had ended it
      status=124 flunk "$(in_words "$@")" "nothing like that within $LIMIT s"
    read -rt 0.03 <>"$NOTHING" || :
    # Once all have ended, one more look is enough.
    for job in "${JOB[@]}"; do ! is_alive "$job" || continue 2; done
    "$@" || flunk "$(in_words "$@")" 'all programs have ended'
    return 0
  done
}

has_line() { # ID TEXT: has it printed a line that contains TEXT?
  local if_not=1
  # Asked first: what it wrote before it ended must be seen.
  is_alive "${JOB[$1]-}" || if_not=$NEVER
  grep -qsF -- "$2" "$BATS_TEST_TMPDIR/$1.out" || return "$if_not"
}

# A stdout that accepts nothing until take_stdout: set STDOUT=$SLOW to use it.
fill_stdout() {
  SLOW=$BATS_TEST_TMPDIR/slow
  mkfifo "$SLOW"
  exec 9<>"$SLOW"
  FILLED=$(dd if=/dev/zero of="$SLOW" oflag=nonblock bs=4096 2>&1 |
    sed -n 's/^\([0-9]*\) bytes.*/\1/p')
}

take_stdout() { # drop what fill_stdout wrote; the rest goes to OUT
  { head -c "$FILLED" >/dev/null && exec cat >"$OUT"; } <&9 2>/dev/null 3>&- &
  JOB['taker']=$!
}

has_taken() { # BYTES
  (($(stat -c %s "$OUT" 2>/dev/null || echo 0) >= $1))
}

### Data that no program can guess

random_word() { # sets word: 8 to 23 letters
  local letters=abcdefghijklmnopqrstuvwxyz i length=$((8 + RANDOM % 16))
  word=
  for ((i = 0; i < length; i++)); do word+=${letters:RANDOM % 26:1}; done
}

# Any bytes, NULs among them, and never the same block twice: compressed
# numbers, and, since compressing takes long, the same again with a number
# between.
random_file() { # BYTES FILE
  local block=$(($1 < 1 << 20 ? $1 : 1 << 20)) i
  seq "$SEED" "$((SEED + 1000000))" | gzip -nc1 | tail -c +11 |
    head -c "$block" >"$BATS_TEST_TMPDIR/block"
  for ((i = 0; i * block < $1; i++)); do
    cat "$BATS_TEST_TMPDIR/block" - <<<"$i"
  done | head -c "$1" >"$2"
}

### What must be true

status_is() { # STATUS
  [[ $status == "$1" ]] ||
    flunk "$(status_in_words "$1")" "$(status_in_words "$status")"
}

stdout_is() { # TEXT: byte for byte, including the last newline
  local got
  # It reads on to the first NUL, which must not be there.
  if IFS= read -rd '' got <"$OUT" || [[ $got != "$1" ]]; then
    printf %s "$1" >"$BATS_TEST_TMPDIR/expected"
    flunk_different stdout "$BATS_TEST_TMPDIR/expected" "$OUT"
  fi
}

stdout_is_file() { # FILE, or a pipe
  local expected=$1
  if [[ -p $1 ]]; then
    expected=$BATS_TEST_TMPDIR/expected
    cat "$1" >"$expected"
  fi
  cmp -s "$expected" "$OUT" || flunk_different stdout "$expected" "$OUT"
}

stdout_matches() { # REGEX, for the whole output
  [[ $(<"$OUT") =~ ^$1$ ]] || flunk "stdout matching: $1" "stdout: $(show "$OUT")"
}

stderr_has() { # TEXT
  grep -qF -- "$1" "$ERR" || flunk "stderr with: $1" "stderr: $(show "$ERR")"
}

fails_with() { # MESSAGE [ENAME]: exit 1 and "NAME: MESSAGE: REASON (ENAME)"
  status_is 1
  stderr_has ": $1"
  [[ $# == 1 ]] || grep -qE -- ": .* \\($2\\)\$" "$ERR" ||
    flunk "stderr with the reason: $2" "stderr: $(show "$ERR")"
}

ends_well() { # exit 0 and nothing on stderr
  status_is 0
  [[ ! -s $ERR ]] || flunk "nothing on stderr" "stderr: $(show "$ERR")"
}

refuses() { # NAME [ARG...]: a usage error: the line that --help prints, exit 2
  local line
  run_program "$1" --help
  line=$(<"$OUT")
  run_program "$@"
  status_is 2
  [[ $(<"$ERR") == "$line" && ! -s $OUT ]] ||
    flunk "on stderr only: $line" "$(show_both)"
}

show_both() { printf 'stderr: %s\nstdout: %s\n' "$(show "$ERR")" "$(show "$OUT")"; }

rejects() { # MESSAGE NAME ARG...: a bad number: "NAME: MESSAGE", exit 2
  run_program "${@:2}"
  status_is 2
  [[ $(<"$ERR") == "$2: $1" && ! -s $OUT ]] ||
    flunk "on stderr only: $2: $1" "$(show_both)"
}
