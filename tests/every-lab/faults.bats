#!/usr/bin/env bats
# No failure is ignored: strace makes each kind of call that a program of the
# lab LAB makes in main() fail once, and the program must exit with 1 and a
# message that names the call.

load ../helper

# tests/LAB.bats has one run of each program, as a comment:
#
#   # run: self hello
#   # run: writer $PLACE/f peer: reader $PLACE/f
#   # run: number_client $PLACE/n 3 server: number_server $PLACE/n
#   # run: number_server $PLACE/n client: number_client $PLACE/n 1
#   # run: recv $OBJECT first: create $OBJECT first: send $OBJECT hello
#
# A command after "first:" is run to its end before the program. A peer is started
# beside the program, a server before it, and a client once the program has
# printed that it listens or is ready; PORT is then the port that it printed.
# $OBJECT is a name for POSIX IPC. All of them read the LICENSE. After "except:",
# at the end, are calls that the C library makes, and whose failure it handles.
runs_of() { # LAB
  sed -n 's/^# run: //p' "$ROOT/tests/$1.bats" |
    sed "s|\$PLACE|$PLACE|g; s|\$OBJECT|$OBJECT|g"
}

# Calls that the C library makes by itself, or that cannot fail here: for memory,
# to see what stdin and stdout are, for signals (only EINVAL and EFAULT) and ids,
# and to exit; and messages on stderr, whose failure cannot be reported anywhere.
is_not_ours='^(brk|mmap|munmap|mprotect|madvise|getrandom|rt_sig[a-z]*|tgkill'
is_not_ours+='|get[a-z]*id|set_[a-z_]*|rseq|futex|prlimit64|exit|exit_group|execve'
is_not_ours+='|restart_syscall|write\(2,|(new)?fstat(at)?\([01],|ioctl\(1,)'

# The name that a message uses, if it differs from that of the system call.
message_name() { # CALL
  case $1 in
    clone | clone3) echo 'fork|pthread_create' ;;
    pipe2) echo pipe ;;
    wait4) echo 'wait|waitpid' ;;
    openat) echo 'open|mkstemp' ;;
    newfstatat | fstat) echo 'fstat|opendir' ;;
    mknodat | mknod) echo mkfifo ;;
    dup2 | dup3) echo dup2 ;;
    ppoll | poll) echo poll ;;
    unlink | unlinkat | mq_unlink) echo 'unlink|remove' ;;
    fstatfs) echo fpathconf ;;
    mq_timedsend) echo mq_send ;;
    mq_timedreceive) echo mq_receive ;;
    mq_getsetattr) echo mq_getattr ;;
    rt_sigtimedwait) echo 'sig.*wait' ;;
    getdents64) echo readdir ;;
    pread64) echo pread ;;
    sendto) echo send ;;
    recvfrom) echo recv ;;
    *) echo "$1" ;;
  esac
}

error_for() { # CALL
  case $1 in
    pipe* | open*) echo EMFILE ;;
    clone*) echo ENOMEM ;;
    *) echo EIO ;;
  esac
}

setup() {
  prepare
  strace -f -o /dev/null true 2>/dev/null ||
    skip 'strace is not installed, or may not trace'
  # A sanitizer makes calls of its own, and cannot find leaks under strace.
  [[ -z ${SANITIZE-} ]] || skip 'not with a sanitizer'
  export TZ=: # so that the C library opens no file for the time zone
}

calls_in() { # LOG: prints lines "PID CALL(...", one for each call
  sed -nE 's/^([0-9]+) +([a-z_0-9]+\([^ ]*).*/\1 \2/p' "$1"
}

# The calls of the process that strace started itself come first.
calls_before_main() { # NAME: sets before
  strace -f -qq -o "$BATS_TEST_TMPDIR/help.log" "$PROGRAMS/$1" --help >/dev/null
  before=$(calls_in "$BATS_TEST_TMPDIR/help.log" | sed -E 's/^[0-9]+ //' |
    sed -E '/^write\(1,/,$d; /^(new)?fstat(at)?\(1,/d')
}

# Print lines "CALL WHEN": the first call of each kind by main() or a child.
faults_of() { # LOG
  calls_in "$1" | awk -v ours="$is_not_ours" -v before="$before" '
    BEGIN { n = split(before, line, "\n")
      for (i = 1; i <= n; i++) { sub(/\(.*/, "", line[i]); early[line[i]]++ } }
    NR == 1 { main = $1 }
    { text = substr($0, index($0, " ") + 1); call = text; sub(/\(.*/, "", call)
      count[$1, call]++ }
    # A child that has executed another program is not under test.
    call == "execve" { execs[$1]++ }
    $1 != main && execs[$1] { next }
    text ~ ours || call in seen { next }
    $1 == main && count[$1, call] <= early[call] { next }
    # An early call of main would fail instead of the child'"'"'s first.
    $1 != main && early[call] { next }
    { seen[call]; print call, count[$1, call] }'
}

# Run a program under strace, with the other programs that it needs; then status,
# OUT and ERR are as after run_program.
trace() { # LOG INJECTION NAME [ARG...] [ROLE: NAME ARG...]...
  local log=$1 injection=$2 own=() first='' other=() role='' word port
  shift 2
  for word; do
    case $role/$word in
      */first:) role=first first+=$'\n' ;;
      */peer: | */server: | */client:) role=${word%:} ;;
      /*) own+=("$word") ;;
      first/*) first+=" $word" ;;
      *) other+=("$word") ;;
    esac
  done
  run_first "$first"
  if [[ $role == server ]]; then
    start_peer other "${other[@]}"
    wait_until has_line other 'listening on'
    port=$(port_of other)
    own=("${own[@]/#PORT/$port}")
  fi
  start_command it strace -f -qq -o "$log" ${injection:+-e "$injection"} \
    "$PROGRAMS/${own[0]}" "${own[@]:1}" <"$ROOT/LICENSE"
  case $role in
    peer) start_peer other "${other[@]}" <"$ROOT/LICENSE" ;;
    client) serve_one_client "${other[@]}" ;;
  esac
  end_of it
  end_peer
}

run_first() { # LINES: "NAME ARG..." each
  local words
  while read -ra words; do
    ((${#words[@]} == 0)) ||
      run_command "$PEER/${words[0]}" "${words[@]:1}" <"$ROOT/LICENSE"
  done <<<"$1"
}

port_of() { # ID: the port that it listens on, if it has printed one
  sed -n 's/^listening on .* port //p' "$BATS_TEST_TMPDIR/$1.out"
}

# A server under test ends by itself, or is ended by SIGTERM after one client.
serve_one_client() { # NAME ARG...
  wait_until is_ready_or_ended
  if is_ready; then
    set -- "${@/#PORT/$(port_of it)}"
    run_command "$PEER/$1" "${@:2}" <"$ROOT/LICENSE"
    # A child that is still running then would be left behind.
    wait_until has_no_grandchildren "$(pid_of it)"
  fi
  kill -TERM "$(children_of "$(pid_of it)")" 2>/dev/null || :
}

has_no_grandchildren() { # PID
  local child
  for child in $(children_of "$1"); do
    [[ -z $(children_of "$child") ]] || return 1
  done
}

is_ready() { has_line it 'listening on' || has_line it 'ready '; }

is_ready_or_ended() {
  is_ready || ! kill -0 "${JOB[it]}" 2>/dev/null
}

end_peer() {
  [[ -n ${JOB[other]-} ]] || return 0
  kill -TERM "$(pid_of other)" 2>/dev/null || :
  wait "${JOB[other]}" || :
  unset 'JOB[other]'
}

# Objects that a peer left, or that the program could not remove.
remove_leftovers() {
  rm -f "$PLACE"/* /dev/shm/*"${OBJECT#/}"*
  [[ ! -x $PEER/unlink ]] || "$PEER/unlink" "$OBJECT" 2>/dev/null || :
  # A name that the program chose itself.
  sed -n 's|.*: remove \(/tmp/ipc-[^ :]*\):.*|\1|p' "$ERR" | xargs -r rm -f
}

# A server reports an error that concerns one client, and does not exit.
check_fault() { # CALL WHEN RUN...
  local call=$1 when=$2
  shift 2
  trace "$BATS_TEST_TMPDIR/fault.log" \
    "inject=$call:error=$(error_for "$call"):when=$when" "$@"
  remove_leftovers
  grep -q INJECTED "$BATS_TEST_TMPDIR/fault.log" || return 0
  # shellcheck disable=SC2034
  ran="$*, where call number $when of $call fails"
  [[ $status == 1 || $* == *' client: '* && $status == 0 ]] ||
    flunk 'exit status 1' "$(status_in_words "$status")"
  grep -qE "^$1: .*($(message_name "$call"))" "$ERR" ||
    flunk "a message that names $call" "$(show "$ERR")"
}

@test "each kind of call may fail: the program names it and exits with 1" {
  local run fault words faults=0
  while read -r run; do
    read -ra words <<<"${run% except:*}"
    calls_before_main "${words[0]}"
    trace "$BATS_TEST_TMPDIR/run.log" '' "${words[@]}"
    remove_leftovers
    while read -r fault; do
      [[ "$run " != *' except:'*" ${fault% *} "* ]] || continue
      # shellcheck disable=SC2086
      check_fault $fault "${words[@]}"
      faults=$((faults + 1))
    done < <(faults_of "$BATS_TEST_TMPDIR/run.log")
  done < <(runs_of "$LAB")
  echo "# $LAB: $faults faults" >&3
  ((faults > 0))
}

@test "every program of the lab has a run" {
  diff <(runs_of "$LAB" | sed 's/ .*//' | sort -u) \
    <(basename -a -s .c "$ROOT/labs/$LAB"/*.c | sort)
}
