# processes.bash - which pid is which, and what can be seen of a process
#
# shellcheck shell=bash

### Pids
#
# The grader's sandbox may have pids of its own, so a program has up to three:
#
#   pid_of ID       what the test sees: for kill, /proc, waits_in
#   own_pid_of ID   what the program itself gets from getpid(), and prints
#   pid_of_peer ID  what the program under test sees of the other half, which
#                   runs outside of its sandbox: 0 there
#
# Without a sandbox all three are the same. For a process that a program has
# started there is no ID: the test sees its pid in children_of, and
#
#   pid_inside PID  is the same process as the program sees it

pid_of() { echo "$(<"$BATS_TEST_TMPDIR/$1.pid")"; }
own_pid_of() { echo "$(<"$BATS_TEST_TMPDIR/$1.own")"; }
pid_of_peer() { if has_own_pids; then echo 0; else own_pid_of "$1"; fi; }
pid_inside() { awk '/^NSpid:/ { print $NF }' "/proc/$1/status"; }

has_own_pids() { # not every kind of sandbox has
  [[ $SANDBOX && $("$SANDBOX" readlink /proc/self/ns/pid) != \
    "$(readlink /proc/self/ns/pid)" ]]
}

forget_pids() { # ID
  rm -f "$PIDS/$1" "$BATS_TEST_TMPDIR/$1".{pid,own}
}

# labrun writes the pid that it sees to PIDS/ID, once the program has started.
find_pids() { # ID: for pid_of and own_pid_of
  local files=$BATS_TEST_TMPDIR/$1
  wait_until test -s "$PIDS/$1"
  if [[ $SANDBOX ]]; then
    wait_until find_program "${JOB[$1]}" "$files.pid"
  else
    cp "$PIDS/$1" "$files.pid"
  fi
  # It may be a link, endless, or anything: a program can write to PIDS, too.
  dd if="$PIDS/$1" iflag=nonblock,nofollow bs=20 count=1 2>/dev/null |
    tr -cd 0-9 >"$files.own"
}

# From the outside, down from its ancestor: a file that names the pid could
# have been written by anybody.
find_program() { # JOB FILE: write the pid to FILE
  local pid=$1 name child
  while is_alive "$pid" && read -r name 2>/dev/null <"/proc/$pid/comm"; do
    child=$(children_of "$pid")
    [[ $child ]] || return 1
    # The first is the program; the others are orphans that labrun inherited.
    pid=${child%%[!0-9]*}
    [[ $name != labrun ]] || { echo "$pid" >"$2"; return 0; }
  done
  # It has ended already. No process has this pid: the limit is 2^22.
  is_alive "$1" || echo 4194305 >"$2"
}

### What can be seen of a process

is_alive() { # PID of a job: it exists and is not a zombie
  local state
  read -r _ _ state _ 2>/dev/null <"/proc/$1/stat" && [[ $state != Z ]]
}

is_stopped() { # PID
  local state
  read -r _ _ state _ 2>/dev/null <"/proc/$1/stat" || return "$NEVER"
  [[ $state == T ]]
}

# The C library may make a relative of the call: openat, ppoll.
waits_in() { # PID CALL, such as: waits_in 4121 open
  [[ -e /proc/$1 ]] || return "$NEVER"
  local text
  text=$("$LABRUN" -w "$1" 2>/dev/null) || :
  # A program that has not been executed yet is still labrun.
  [[ $text != *' cannot see '*"$DENIED"* || $text == *" $1 labrun "* ]] ||
    need_sight "$1"
  [[ $'\n'$text =~ $'\n'\ *"$1 "[^$'\n']*' waits in p'?($2)(at)?'()' ]]
}

# What labrun -w prints if neither it nor the labrun above a process may look.
DENIED='needs ptrace rights'

# A program under test can hide from us, and then it fails. But if the same is
# true of a program of ours, the system does not permit it, and the test cannot
# judge.
need_sight() { # PID
  local file=$BATS_FILE_TMPDIR/sight
  if is_under_test "$1"; then
    [[ -e $file ]] || look_at_ours "$file"
    [[ $(<"$file") == denied ]] || return 0
  fi
  skip 'cannot see what a process waits for here (scripts/doctor)'
}

# Any ancestor may pretend to be a labrun. The real one was given the program, and
# start_labrun decided in the same way.
is_under_test() { # PID: of a program under test, or a descendant of one
  local pid=$1 name
  while pid=$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status" 2>/dev/null) &&
    read -r name 2>/dev/null <"/proc/$pid/comm"; do
    [[ $name != labrun ||
      $(tr '\0' ' ' <"/proc/$pid/cmdline") != *"$PROGRAMS"/* ]] || return 0
  done
  [[ ! -e /proc/$1 ]] # it has ended by now: it was not hidden
}

look_at_ours() { # FILE: write "permitted" or "denied" to it
  local ran=${ran-}
  start_command ours sleep $((LIMIT * 2))
  wait_until is_seen_or_denied "$(pid_of ours)" "$1"
  kill "${JOB[ours]}"
  wait "${JOB[ours]}" || :
  unset 'JOB[ours]' 'RAN[ours]'
}

is_seen_or_denied() { # PID FILE
  local text
  text=$("$LABRUN" -w "$1" 2>/dev/null) || :
  # By another name, it would still be labrun, which nobody may look at.
  case $text in
    *" sleep "*' waits in '*) echo permitted >"$2" ;;
    *" sleep "*"$DENIED"*) echo denied >"$2" ;;
    *) return 1 ;;
  esac
}

children_of() { # PID: the pids of its children, the oldest first
  local children=()
  if [[ -e /proc/self/task/$BASHPID/children ]]; then
    read -ra children 2>/dev/null <"/proc/$1/task/$1/children" || :
    ((!${#children[@]})) || printf '%s\n' "${children[@]}"
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
