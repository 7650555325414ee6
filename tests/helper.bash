# helper.bash - what every .bats file shares
#
# A test knows a program by its command line only, and starts nothing by
# itself: labrun does, so that nothing hangs, escapes or stays behind.
#
#   PROGRAMS  where the programs under test are (default: the lab's folder)
#   PEER      where the other half of a pair is taken from (default: PROGRAMS)
#   LIMIT     seconds after which a program, or a wait for one, has failed
#   PROCESSES how many a program may be at once, if not 64
#   SEED      what all random data is made from
#   SANDBOX   the command that runs what is under test in a sandbox, and BESIDE
#             the one that runs the other half beside it (default: none)
#   OUTCOME   a file for one word on how a test failed: timeout, crash, leak
#
# shellcheck shell=bash
bats_require_minimum_version 1.5.0

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
: "${LAB:=$(basename "$BATS_TEST_FILENAME" .bats)}"
LAB=${LAB%%.*} # a file of one's own may be called pipe.mine.bats
: "${LABRUN:=$ROOT/build/labrun}"
: "${PROGRAMS:=$ROOT/labs/$LAB}" "${PEER:=$PROGRAMS}"
: "${LIMIT:=20}" "${SEED:=$RANDOM$RANDOM}" "${SANDBOX=}" "${BESIDE=}"

declare -gA JOB=() RAN=() # bats loads this file in a function

setup() { prepare; }

prepare() {
  # For objects with a name: in the file system, and of POSIX IPC. Nothing of
  # these may be left when the test ends.
  : "${PLACE:=$BATS_TEST_TMPDIR/place}"
  : "${PIDS:=$BATS_TEST_TMPDIR/pids}"
  OBJECT=/ipc-${BATS_RUN_TMPDIR##*-}-$BATS_TEST_NUMBER
  OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
  mkdir -p "$PLACE" "$PIDS"
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
  # In a sandbox there is no other.
  [[ $name && -e $PROGRAMS/$name && ! $SANDBOX ]] || return 0
  mkdir "$BATS_TEST_TMPDIR/programs"
  ln -s "$PROGRAMS/$name" "$BATS_TEST_TMPDIR/programs"
  PROGRAMS=$BATS_TEST_TMPDIR/programs
}

# Older releases of bats (1.8) do not tell.
tags_of_test() {
  if [[ ${BATS_TEST_TAGS+set} ]]; then
    printf '%s\n' "${BATS_TEST_TAGS[@]}"
  else
    NAME=$BATS_TEST_DESCRIPTION awk '
      BEGIN { name = ENVIRON["NAME"] }
      sub(/^# bats test_tags=/, "") { tags = tags $0 "," }
      /^@test / {
        if (substr($0, 8, length(name)) == name &&
            substr($0, 8 + length(name)) ~ /^. *\{/) print tags
        tags = ""
      }' "$BATS_TEST_FILENAME" | tr -s ', ' '\n' | sed '/^$/d'
  fi
}

program_under_test() { # as the test's tags say
  tags_of_test | grep -vx -e '.*:.*' -e hidden || :
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

NOTHING_LEFT='nothing is left behind'

nothing_is_left() {
  local left
  # What other tests remove meanwhile is no error.
  left=$(find "$PLACE" /dev/shm -ignore_readdir_race -mindepth 1 \
    \( -path "$PLACE/*" -o -name "*${OBJECT#/}*" \) -ls -delete 2>/dev/null) || :
  [[ -z $left ]] || flunk "$NOTHING_LEFT" "$left"
}

as_typed() { # COMMAND [ARG...]: to copy and paste, if no argument is too long
  local arg words=("${@/#"$PROGRAMS"\//labs/$LAB/}")
  for arg in "${words[@]/#"$ROOT"\//}"; do
    ((${#arg} <= 200)) || arg="${arg:0:20}...(${#arg} characters)"
    printf '%q ' "$arg"
  done
}

# What runs the command: it goes into the sandbox if it names a program under
# test, and beside it if not.
by() { # COMMAND [ARG...]: sets by and command
  by=("$LABRUN")
  # The grader takes a solution away where it could be seen.
  [[ $1 != "$PEER"/* || -e $1 ]] || set -- "$PROGRAMS/${1##*/}" "${@:2}"
  command=("$@")
  if [[ "$*" == *"$PROGRAMS"/* ]]; then
    [[ ! $SANDBOX ]] || by=("$SANDBOX" "$LABRUN" -s)
  elif [[ $BESIDE ]]; then
    by=("$BESIDE" "$LABRUN")
  fi
}

redirection() { # where stdout is the point of the test
  [[ ${STDOUT-} != /dev/full ]] || echo ">/dev/full"
}

### Running a program to its end

run_command() { # COMMAND [ARG...]: sets status; $OUT and $ERR have its output
  local by command
  by "$@"
  ran="$(as_typed "${command[@]}")$(redirection)"
  status=0
  "${by[@]}" -t "$LIMIT" ${PROCESSES:+-p "$PROCESSES"} "${command[@]}" \
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

# As the same user: root may not do it to others everywhere.
limit_descriptors() { # PID SOFT:HARD
  ${BESIDE:+"$BESIDE"} prlimit --pid "$1" --nofile="$2"
}

### Running programs beside the test, each with a name that the test gives

start_command() { # ID COMMAND [ARG...]
  local files=$BATS_TEST_TMPDIR/$1 by command
  rm -f "$PIDS/$1" "$files.pid"
  by "${@:2}"
  "${by[@]}" -t "$((LIMIT * 2))" ${PROCESSES:+-p "$PROCESSES"} \
    -i "$PIDS/$1" "${command[@]}" <&0 \
    >"${STDOUT:-$files.out}" 2>"$files.err" 3>&- &
  JOB[$1]=$!
  RAN[$1]="$(as_typed "${command[@]}")$(redirection)"
  wait_until test -s "$PIDS/$1"
  if [[ $SANDBOX ]]; then
    wait_until find_program "${JOB[$1]}" "$files.pid"
  else
    cp "$PIDS/$1" "$files.pid"
  fi
  # Not believed: a program under test can write there as well.
  dd if="$PIDS/$1" iflag=nonblock,nofollow bs=20 count=1 2>/dev/null |
    tr -cd 0-9 >"$files.own"
}

# In a sandbox it has another pid than the one that we see here, and a file that
# says so could be anybody's.
find_program() { # PID FILE: into FILE, from its ancestor
  local pid=$1 name child
  while is_alive "$pid" && read -r name 2>/dev/null <"/proc/$pid/comm"; do
    child=$(children_of "$pid")
    [[ $child ]] || return 1
    # The first is the program; others are orphans that came to labrun.
    pid=${child%%[!0-9]*}
    [[ $name != labrun ]] || { echo "$pid" >"$2"; return 0; }
  done
  # It has ended already. Nothing has this pid: the kernel's limit is 2^22.
  is_alive "$1" || echo 4194305 >"$2"
}

start() { # ID NAME [ARG...]
  start_command "$1" "$PROGRAMS/$2" "${@:3}"
}

start_peer() { # ID NAME [ARG...]: the other half, which is not under test
  start_command "$1" "$PEER/$2" "${@:3}"
}

# A sandbox has pids of its own. So there are three, and without one they are
# the same: the pid as we see it, as the program itself knows it, and, of the
# other half, as the program under test sees it: what is beside has none.
pid_of() { cat "$BATS_TEST_TMPDIR/$1.pid"; }                           # ID
own_pid_of() { cat "$BATS_TEST_TMPDIR/$1.own"; }                      # ID
pid_of_peer() { if has_own_pids; then echo 0; else own_pid_of "$1"; fi; } # ID

# Not every sandbox has.
has_own_pids() {
  [[ $SANDBOX && $("$SANDBOX" readlink /proc/self/ns/pid) != \
    "$(readlink /proc/self/ns/pid)" ]]
}

# The same for one that a program has started.
pid_inside() { awk '/^NSpid:/ { print $NF }' "/proc/$1/status"; } # PID

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

children_of() { # PID: the pids of its children, the oldest first
  if [[ -e /proc/self/task/$BASHPID/children ]]; then
    tr -s ' ' '\n' 2>/dev/null <"/proc/$1/task/$1/children" || :
  else
    grep -lsP "^PPid:\t$1$" /proc/[0-9]*/status | grep -oE '[0-9]+' | sort -n
  fi
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

# Any bytes, NULs among them, and never the same twice: what gzip makes of
# numbers, and where that takes too long, the same again with a number between.
random_file() { # BYTES FILE
  local block=$(($1 < 1 << 20 ? $1 : 1 << 20)) i
  seq "$SEED" "$((SEED + 1000000))" | gzip -nc1 | tail -c +11 |
    head -c "$block" >"$BATS_TEST_TMPDIR/block"
  for ((i = 0; i * block < $1; i++)); do
    cat "$BATS_TEST_TMPDIR/block" - <<<"$i"
  done | head -c "$1" >"$2"
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
  run_program "$1" --help
  line=$(<"$OUT")
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

# What the source says of it, and the manual.
about_step() { # PROGRAM STEP
  local file=$ROOT/labs/$LAB/$1.c text
  text=$("$ROOT/scripts/lib/check/steps" "$file" | awk -F '\t' -v step="$2" \
    '$1 == step { print ": " $3 }') || :
  echo "step $2 of $1$text"
  sed -n 's/^ \* See/see/p' "$file" | head -n 1
}

show_errors_of() { # ID of what is running, or $ERR
  local file=$BATS_TEST_TMPDIR/${1##*/}
  [[ $1 == "$ERR" ]] || file+=.err
  [[ ! -s $file ]] || head -c 4000 "$file" | head -n 20 | sed 's/^/stderr:   /'
}

in_words() { # what wait_until has waited for
  sed -E 's/^soon: has_children ([0-9]+) ([0-9]+)$/soon, child processes of \1: \2/
    s/^soon: waits_in ([0-9]+) ([a-z_]+)$/soon, process \1 waits in \2()/
    s/^soon: has_line [^ ]+ (.*)/soon, a line of output with: \1/
    s/^soon: has_taken ([0-9]+)$/soon, \1 bytes of output/' <<<"$1"
}

# What a student needs to find the mistake.
flunk() { # EXPECTED GOT
  local program step id
  program=$(program_under_test)
  step=$(tags_of_test | sed -n 's/^step://p')
  {
    printf 'ran:      %s\n' "${ran:-${RAN[@]}}"
    echo "expected: $(in_words "$1")"
    echo "got:      $2"
    for id in "$ERR" "${!JOB[@]}"; do show_errors_of "$id"; done
    [[ -z $step ]] || about_step "$program" "$step"
    echo "seed:     $SEED"
  } >&2
  [[ ! ${OUTCOME-} ]] || outcome "$1" >"$OUTCOME"
  return 1
}

outcome() { # EXPECTED: one word for the grader on how this test has failed
  case ${status-} in
    124) echo timeout ;;
    123) echo leak ;;
    132 | 134 | 135 | 136 | 139) echo crash ;; # ILL, ABRT, BUS, FPE, SEGV
    125) echo error ;; # labrun's own
    *) if [[ $1 == "$NOTHING_LEFT" ]]; then echo leak; else echo fail; fi ;;
  esac
}
