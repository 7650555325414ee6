#!/usr/bin/env bats
# The lab pipe: one process writes, a relative reads.
#
# run: self hello
# run: parent_child hello
# run: child_parent hello
# run: pipeline true | true
# run: two_way cat
# run: eof
# run: capacity 65536
# run: atomic 2 10
# run: barrier 2
# run: rules
# run: by_file hello
# run: shared 2

load helper

# The longest argument (128 KiB with its NUL) is more than a pipe holds.
LONGEST=131071

long_message() { # BYTES: sets word
  random_file "$1" "$BATS_TEST_TMPDIR/long"
  word=$(base64 -w 0 "$BATS_TEST_TMPDIR/long" | head -c "$1")
}

# Many calls read and write; a test accepts any of them.
READS='(readv?|poll|select6?|splice)'
WRITES='(writev?|poll|select6?|splice)'

# With a stdout that accepts nothing: the reader will wait in write(), and so
# will the writer, unless the reader and the pipe can hold the whole message.
start_with_full_stdout() { # NAME: sets word and child
  fill_stdout
  long_message "$LONGEST"
  STDOUT=$SLOW start it "$1" "$word"
  wait_until has_children "$(pid_of it)" 1
  child=$(children_of "$(pid_of it)")
}

has_ended_or_waits_in() { # PID CALL
  is_alive "$1" || return 0
  waits_in "$1" "$2" || return 1
}

has_ended_or_stopped() { # PID
  local state
  read -r _ _ state _ 2>/dev/null <"/proc/$1/stat" || return 0
  [[ $state == [TZ] ]]
}

# Stop the writer in the middle of the message until the reader has emptied the
# pipe: write() returns less than it was given, read() less than it asked for.
interrupt() { # WRITER READER: pids
  wait_until has_ended_or_waits_in "$1" "($WRITES|wait4|waitid)"
  kill -STOP "$1" 2>/dev/null || : # it may have ended
  wait_until has_ended_or_stopped "$1"
  take_stdout
  wait_until has_ended_or_waits_in "$2" "$READS"
  kill -CONT "$1" 2>/dev/null || :
}

### Every program

@test "wrong arguments are a usage error, and --help prints the right ones" {
  refuses self
  refuses self a b
  refuses parent_child
  refuses parent_child a b
  refuses child_parent
  refuses child_parent a b
  refuses pipeline
  refuses pipeline '|'
  refuses pipeline '|' cat
  refuses pipeline cat '|'
  refuses pipeline cat '|' '|' cat
  refuses two_way
  refuses eof a
  refuses capacity 1 2
  refuses atomic 1
  refuses atomic 1 2 3
  refuses barrier
  refuses rules a
  refuses by_file
  refuses shared
}

@test "numbers are parsed strictly" {
  rejects 'BYTES must be a number from 1 to 2147483647, not "12x"' capacity 12x
  rejects 'BYTES must be a number from 1 to 2147483647, not "0"' capacity 0
  rejects 'WRITERS must be a number from 1 to 26, not ""' atomic '' 10
  rejects 'WRITERS must be a number from 1 to 26, not "27"' atomic 27 10
  rejects 'BYTES must be a number from 1 to 262144, not "-1"' atomic 2 -1
  rejects 'CHILDREN must be a number from 1 to 1000, not " 3"' barrier ' 3'
  rejects 'CHILDREN must be a number from 1 to 1000, not "+3"' barrier +3
  rejects 'READERS must be a number from 1 to 100, not "99999999999999999999"' \
    shared 99999999999999999999
}

@test "running out of descriptors is an error" {
  for line in 'self a' 'two_way cat' eof 'atomic 2 10' 'barrier 2' rules \
    'shared 2'; do
    # shellcheck disable=SC2086
    run_with_descriptors 4 $line
    fails_with pipe EMFILE
  done
  run_with_descriptors 4 by_file a
  fails_with "open /tmp/ipc-by_file-" EMFILE
}

@test "a stdout that is full is an error" {
  for line in 'self a' eof 'atomic 2 10' 'barrier 2' rules 'by_file a' \
    'shared 2' 'capacity' 'child_parent a' 'two_way echo a'; do
    # shellcheck disable=SC2086
    STDOUT=/dev/full run_program $line
    fails_with 'write to stdout' ENOSPC
  done
}

### self

@test "self: what goes in comes out" {
  random_word
  run_program self "$word"
  ends_well
  stdout_is "sent ${#word} bytes
received ${#word} bytes: $word
"
}

@test "self: an empty message" {
  run_program self ''
  ends_well
  stdout_is 'sent 0 bytes
received 0 bytes: 
'
}

@test "self: a message may fill the pipe, but not be larger" {
  run_program self "$(printf %0131071d 0)"
  fails_with 'MESSAGE has 131071 bytes, the pipe holds only '
  local size
  size=$(sed 's/.*only //' "$ERR")

  run_program self "$(printf "%0${size}d" 0)"
  ends_well
  stdout_matches "sent $size bytes
received $size bytes: 0*"

  run_program self "$(printf "%0$((size + 1))d" 0)"
  fails_with "MESSAGE has $((size + 1)) bytes, the pipe holds only $size"
}

### parent_child

# bats test_tags=parent_child,step:1
@test "parent_child: a pipe that cannot be made is an error" {
  run_with_descriptors 4 parent_child hello
  fails_with pipe EMFILE
}

# bats test_tags=parent_child,step:2
@test "parent_child: two processes, one the child of the other" {
  start_with_full_stdout parent_child
  take_stdout
  end_of it
  ends_well
  wait_until has_taken "$LONGEST"
  stdout_is "$word"
}

# bats test_tags=parent_child,step:3
@test "parent_child: the child sees end of file, since it closed its write end" {
  long_message 15 # more than its buffer, and no multiple of it
  run_program parent_child "$word"
  ends_well
  stdout_is "$word"
}

# bats test_tags=parent_child,step:4
@test "parent_child: the child prints the message and nothing else" {
  random_word
  for message in "$word" '' x '0123456789' "two
lines
" -n -- 'with spaces  and % \n'; do
    run_program parent_child "$message"
    ends_well
    stdout_is "$message"
  done
}

# bats test_tags=parent_child,step:4
@test "parent_child: a child that cannot write is an error" {
  STDOUT=/dev/full run_program parent_child hello
  fails_with 'write to stdout' ENOSPC
}

# bats test_tags=parent_child,step:5
@test "parent_child: a parent whose child has died does not wait in write()" {
  start_with_full_stdout parent_child
  local pid
  pid=$(pid_of it)
  # The child has stopped reading: it waits for its stdout.
  wait_until waits_in "$pid" "($WRITES|wait4|waitid)"
  [[ $(pipe_ends "$pid") != *r* ]] ||
    flunk 'no read end in the parent' "$(ls -l "/proc/$pid/fd")"
  waits_in "$pid" "$WRITES" || ! is_alive "$pid" ||
    skip 'the child reads more at once than a pipe holds'
  kill -KILL "$child"
  end_of it
  fails_with 'write to the pipe' EPIPE
}

# bats test_tags=parent_child,step:6
@test "parent_child: a message larger than the pipe arrives whole" {
  long_message "$LONGEST"
  run_program parent_child "$word"
  ends_well
  stdout_is "$word"
}

# bats test_tags=parent_child,step:6
@test "parent_child: a message that is written in two parts arrives whole" {
  start_with_full_stdout parent_child
  interrupt "$(pid_of it)" "$child"
  end_of it
  ends_well
  wait_until has_taken "$LONGEST"
  stdout_is "$word"
}

# bats test_tags=parent_child,step:7
@test "parent_child: the parent waits, and fails if its child has failed" {
  STDOUT=/dev/full run_program parent_child hello
  status_is 1
}

@test "parent_child: when the parent is killed, the child ends" {
  start_with_full_stdout parent_child
  kill -KILL "$(pid_of it)"
  wait_until test ! -e "/proc/$(pid_of it)"
  take_stdout
  end_of it
  status_is 137
}

### child_parent

# Its parent has stopped reading, so that it waits for ever.
wait_until_child_waits() {
  wait_until waits_in "$(pid_of it)" "$WRITES"
  wait_until has_ended_or_waits_in "$child" "$WRITES"
  is_alive "$child" || ! is_alive "${JOB[it]}" ||
    skip 'the parent reads more at once than a pipe holds'
}

# bats test_tags=child_parent,step:1
@test "child_parent: a pipe that cannot be made is an error" {
  run_with_descriptors 4 child_parent hello
  fails_with pipe EMFILE
}

# bats test_tags=child_parent,step:2
@test "child_parent: two processes, one the child of the other" {
  start_with_full_stdout child_parent
  local last
  last="child $(pid_inside "$child") exited with status 0
"
  take_stdout
  end_of it
  ends_well
  wait_until has_taken $((LONGEST + 1 + ${#last}))
  stdout_is "$word
$last"
}

# bats test_tags=child_parent,step:3
@test "child_parent: when the parent is killed, the child ends" {
  start_with_full_stdout child_parent
  wait_until_child_waits
  kill -KILL "$(pid_of it)"
  end_of it
  status_is 137
  stderr_has 'write to the pipe: Broken pipe'
}

# bats test_tags=child_parent,step:4
@test "child_parent: the whole message arrives, and a newline is added" {
  random_word
  for message in "$word" x '0123456789' '0123456789abcde' -n; do
    run_program child_parent "$message"
    ends_well
    stdout_matches "$message
child [0-9]+ exited with status 0"
  done
}

# bats test_tags=child_parent,step:4
@test "child_parent: a message larger than the pipe arrives whole" {
  long_message "$LONGEST"
  run_program child_parent "$word"
  ends_well
  [[ $(head -n 1 "$OUT") == "$word" ]]
}

# bats test_tags=child_parent,step:4
@test "child_parent: a message that is written in two parts arrives whole" {
  start_with_full_stdout child_parent
  interrupt "$child" "$(pid_of it)"
  end_of it
  ends_well
  wait_until has_taken "$LONGEST"
  [[ $(head -n 1 "$OUT") == "$word" ]]
}

# bats test_tags=child_parent,step:5
@test "child_parent: the parent sees end of file, since it closed its write end" {
  long_message 15 # more than its buffer, and no multiple of it
  run_program child_parent "$word"
  ends_well
  [[ $(head -n 1 "$OUT") == "$word" ]] ||
    flunk "first line: $word" "$(show "$OUT")"
}

# bats test_tags=child_parent,step:6
@test "child_parent: the parent prints everything up to end of file" {
  long_message 15
  run_program child_parent "$word"
  [[ $(head -n 1 "$OUT") == "$word" ]] ||
    flunk "first line: $word" "$(show "$OUT")"
  run_program child_parent ''
  [[ $(head -n 1 "$OUT") == '' && $(wc -l <"$OUT") == 2 ]] ||
    flunk 'an empty line, then the status' "$(show "$OUT")"
}

# bats test_tags=child_parent,step:7
@test "child_parent: the parent waits, and reports how the child ended" {
  random_word
  run_program child_parent "$word"
  ends_well
  stdout_matches ".*child [0-9]+ exited with status 0"
}

# bats test_tags=child_parent,step:7
@test "child_parent: a killed child is reported, and the exit status is 1" {
  start_with_full_stdout child_parent
  local own_pid
  own_pid=$(pid_inside "$child")
  wait_until_child_waits
  kill -KILL "$child"
  take_stdout
  end_of it
  status_is 1
  wait_until grep -q "^child $own_pid was killed by signal 9$" "$OUT"
}

### pipeline

# bats test_tags=pipeline,step:1
@test "pipeline: a pipe that cannot be made is an error" {
  run_with_descriptors 4 pipeline true '|' true
  fails_with pipe EMFILE
}

# bats test_tags=pipeline,step:2
@test "pipeline: one process per stage, all at the same time" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start it pipeline cat '|' cat '|' cat <"$BATS_TEST_TMPDIR/in"
  wait_until has_children "$(pid_of it)" 3
  exec 8>&-
  end_of it
  ends_well
}

# bats test_tags=pipeline,step:3
@test "pipeline: the output of a stage is the input of the next" {
  random_word
  run_program pipeline printf %s "$word" '|' cat '|' cat
  ends_well
  stdout_is "$word"
}

# bats test_tags=pipeline,step:4
@test "pipeline: only the last stage writes to our standard output" {
  random_word
  run_program pipeline printf %s "$word" '|' tr a-z A-Z '|' cat
  ends_well
  stdout_is "${word^^}"
}

# bats test_tags=pipeline,step:5
@test "pipeline: a single command gets its arguments, and our stdin and stdout" {
  random_word
  run_program pipeline printf '%s|' "$word" 'a b' '' <<<ignored
  ends_well
  stdout_is "$word|a b||"
  run_program pipeline tr a-z A-Z <<<"$word"
  ends_well
  stdout_is "${word^^}
"
}

# bats test_tags=pipeline,step:5
@test "pipeline: 127 for a command that is not found, 126 if it cannot be run" {
  run_program pipeline true '|' ./no-such-command
  status_is 127
  stderr_has 'exec ./no-such-command: No such file or directory (ENOENT)'
  run_program pipeline true '|' /dev/null
  status_is 126
  stderr_has 'exec /dev/null: Permission denied (EACCES)'
  run_program pipeline ./no-such-command '|' echo good
  status_is 0
  stdout_is 'good
'
}

# bats test_tags=pipeline,step:6
@test "pipeline: a stage sees end of file when the previous one has ended" {
  random_word
  run_program pipeline echo "$word" '|' cat '|' wc -c
  ends_well
  [[ $(<"$OUT") -eq $((${#word} + 1)) ]]
}

# bats test_tags=pipeline,step:6
@test "pipeline: a stage gets SIGPIPE when the next one has ended" {
  run_program pipeline yes '|' head -n 1 '|' cat
  ends_well
  stdout_is 'y
'
  # The commands do not inherit that the signal is ignored.
  # shellcheck disable=SC2016
  run_program pipeline sh -c 'kill -PIPE $$'
  status_is 141
}

# bats test_tags=pipeline,step:1
@test "pipeline: no stage has more descriptors than 0, 1 and 2" {
  # ls has one more: the directory that it lists.
  run_program pipeline true '|' ls /proc/self/fd '|' cat
  ends_well
  stdout_is '0
1
2
3
'
  run_program pipeline true '|' true '|' ls /proc/self/fd
  ends_well
  stdout_is '0
1
2
3
'
}

# bats test_tags=pipeline,step:7
@test "pipeline: exits as its last stage does" {
  run_program pipeline false '|' sh -c 'exit 42'
  status_is 42
  run_program pipeline sh -c 'exit 42' '|' true
  status_is 0
  # shellcheck disable=SC2016
  run_program pipeline true '|' sh -c 'kill -KILL $$'
  status_is 137
}

has_one_child_alive() { # PID
  local child count=0
  [[ -e /proc/$1 ]] || return "$NEVER"
  for child in $(children_of "$1"); do
    ! is_alive "$child" || count=$((count + 1))
  done
  ((count == 1))
}

# bats test_tags=pipeline,step:7
@test "pipeline: waits for all stages, not only for the last one" {
  mkfifo "$PLACE/in"
  start it pipeline cat "$PLACE/in" '|' true
  wait_until has_one_child_alive "$(pid_of it)"
  # Let cat end. (This open waits for cat's, but not for ever.)
  # shellcheck disable=SC2016
  run_command sh -c ': >"$1"' sh "$PLACE/in"
  end_of it
  ends_well
  rm "$PLACE/in"
}

@test "pipeline: copies 64 MiB through ten stages, as the shell does" {
  random_file $((64 << 20)) "$BATS_TEST_TMPDIR/data"
  # shellcheck disable=SC2046
  run_program pipeline cat $(printf '| cat %.0s' {1..9}) <"$BATS_TEST_TMPDIR/data"
  ends_well
  stdout_is_file "$BATS_TEST_TMPDIR/data"
}

### two_way

@test "two_way: 64 MiB through a coprocess, any bytes" {
  random_file $((64 << 20)) "$BATS_TEST_TMPDIR/data"
  run_program two_way cat <"$BATS_TEST_TMPDIR/data"
  ends_well
  stdout_is_file "$BATS_TEST_TMPDIR/data"
}

@test "two_way: 100 MB does not hang" {
  # Too much to store: compare checksums.
  # shellcheck disable=SC2016
  run_command sh -c 'yes "0123456789abcdef" | head -c 100000000 |
    "$1" cat | cksum' sh "$PROGRAMS/two_way"
  ends_well
  stdout_is "$(yes 0123456789abcdef | head -c 100000000 | cksum)
"
}

@test "two_way: a command that outputs more than it reads does not hang" {
  yes 0123456789 | head -c 1000000 >"$BATS_TEST_TMPDIR/data"
  run_program two_way sed 's/.*/&&&&&&&&&&&&&&&&&&&&/' <"$BATS_TEST_TMPDIR/data"
  ends_well
  stdout_is_file <(sed 's/.*/&&&&&&&&&&&&&&&&&&&&/' "$BATS_TEST_TMPDIR/data")
}

@test "two_way: no input is end of file for the command" {
  run_program two_way wc -c
  ends_well
  [[ $(<"$OUT") -eq 0 ]]
}

@test "two_way: a command that reads only part of its input is not an error" {
  run_program two_way head -c 5 </dev/zero
  ends_well
  [[ $(stat -c %s "$OUT") == 5 ]]
}

@test "two_way: the command has no descriptors except 0, 1 and 2" {
  run_program two_way ls /proc/self/fd
  ends_well
  stdout_is '0
1
2
3
'
}

@test "two_way: a command that fails or does not exist is an error" {
  run_program two_way false
  status_is 1
  run_program two_way ./no-such-command
  fails_with 'exec ./no-such-command' ENOENT
}

@test "two_way: a command that closes only its output sees end of file" {
  run_program two_way sh -c 'exec >&-; exec tail -c 1 >/dev/null' </dev/zero
  ends_well
}

@test "two_way: ends when the command is killed" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start it two_way cat <"$BATS_TEST_TMPDIR/in"
  wait_until has_children "$(pid_of it)" 1
  kill -KILL "$(children_of "$(pid_of it)")"
  end_of it
  status_is 1
}

@test "two_way: the command ends when two_way is killed" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start it two_way cat <"$BATS_TEST_TMPDIR/in"
  wait_until has_children "$(pid_of it)" 1
  kill -KILL "$(pid_of it)"
  end_of it
  status_is 137
}

### eof, rules, by_file

@test "eof: the endings of a pipe, each true on this kernel" {
  run_program eof
  ends_well
  stdout_is 'write end forgotten: read() would wait for ever (EAGAIN)
last write end closed: read() returned 0
last read end closed: write() killed its process (SIGPIPE)
the same, SIGPIPE ignored: write() failed (EPIPE)
'
}

@test "eof: prints the same if SIGPIPE was ignored when it was started" {
  # shellcheck disable=SC2016
  run_command sh -c 'trap "" PIPE; exec "$1"' sh "$PROGRAMS/eof"
  ends_well
  [[ $(wc -l <"$OUT") == 4 ]]
}

@test "rules: each is tried, and the kernel objects" {
  run_program rules
  ends_well
  stdout_matches 'lseek on a pipe: .* \(ESPIPE\)
write to the read end: .* \(EBADF\)
read from the write end: .* \(EBADF\)
fcntl in a process forked before: .* \(EBADF\)'
}

@test "by_file: a reader that comes too early does not wait" {
  random_word
  run_program by_file "$word"
  ends_well
  stdout_is "before the write: read() returned 0, it did not wait
after the write: read() returned ${#word}: $word
"
}

@test "by_file: a long message, and an empty one" {
  long_message "$LONGEST"
  for message in "$word" ''; do
    run_program by_file "$message"
    ends_well
    stdout_is "before the write: read() returned 0, it did not wait
after the write: read() returned ${#message}: $message
"
  done
}

### capacity

# What the kernel gives a new pipe: self refuses a message that is larger.
size_of_a_pipe() {
  run_command "$PEER/self" "$(printf %0131071d 0)"
  sed 's/.*only //' "$ERR"
}

# bats test_tags=capacity,step:1
@test "capacity: a pipe that cannot be made is an error" {
  run_with_descriptors 4 capacity
  fails_with pipe EMFILE
}

# bats test_tags=capacity,step:2
@test "capacity: BYTES sets the size, rounded up to a power of two pages" {
  for bytes in 65536 131072 1048576; do
    run_program capacity "$bytes"
    ends_well
    stdout_matches "capacity $bytes bytes
.*"
  done
  run_program capacity 100000
  ends_well
  stdout_matches "capacity 131072 bytes
.*"
}

# bats test_tags=capacity,step:2
@test "capacity: a size above the limit is refused" {
  local limited=()
  if ((EUID == 0)); then
    command -v setpriv >/dev/null || skip 'run by root, and setpriv is not installed'
    limited=(setpriv --bounding-set=-sys_resource)
  fi
  local bytes=$(($(</proc/sys/fs/pipe-max-size) + 1))
  run_command "${limited[@]}" "$PROGRAMS/capacity" "$bytes"
  fails_with "fcntl F_SETPIPE_SZ $bytes" EPERM
}

# bats test_tags=capacity,step:3
@test "capacity: does not wait when the pipe is full" {
  run_program capacity
  ends_well
  stdout_matches 'capacity [1-9][0-9]* bytes
.*'
}

# bats test_tags=capacity,step:4
@test "capacity: counts as many bytes as F_GETPIPE_SZ returns" {
  local size
  size=$(size_of_a_pipe)
  run_program capacity
  ends_well
  stdout_matches "capacity $size bytes
.*"
}

# bats test_tags=capacity,step:5
@test "capacity: PIPE_BUF is what getconf prints" {
  run_program capacity
  ends_well
  stdout_matches ".*PIPE_BUF $(getconf PIPE_BUF /) bytes"
}

### atomic, barrier, shared

@test "atomic: up to PIPE_BUF no record is torn" {
  for line in '1 1' '3 100' '26 4096' '10 4095'; do
    # shellcheck disable=SC2086
    run_program atomic $line
    ends_well
    stdout_is "${line% *} writers, ${line% *}00 records of ${line#* } bytes: 0 torn
"
  done
}

@test "atomic: larger records arrive too, torn or not" {
  run_program atomic 4 262144
  ends_well
  stdout_matches '4 writers, 400 records of 262144 bytes: [0-9]+ torn'
}

@test "barrier: all children are ready before the parent continues" {
  for children in 1 7 200; do
    PROCESSES=300 run_program barrier "$children"
    ends_well
    [[ $(head -n -1 "$OUT" | grep -cE '^child [0-9]+: ready$') == "$children" ]]
    [[ $(head -n -1 "$OUT" | sort -u | wc -l) == "$children" ]]
    [[ $(tail -n 1 "$OUT") =~ ^parent\ [0-9]+:\ go$ ]]
  done
}

@test "shared: every byte is taken once, whoever takes it" {
  for readers in 1 2 9; do
    run_program shared "$readers"
    ends_well
    [[ $(grep -cE '^child [0-9]+: took [0-9]+ bytes$' "$OUT") == "$readers" ]]
    [[ $(awk '/^child/ { sum += $4 } END { print sum }' "$OUT") == 1048576 ]]
    [[ $(tail -n 1 "$OUT") =~ ^parent\ [0-9]+:\ sent\ 1048576\ bytes$ ]]
  done
}
