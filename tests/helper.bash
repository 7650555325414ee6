# helper.bash - what every .bats file shares
#
# A test knows a program by its command line only, and starts nothing by
# itself: labrun does, so that nothing hangs, escapes or stays behind.
#
#   PROGRAMS  where the programs under test are (default: the lab's folder)
#   PEER      where the other half of a pair is taken from (default: PROGRAMS)
#   LIMIT     seconds after which a program, or a wait for one, has failed
#   PROCESSES how many a program may be at once, if not 64
#   SEED      what random messages are made from
#
# shellcheck shell=bash
bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
: "${LAB:=$(basename "$BATS_TEST_FILENAME" .bats)}"
: "${LABRUN:=$ROOT/build/labrun}"
: "${PROGRAMS:=$ROOT/labs/$LAB}" "${PEER:=$PROGRAMS}"
: "${LIMIT:=20}" "${SEED:=$RANDOM$RANDOM}"

declare -gA JOB=() RAN=() # bats loads this file in a function

setup() { prepare; }

prepare() {
  # For objects with a name: in the file system, and of POSIX IPC. Nothing of
  # these may be left when the test ends.
  PLACE=$BATS_TEST_TMPDIR/place
  OBJECT=/ipc-${BATS_RUN_TMPDIR##*-}-$BATS_TEST_NUMBER
  OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
  mkdir "$PLACE"
  NOTHING=$BATS_TEST_TMPDIR/nothing # to read from with a timeout
  mkfifo "$NOTHING"
  RANDOM=$SEED
  see_one_program
}

# A test that carries points sees no other program than the one that it is for:
# a broken one cannot cost another's points.
see_one_program() {
  local name
  name=$(program_under_test)
  [[ $name && -e $PROGRAMS/$name ]] || return 0
  mkdir "$BATS_TEST_TMPDIR/programs"
  ln -s "$PROGRAMS/$name" "$BATS_TEST_TMPDIR/programs"
  PROGRAMS=$BATS_TEST_TMPDIR/programs
}

program_under_test() { # as the test's tags say
  local tag
  for tag in "${BATS_TEST_TAGS[@]}"; do
    [[ $tag == *:* ]] || echo "$tag"
  done
}

teardown() {
  end_jobs
  nothing_is_left
}

end_jobs() {
  local id running
  # Not the pid of one that has ended: it may be somebody else's by now.
  running=" $(jobs -pr | tr '\n' ' ')"
  for id in "${!JOB[@]}"; do
    [[ $running != *" ${JOB[$id]} "* ]] || kill "${JOB[$id]}" 2>/dev/null || :
    wait "${JOB[$id]}" || :
  done
}

nothing_is_left() {
  local left
  # What other tests remove meanwhile is no error.
  left=$(find "$PLACE" /dev/shm -ignore_readdir_race -mindepth 1 \
    \( -path "$PLACE/*" -o -name "*${OBJECT#/}*" \) -ls -delete 2>/dev/null) || :
  [[ -z $left ]] || flunk "nothing is left behind" "$left"
}

as_typed() { # COMMAND [ARG...]: to copy and paste, if no argument is too long
  local arg words=("${@/#"$PROGRAMS"\//labs/$LAB/}")
  for arg in "${words[@]/#"$ROOT"\//}"; do
    ((${#arg} <= 200)) || arg="${arg:0:20}...(${#arg} characters)"
    printf '%q ' "$arg"
  done
}

### Running a program to its end

run_command() { # COMMAND [ARG...]: sets status; $OUT and $ERR have its output
  ran=$(as_typed "$@")
  status=0
  "$LABRUN" -t "$LIMIT" ${PROCESSES:+-p "$PROCESSES"} "$@" \
    >"${STDOUT:-$OUT}" 2>"$ERR" 3>&- || status=$?
}

run_program() { # NAME [ARG...]
  run_command "$PROGRAMS/$1" "${@:2}"
}

# The same, with at most N open descriptors.
run_with_descriptors() { # N NAME [ARG...]
  # shellcheck disable=SC2016
  run_command sh -c 'ulimit -n "$1" && shift && exec "$@"' sh "$1" \
    "$PROGRAMS/$2" "${@:3}"
}

### Running programs beside the test, each with a name that the test gives

start_command() { # ID COMMAND [ARG...]
  local files=$BATS_TEST_TMPDIR/$1
  rm -f "$files.pid"
  "$LABRUN" -t "$((LIMIT * 2))" ${PROCESSES:+-p "$PROCESSES"} \
    -i "$files.pid" "${@:2}" <&0 \
    >"${STDOUT:-$files.out}" 2>"$files.err" 3>&- &
  JOB[$1]=$!
  RAN[$1]=$(as_typed "${@:2}")
  wait_until test -s "$files.pid"
}

start() { # ID NAME [ARG...]
  start_command "$1" "$PROGRAMS/$2" "${@:3}"
}

start_peer() { # ID NAME [ARG...]: the other half, which is not under test
  start_command "$1" "$PEER/$2" "${@:3}"
}

pid_of() { cat "$BATS_TEST_TMPDIR/$1.pid"; } # ID

end_of() { # ID: wait until it has ended; then it is as after run_program
  status=0
  wait "${JOB[$1]}" || status=$?
  unset "JOB[$1]"
  ran=${RAN[$1]}
  [[ ! -e $BATS_TEST_TMPDIR/$1.out ]] || cp "$BATS_TEST_TMPDIR/$1.out" "$OUT"
  cp "$BATS_TEST_TMPDIR/$1.err" "$ERR"
}

### Waiting for what can be seen, never for the clock

# NEVER as a status says that it cannot come true any more.
NEVER=3

wait_until() { # COMMAND [ARG...]: until it succeeds
  local end=$((SECONDS + LIMIT)) result job
  while :; do
    result=0
    "$@" || result=$?
    ((result != 0)) || return 0
    ((result != NEVER)) || flunk "soon: $*" 'that cannot come any more'
    ((SECONDS <= end)) || flunk "soon: $*" "not within $LIMIT s"
    read -rt 0.03 <>"$NOTHING" || :
    # When all has ended, one more look is enough.
    for job in "${JOB[@]}"; do ! is_alive "$job" || continue 2; done
    "$@" || flunk "soon: $*" 'all programs have ended'
    return 0
  done
}

is_alive() { # PID of a job: it is there, and no zombie
  local state
  read -r _ _ state _ 2>/dev/null <"/proc/$1/stat" && [[ $state != Z ]]
}

has_line() { # ID TEXT: has it printed a line with TEXT in it?
  local if_not=1
  # Asked first: what it wrote before it ended is there.
  is_alive "${JOB[$1]-}" || if_not=$NEVER
  grep -qsF -- "$2" "$BATS_TEST_TMPDIR/$1.out" || return "$if_not"
}

# Which of its relatives the C library calls differs: openat, ppoll.
waits_in() { # PID CALL: such as "waits_in 4121 open"
  [[ -e /proc/$1 ]] || return "$NEVER"
  "$LABRUN" -w "$1" 2>/dev/null | grep -qE "^ *$1 .* waits in p?$2(at)?\(\)"
}

pid_inside() { awk '/^NSpid:/ { print $NF }' "/proc/$1/status"; } # PID: as the program itself knows it

children_of() { # PID: the pids of its children
  grep -lsP "^PPid:\t$1$" /proc/[0-9]*/status | grep -oE '[0-9]+' || :
}

has_children() { # PID COUNT
  [[ -e /proc/$1 ]] || return "$NEVER"
  (($(children_of "$1" | wc -l) == $2))
}

pipe_ends() { # PID: "r" or "w" for each pipe end above stderr that it holds
  local fd
  for fd in /proc/"$1"/fd/*; do
    [[ ${fd##*/} -gt 2 && $(readlink "$fd") == pipe:* ]] || continue
    case $(stat -c %A "$fd") in
      lr-*) printf r ;;
      l-w*) printf w ;;
    esac
  done
}

# A stdout that takes nothing until take_stdout: set STDOUT=$SLOW to use it.
fill_stdout() {
  SLOW=$BATS_TEST_TMPDIR/slow
  mkfifo "$SLOW"
  exec 9<>"$SLOW"
  FILLED=$(dd if=/dev/zero of="$SLOW" oflag=nonblock bs=4096 2>&1 |
    sed -n 's/^\([0-9]*\) bytes.*/\1/p')
}

take_stdout() { # what was written before is dropped, the rest goes to $OUT
  { head -c "$FILLED" >/dev/null && exec cat >"$OUT"; } <&9 2>/dev/null 3>&- &
  JOB[taker]=$!
}

has_taken() { # BYTES
  (($(stat -c %s "$OUT" 2>/dev/null || echo 0) >= $1))
}

### Data

random_word() { # sets word: 8 to 23 letters that nobody can guess
  local letters=abcdefghijklmnopqrstuvwxyz i length=$((8 + RANDOM % 16))
  word=
  for ((i = 0; i < length; i++)); do word+=${letters:RANDOM % 26:1}; done
}

random_file() { # BYTES FILE: any bytes, NULs among them
  head -c "$1" /dev/urandom >"$2"
}

### What should be true

status_is() { # STATUS
  [[ $status == "$1" ]] || flunk "exit status $1" "exit status $status"
}

stdout_is() { # TEXT: byte for byte, so mind the last newline
  printf %s "$1" | cmp -s - "$OUT" || flunk "stdout: $1" "$(show "$OUT")"
}

stdout_is_file() { # FILE
  cmp "$1" "$OUT" || flunk "stdout: the bytes of $1" "$(show "$OUT")"
}

stdout_matches() { # REGEX, for the whole output
  [[ $(<"$OUT") =~ ^$1$ ]] || flunk "stdout matching: $1" "$(show "$OUT")"
}

stderr_has() { # TEXT
  grep -qF -- "$1" "$ERR" || flunk "stderr with: $1" "$(show "$ERR")"
}

fails_with() { # MESSAGE [ENAME]: exit 1, and "NAME: MESSAGE: REASON (ENAME)"
  status_is 1
  stderr_has ": $1"
  [[ $# == 1 ]] || grep -qE -- ": .* \\($2\\)\$" "$ERR" ||
    flunk "the reason $2" "$(show "$ERR")"
}

ends_well() { # exit 0, and not a word on stderr
  status_is 0
  [[ ! -s $ERR ]] || flunk "nothing on stderr" "$(show "$ERR")"
}

refuses() { # NAME [ARG...]: a usage error: the line that --help prints, exit 2
  local line
  line=$("$PROGRAMS/$1" --help)
  run_program "$@"
  status_is 2
  [[ $(<"$ERR") == "$line" && ! -s $OUT ]] ||
    flunk "on stderr only: $line" "$(show "$ERR") $(show "$OUT")"
}

rejects() { # MESSAGE NAME ARG...: a bad number: "NAME: MESSAGE", exit 2
  run_program "${@:2}"
  status_is 2
  [[ $(<"$ERR") == "$2: $1" && ! -s $OUT ]] ||
    flunk "on stderr only: $2: $1" "$(show "$ERR") $(show "$OUT")"
}

show() { # FILE: its beginning, readable
  head -c 1000 "$1" | cat -v
  (($(stat -c %s "$1") <= 1000)) || echo "... ($(stat -c %s "$1") bytes)"
}

# What a student needs to find the mistake.
flunk() { # EXPECTED GOT
  local tag program step=''
  program=$(program_under_test)
  for tag in "${BATS_TEST_TAGS[@]}"; do
    [[ $tag != step:* ]] || step=${tag#step:}
  done
  {
    echo "ran:      ${ran-}"
    echo "expected: $1"
    echo "got:      $2"
    [[ ! -s $ERR ]] || sed 's/^/stderr:   /' "$ERR" | head -n 20
    if [[ -n $step ]]; then
      echo "step $step of $program; $(grep -m 1 '^ \* See ' \
        "$ROOT/labs/$LAB/$program.c" | sed 's/^ \* See/see/')"
    fi
    echo "seed:     $SEED"
  } >&2
  return 1
}
