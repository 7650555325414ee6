#!/usr/bin/env bats
# The lab fifo: a pipe with a name.
#
# run: writer $PLACE/f peer: reader $PLACE/f
# run: reader $PLACE/f peer: writer $PLACE/f
# run: nonblock $PLACE/f
# run: number_server $PLACE/n client: number_client $PLACE/n 1
# run: number_client $PLACE/n 3 server: number_server $PLACE/n

load helper

# What a pair is given, and must give back.
prepare_data() { # BYTES
  DATA=$BATS_TEST_TMPDIR/data
  random_file "$1" "$DATA"
}

is_fifo() { [[ -p $1 ]]; }
is_gone() { [[ ! -e $1 ]]; }

# Many calls wait for data; a test asks only whether it is one of them.
READS='(readv?|poll|select6?|epoll_p?wait|splice)'
POLLS='(poll|select6?|epoll_p?wait)'
WRITES='(writev?|poll|select6?|epoll_p?wait|splice)'

has_ended_or_waits_in() { # PID CALL
  is_alive "$1" || return 0
  waits_in "$1" "$2" || return 1
}

is_stopped() { # PID
  local state
  read -r _ _ state _ 2>/dev/null <"/proc/$1/stat" || return "$NEVER"
  [[ $state == T ]]
}

# Its write() has begun, and returns with what it has written.
cut_short() { # PID
  wait_until waits_in "$1" "$WRITES"
  kill -STOP "$1"
  wait_until is_stopped "$1"
  kill -CONT "$1"
}

# The other end, by a process that does not wait for ever if nobody comes.
take_from() { run_command cat "$1"; } # FIFO: to $OUT
put_into() {                          # FIFO LINE
  # shellcheck disable=SC2016
  run_command sh -c 'echo "$2" >"$1"' sh "$1" "$2"
}

# A server with the number of the next client's first number in its hands.
start_server() { # PROGRAM-STARTER: start or start_peer
  "$1" server number_server "$PLACE/numbers"
  wait_until has_line server "listening on $PLACE/numbers"
}

stop_server() {
  kill -TERM "$(pid_of server)"
  end_of server
  status_is 0
}

### Every program

@test "wrong arguments are a usage error, and --help says what is right" {
  for name in writer reader nonblock number_server; do
    refuses "$name"
    refuses "$name" "$PLACE/a" "$PLACE/b"
  done
  refuses number_client "$PLACE/a"
  refuses number_client "$PLACE/a" 1 2
}

@test "numbers are parsed strictly" {
  local rule='COUNT must be a number from 1 to 1000000, not'
  rejects "$rule \"0\"" number_client "$PLACE/a" 0
  rejects "$rule \"1x\"" number_client "$PLACE/a" 1x
  rejects "$rule \"1000001\"" number_client "$PLACE/a" 1000001
}

@test "nonblock: each case of open() and read()" {
  run_program nonblock "$PLACE/f"
  ends_well
  stdout_is 'open for writing, nobody reads: -1, ENXIO
open for reading, nobody writes: 3
read, nobody writes: 0
open for writing, somebody reads: 4
read, nothing written yet: -1, EAGAIN
write one byte: 1
read, one byte written: 1
read, the writer has closed: 0
'
}

@test "nonblock: a name that is taken is left alone" {
  echo precious >"$PLACE/f"
  run_program nonblock "$PLACE/f"
  fails_with "mkfifo $PLACE/f" EEXIST
  [[ $(<"$PLACE/f") == precious ]]
  rm "$PLACE/f"
}

@test "that the output is full is an error" {
  STDOUT=/dev/full run_program nonblock "$PLACE/f"
  fails_with 'write to stdout' ENOSPC
  STDOUT=/dev/full run_program number_server "$PLACE/f"
  fails_with 'write to stdout' ENOSPC
  start_server start_peer
  STDOUT=/dev/full run_program number_client "$PLACE/numbers" 3
  fails_with 'write to stdout' ENOSPC
  stop_server
}

### writer

# bats test_tags=writer,step:1
@test "writer: makes the FIFO if it is not there" {
  start it writer "$PLACE/f" <<<hello
  wait_until is_fifo "$PLACE/f"
  [[ $(stat -c %A "$PLACE/f") == prw* ]] ||
    flunk 'a FIFO that its owner may read and write' "$(ls -l "$PLACE/f")"
  take_from "$PLACE/f"
  stdout_is 'hello
'
  end_of it
  status_is 0
  rm "$PLACE/f"
}

# bats test_tags=writer,step:1
@test "writer: that the FIFO cannot be made is an error" {
  run_program writer "$PLACE/no/f"
  fails_with "mkfifo $PLACE/no/f" ENOENT
}

# bats test_tags=writer,step:2
@test "writer: waits in open() until there is a reader" {
  mkfifo "$PLACE/f"
  start it writer "$PLACE/f" <<<hello
  wait_until waits_in "$(pid_of it)" open
  take_from "$PLACE/f"
  stdout_is 'hello
'
  end_of it
  status_is 0
  rm "$PLACE/f"
}

# bats test_tags=writer,step:2
@test "writer: a PATH that cannot be opened is an error" {
  run_program writer "$PLACE"
  fails_with "open $PLACE" EISDIR
  ln -s "$PLACE/nowhere" "$PLACE/link"
  run_program writer "$PLACE/link"
  fails_with "open $PLACE/link" ENOENT
  rm "$PLACE/link"
}

# bats test_tags=writer,step:3
@test "writer: a PATH that is no FIFO is refused and left alone" {
  echo precious >"$PLACE/f"
  run_program writer "$PLACE/f" <<<hello
  fails_with "$PLACE/f is not a FIFO"
  [[ $(<"$PLACE/f") == precious ]]
  rm "$PLACE/f"
}

# bats test_tags=writer,step:4
@test "writer: that the reader is gone is an error, not a death by SIGPIPE" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start it writer "$PLACE/f" <"$BATS_TEST_TMPDIR/in"
  wait_until waits_in "$(pid_of it)" open
  start_peer other reader "$PLACE/f"
  wait_until is_gone "$PLACE/f"
  kill -KILL "$(pid_of other)"
  end_of other
  echo too late >&8
  exec 8>&-
  end_of it
  fails_with "write to $PLACE/f" EPIPE
}

# bats test_tags=writer,step:5
@test "writer: standard input arrives whole, also if the reader was first" {
  random_word
  start_peer other reader "$PLACE/f"
  wait_until waits_in "$(pid_of other)" open
  printf %s "$word" >"$BATS_TEST_TMPDIR/data"
  run_program writer "$PLACE/f" <"$BATS_TEST_TMPDIR/data"
  status_is 0
  end_of other
  stdout_is "$word"
}

# bats test_tags=writer,step:5
@test "writer: 64 MiB of any bytes arrive whole" {
  prepare_data $(((64 << 20) + 1)) # no multiple of a buffer
  start it writer "$PLACE/f" <"$DATA"
  wait_until waits_in "$(pid_of it)" open
  start_peer other reader "$PLACE/f"
  end_of it
  status_is 0
  end_of other
  stdout_is_file "$DATA"
}

# bats test_tags=writer,step:5
@test "writer: what comes in parts is sent part by part" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start it writer "$PLACE/f" <"$BATS_TEST_TMPDIR/in"
  wait_until waits_in "$(pid_of it)" open
  start_peer other reader "$PLACE/f"
  printf 'half a li' >&8
  wait_until has_line other 'half a li'
  echo ne >&8
  exec 8>&-
  end_of it
  status_is 0
  end_of other
  stdout_is 'half a line
'
}

# bats test_tags=writer,step:5
@test "writer: a write() that is cut short is continued" {
  prepare_data 131072
  mkfifo "$PLACE/f"
  exec 8<>"$PLACE/f" # so that there is a reader, who does not read
  echo >&8 # takes a page: the last one of a large write() finds no room
  start it writer "$PLACE/f" <"$DATA"
  cut_short "$(pid_of it)"
  start_command other cat <"$PLACE/f"
  exec 8>&-
  end_of it
  status_is 0
  end_of other
  stdout_is_file <(echo; cat "$DATA")
  rm "$PLACE/f"
}

# bats test_tags=writer,step:1
@test "writer: SIGINT and SIGTERM while it waits end it, the FIFO is removed" {
  for signal in INT TERM; do
    start it writer "$PLACE/f"
    wait_until waits_in "$(pid_of it)" open
    kill "-$signal" "$(pid_of it)"
    end_of it
    status_is $((128 + $(kill -l "$signal")))
    is_gone "$PLACE/f"
  done
}

# bats test_tags=writer,step:1
@test "writer: a FIFO that it did not make is not removed" {
  mkfifo "$PLACE/f"
  start it writer "$PLACE/f"
  wait_until waits_in "$(pid_of it)" open
  kill -TERM "$(pid_of it)"
  end_of it
  is_fifo "$PLACE/f"
  rm "$PLACE/f"
}

### reader

# bats test_tags=reader,step:1
@test "reader: makes the FIFO if it is not there" {
  start it reader "$PLACE/f"
  wait_until is_fifo "$PLACE/f"
  [[ $(stat -c %A "$PLACE/f") == prw* ]] ||
    flunk 'a FIFO that its owner may read and write' "$(ls -l "$PLACE/f")"
  put_into "$PLACE/f" hello
  end_of it
  status_is 0
  stdout_is 'hello
'
}

# bats test_tags=reader,step:1
@test "reader: that the FIFO cannot be made is an error" {
  run_program reader "$PLACE/no/f"
  fails_with "mkfifo $PLACE/no/f" ENOENT
}

# bats test_tags=reader,step:2
@test "reader: waits in open() until there is a writer" {
  mkfifo "$PLACE/f"
  start it reader "$PLACE/f"
  wait_until waits_in "$(pid_of it)" open
  put_into "$PLACE/f" hello
  end_of it
  status_is 0
  stdout_is 'hello
'
}

# bats test_tags=reader,step:2
@test "reader: a PATH that cannot be opened is an error" {
  ln -s "$PLACE/nowhere" "$PLACE/link"
  run_program reader "$PLACE/link"
  fails_with "open $PLACE/link" ENOENT
  rm "$PLACE/link"
}

# bats test_tags=reader,step:3
@test "reader: a PATH that is no FIFO is refused and left alone" {
  echo precious >"$PLACE/f"
  run_program reader "$PLACE/f"
  fails_with "$PLACE/f is not a FIFO"
  [[ ! -s $OUT && $(<"$PLACE/f") == precious ]]
  rm "$PLACE/f"
  run_program reader "$PLACE"
  fails_with "$PLACE is not a FIFO"
}

# bats test_tags=reader,step:4
@test "reader: removes the name as soon as both have met" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start_peer other writer "$PLACE/f" <"$BATS_TEST_TMPDIR/in"
  wait_until waits_in "$(pid_of other)" open
  start it reader "$PLACE/f"
  wait_until waits_in "$(pid_of it)" "$READS"
  is_gone "$PLACE/f" || flunk "no $PLACE/f any more" "$(ls -l "$PLACE/f")"
  exec 8>&-
  end_of it
  status_is 0
  end_of other
}

# bats test_tags=reader,step:5
@test "reader: all that comes is printed, also if the writer was first" {
  random_word
  start_peer other writer "$PLACE/f" <<<"$word"
  wait_until waits_in "$(pid_of other)" open
  run_program reader "$PLACE/f"
  status_is 0
  stdout_is "$word
"
}

# bats test_tags=reader,step:5
@test "reader: 64 MiB of any bytes arrive whole" {
  prepare_data $(((64 << 20) + 1)) # no multiple of a buffer
  start_peer other writer "$PLACE/f" <"$DATA"
  wait_until waits_in "$(pid_of other)" open
  run_program reader "$PLACE/f"
  status_is 0
  stdout_is_file "$DATA"
}

# bats test_tags=reader,step:5
@test "reader: what comes in parts is printed part by part" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start_peer other writer "$PLACE/f" <"$BATS_TEST_TMPDIR/in"
  wait_until waits_in "$(pid_of other)" open
  start it reader "$PLACE/f"
  printf 'half a li' >&8
  wait_until has_line it 'half a li'
  echo ne >&8
  exec 8>&-
  end_of it
  status_is 0
  stdout_is 'half a line
'
}

# bats test_tags=reader,step:5
@test "reader: a write() that is cut short is continued" {
  local out=$BATS_TEST_TMPDIR/slow
  prepare_data 65536
  mkfifo "$PLACE/f" "$out"
  exec 7<>"$PLACE/f" 8<>"$out"
  cat "$DATA" >&7
  echo >&8 # takes a page: the last one of a large write() finds no room
  STDOUT=$out start it reader "$PLACE/f"
  cut_short "$(pid_of it)"
  exec 7>&-
  start_command other cat <"$out"
  exec 8>&-
  end_of it
  status_is 0
  end_of other
  stdout_is_file <(echo; cat "$DATA")
}

# bats test_tags=reader,step:5
@test "reader: that the output is full is an error" {
  start_peer other writer "$PLACE/f" <<<hello
  wait_until waits_in "$(pid_of other)" open
  STDOUT=/dev/full run_program reader "$PLACE/f"
  fails_with 'write to stdout' ENOSPC
}

@test "reader: no input is no output" {
  start_peer other writer "$PLACE/f" </dev/null
  run_program reader "$PLACE/f"
  status_is 0
  stdout_is ''
}

@test "reader: ends when the writer is killed, with what came before" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start_peer other writer "$PLACE/f" <"$BATS_TEST_TMPDIR/in"
  start it reader "$PLACE/f"
  printf 'half a li' >&8
  wait_until has_line it 'half a li'
  kill -KILL "$(pid_of other)"
  end_of it
  status_is 0
  stdout_is 'half a li'
}

@test "reader: dies of SIGPIPE when nobody reads its output, as filters do" {
  start_peer other writer "$PLACE/f" </dev/zero
  # shellcheck disable=SC2016
  run_command bash -c '"$1" "$2" | head -c 10 | wc -c; echo "${PIPESTATUS[0]}"' \
    bash "$PROGRAMS/reader" "$PLACE/f"
  [[ $(tr -d ' \n' <"$OUT") == 10141 ]]
  end_of other
  status_is 1
}

# bats test_tags=reader,step:1
@test "reader: SIGINT and SIGTERM while it waits end it, the FIFO is removed" {
  for signal in INT TERM; do
    start it reader "$PLACE/f"
    wait_until waits_in "$(pid_of it)" open
    kill "-$signal" "$(pid_of it)"
    end_of it
    status_is $((128 + $(kill -l "$signal")))
    is_gone "$PLACE/f"
  done
}

@test "writer and reader: a name that is gone again is made again" {
  strace -f -o /dev/null true 2>/dev/null || skip 'strace is not here'
  [[ -z ${SANITIZE-} ]] || skip 'a sanitizer does not work under strace'
  # For the first open() of PATH by each of them the name is not there.
  local name
  for name in writer reader; do
    start_command "$name" strace -qq -o "$BATS_TEST_TMPDIR/$name.log" \
      -P "$PLACE/f" -e inject=open,openat:error=ENOENT:when=1 \
      "$PROGRAMS/$name" "$PLACE/f" <<<hello
  done
  end_of writer
  status_is 0
  end_of reader
  status_is 0
  stdout_is 'hello
'
  grep -q INJECTED "$BATS_TEST_TMPDIR/writer.log"
  grep -q INJECTED "$BATS_TEST_TMPDIR/reader.log"
}

@test "writer and reader: fifty pairs, one after the other, meet at one name" {
  for i in {1..50}; do
    start "w$i" writer "$PLACE/f" <<<"message $i"
    start "r$i" reader "$PLACE/f"
    end_of "w$i"
    status_is 0
    end_of "r$i"
    status_is 0
    stdout_is "message $i
"
  done
}

### number_server

# bats test_tags=number_server,step:1
@test "number_server: makes the FIFO, or says why it cannot" {
  run_program number_server "$PLACE/no/f"
  fails_with "mkfifo $PLACE/no/f" ENOENT
  start_server start
  is_fifo "$PLACE/numbers"
  stop_server
}

# bats test_tags=number_server,step:1
@test "number_server: uses a FIFO that a crashed server left behind" {
  start_server start
  kill -KILL "$(pid_of server)"
  end_of server
  is_fifo "$PLACE/numbers"
  start_server start
  run_command "$PEER/number_client" "$PLACE/numbers" 1
  stdout_is '1
'
  stop_server
}

# bats test_tags=number_server,step:2
@test "number_server: is ready before there is any client" {
  start_server start
  stop_server
  stdout_is "listening on $PLACE/numbers
"
}

# bats test_tags=number_server,step:3
@test "number_server: waits for more when its last client has gone" {
  start_server start
  run_command "$PEER/number_client" "$PLACE/numbers" 1
  wait_until waits_in "$(pid_of server)" "$READS"
  run_command "$PEER/number_client" "$PLACE/numbers" 1
  stdout_is '2
'
  stop_server
}

# bats test_tags=number_server,step:4
@test "number_server: a client that died before the reply stops nobody" {
  start_server start
  kill -STOP "$(pid_of server)"
  start_peer client number_client "$PLACE/numbers" 5
  wait_until waits_in "$(pid_of client)" poll
  kill -KILL "$(pid_of client)"
  end_of client
  kill -CONT "$(pid_of server)"
  run_command "$PEER/number_client" "$PLACE/numbers" 1
  stdout_is '1
'
  stop_server
  stderr_has "open $PLACE/numbers.$(own_pid_of client): No such device or address"
  rm "$PLACE/numbers.$(own_pid_of client)"
}

# bats test_tags=number_server,step:4
@test "number_server: a client whose FIFO is gone stops nobody" {
  start_server start
  kill -STOP "$(pid_of server)"
  start_peer client number_client "$PLACE/numbers" 5
  wait_until waits_in "$(pid_of client)" poll
  kill -TERM "$(pid_of client)"
  end_of client
  kill -CONT "$(pid_of server)"
  run_command "$PEER/number_client" "$PLACE/numbers" 1
  stdout_is '1
'
  stop_server
  stderr_has "open $PLACE/numbers.$(own_pid_of client): No such file or directory"
}

# bats test_tags=number_server,step:5
@test "number_server: each client gets the numbers after the last one's" {
  start_server start
  run_command "$PEER/number_client" "$PLACE/numbers" 3
  stdout_is '1
2
3
'
  run_command "$PEER/number_client" "$PLACE/numbers" 2
  stdout_is '4
5
'
  stop_server
}

# bats test_tags=number_server,step:5
@test "number_server: 30 clients at once, and no number is given twice" {
  start_server start
  for i in {1..30}; do
    start_peer "client$i" number_client "$PLACE/numbers" 100
  done
  for i in {1..30}; do
    end_of "client$i"
    status_is 0
    # Consecutive: as many different ones as the last is from the first.
    awk 'NR > 1 && $1 != last + 1 { exit 1 } { last = $1 }
      END { exit NR != 100 }' "$OUT" ||
      flunk '100 consecutive numbers' "$(show "$OUT")"
    cat "$OUT" >>"$BATS_TEST_TMPDIR/all"
  done
  [[ $(sort -n "$BATS_TEST_TMPDIR/all") == "$(seq 3000)" ]]
  stop_server
}

# bats test_tags=number_server,step:5
@test "number_server: a client whose FIFO is full stops nobody, and gets nothing" {
  start_server start
  # A client with the pid 1 that asks for five numbers: see fifo.h.
  mkfifo "$PLACE/numbers.1"
  exec 8<>"$PLACE/numbers.1"
  dd if=/dev/zero of="$PLACE/numbers.1" oflag=nonblock bs=4096 2>/dev/null || :
  printf 'BMUN\1\0\0\0\5\0\0\0' 1<>"$PLACE/numbers"
  run_command "$PEER/number_client" "$PLACE/numbers" 1
  stdout_is '1
'
  stop_server
  stderr_has "write to $PLACE/numbers.1: Resource temporarily unavailable"
  exec 8>&-
  rm "$PLACE/numbers.1"
}

@test "number_server: rubbish in its FIFO stops nobody" {
  start_server start
  printf 'rubbish' >"$PLACE/numbers"
  random_file 10000 "$BATS_TEST_TMPDIR/rubbish"
  cat "$BATS_TEST_TMPDIR/rubbish" >"$PLACE/numbers"
  run_command "$PEER/number_client" "$PLACE/numbers" 2
  status_is 0
  stdout_is '1
2
'
  stop_server
}

@test "number_server: a second server is refused, the first goes on" {
  start_server start
  run_program number_server "$PLACE/numbers"
  fails_with "flock $PLACE/numbers" EAGAIN
  run_command "$PEER/number_client" "$PLACE/numbers" 1
  status_is 0
  stop_server
}

@test "number_server: a PATH that is no FIFO is refused and left alone" {
  echo precious >"$PLACE/f"
  run_program number_server "$PLACE/f"
  fails_with "$PLACE/f is not a FIFO"
  [[ $(<"$PLACE/f") == precious ]]
  rm "$PLACE/f"
}

@test "number_server: SIGINT and SIGTERM end it with exit 0, the FIFO is removed" {
  for signal in INT TERM; do
    start_server start
    kill "-$signal" "$(pid_of server)"
    end_of server
    ends_well
    is_gone "$PLACE/numbers"
  done
}

### number_client

# bats test_tags=number_client,step:1
@test "number_client: that its FIFO cannot be made is an error" {
  run_program number_client "$PLACE/no/f" 1
  fails_with "mkfifo $PLACE/no/f." ENOENT
}

# bats test_tags=number_client,step:2
@test "number_client: has its FIFO open for reading before it asks" {
  start_server start_peer
  kill -STOP "$(pid_of server)"
  start it number_client "$PLACE/numbers" 1
  local pid
  pid=$(pid_of it)
  wait_until waits_in "$pid" "$POLLS"
  find "/proc/$pid/fd" -lname "$PLACE/numbers.$(pid_inside "$pid")" -perm -400 |
    grep -q . ||
    flunk "$PLACE/numbers.PID open for reading" "$(ls -l "/proc/$pid/fd")"
  kill -CONT "$(pid_of server)"
  end_of it
  ends_well
  stop_server
}

# bats test_tags=number_client,step:3
@test "number_client: says at once that there is no server" {
  run_program number_client "$PLACE/f" 1
  fails_with "open $PLACE/f" ENOENT
  mkfifo "$PLACE/f"
  run_program number_client "$PLACE/f" 1
  fails_with "open $PLACE/f" ENXIO
  rm "$PLACE/f"
}

# bats test_tags=number_client,step:4
@test "number_client: asks for as many numbers as were wanted" {
  start_server start_peer
  run_program number_client "$PLACE/numbers" 2
  ends_well
  run_command "$PEER/number_client" "$PLACE/numbers" 1
  stdout_is '3
'
  stop_server
}

# bats test_tags=number_client,step:4
@test "number_client: that the request cannot be written is an error" {
  mkfifo "$PLACE/numbers"
  exec 8<>"$PLACE/numbers"
  dd if=/dev/zero of="$PLACE/numbers" oflag=nonblock bs=4096 2>/dev/null || :
  start it number_client "$PLACE/numbers" 1
  # If it waits for room instead: there will be none, and nobody who reads.
  wait_until has_ended_or_waits_in "$(pid_of it)" "$WRITES"
  exec 8>&-
  end_of it
  fails_with "write to $PLACE/numbers"
  rm "$PLACE/numbers"
}

# bats test_tags=number_client,step:5
@test "number_client: waits for a server that takes its time" {
  start_server start_peer
  kill -STOP "$(pid_of server)"
  start it number_client "$PLACE/numbers" 3
  wait_until waits_in "$(pid_of it)" "$POLLS"
  kill -CONT "$(pid_of server)"
  end_of it
  ends_well
  stop_server
}

# bats test_tags=number_client,step:5
@test "number_client: does not wait for a server that has died" {
  start_server start_peer
  kill -STOP "$(pid_of server)"
  start it number_client "$PLACE/numbers" 3
  wait_until waits_in "$(pid_of it)" "$POLLS"
  kill -KILL "$(pid_of server)"
  end_of server
  end_of it
  fails_with "$PLACE/numbers ended without a reply"
  rm "$PLACE/numbers"
}

# bats test_tags=number_client,step:6
@test "number_client: prints the numbers that it was given, one a line" {
  start_server start_peer
  local count=$((1 + RANDOM % 1000))
  run_command "$PEER/number_client" "$PLACE/numbers" "$count"
  run_program number_client "$PLACE/numbers" 3
  ends_well
  stdout_is "$((count + 1))
$((count + 2))
$((count + 3))
"
  stop_server
}

@test "number_client: a PATH that is no FIFO is refused and left alone" {
  echo precious >"$PLACE/f"
  run_program number_client "$PLACE/f" 1
  fails_with "$PLACE/f is not a FIFO"
  [[ $(<"$PLACE/f") == precious ]]
  rm "$PLACE/f"
}

# bats test_tags=number_client,step:1
@test "number_client: SIGINT and SIGTERM while it waits remove its FIFO" {
  start_server start_peer
  kill -STOP "$(pid_of server)"
  for signal in INT TERM; do
    start it number_client "$PLACE/numbers" 3
    wait_until waits_in "$(pid_of it)" "$POLLS"
    kill "-$signal" "$(pid_of it)"
    end_of it
    status_is $((128 + $(kill -l "$signal")))
    is_gone "$PLACE/numbers.$(own_pid_of it)"
  done
  kill -CONT "$(pid_of server)"
  stop_server
}
