#!/usr/bin/env bats
# The lab fifo: a pipe with a name.
#
# run: writer $PLACE/f peer: reader $PLACE/f
# run: reader $PLACE/f peer: writer $PLACE/f
# run: nonblock $PLACE/f
# run: number_server $PLACE/n client: number_client $PLACE/n 1
# run: number_client $PLACE/n 3 server: number_server $PLACE/n

load helper

# A pair must transmit these bytes unchanged.
prepare_data() { # BYTES
  DATA=$BATS_TEST_TMPDIR/data
  random_file "$1" "$DATA"
}

is_fifo() { [[ -p $1 ]]; }

has_gone() { # FILE
  [[ ! -e $1 ]] || flunk "$1 is removed" "$(ls -l "$1")"
}

is_left() { # FIFO
  is_fifo "$1" || flunk "$1 is left where it was" 'it is gone'
}

# A file that is not a FIFO, and that no program may change.
make_file() { echo precious >"$1"; } # FILE
is_untouched() {                     # FILE
  [[ $(cat "$1" 2>&1) == precious ]] ||
    flunk "$1 is left as it was" "$(cat "$1" 2>&1)"
}

# Many calls wait for data; a test asks only whether it is one of them.
READS='(readv?|poll|select6?|epoll_p?wait|splice)'
POLLS='(poll|select6?|epoll_p?wait)'
WRITES='(writev?|poll|select6?|epoll_p?wait|splice)'

has_ended_or_waits_in() { # PID CALL
  is_alive "$1" || return 0
  waits_in "$1" "$2" || return 1
}

# Interrupt its write(), which then returns the number of bytes written so far.
cut_short() { # PID
  wait_until waits_in "$1" "$WRITES"
  kill -STOP "$1"
  wait_until is_stopped "$1"
  kill -CONT "$1"
}

# A link, because a wrong program might remove the name, even as root.
link_to_device() { ln -s /dev/null "$PLACE/null"; }

# The other end, in a process that has a time limit.
take_from() { run_command cat "$1"; } # FIFO: to $OUT
put_into() {                          # FIFO LINE
  # shellcheck disable=SC2016
  run_command sh -c 'echo "$2" >"$1"' sh "$1" "$2"
}

# In any words; but the line that is printed before open() is not meant.
names() { # OBJECT [ENAME]: a message names the object and the reason
  local reason=${2-}
  case $reason in
    EAGAIN) reason+='|Resource temporarily unavailable' ;;
    EEXIST) reason+='|File exists' ;;
    EISDIR) reason+='|Is a directory' ;;
    EMFILE) reason+='|Too many open files|No file descriptors available' ;;
    ENOENT) reason+='|No such file or directory' ;;
    ENOSPC) reason+='|No space left on device' ;;
    ENXIO) reason+='|No such device or address' ;;
    EPIPE) reason+='|Broken pipe' ;;
  esac
  sed 's/standard input/stdin/; s/standard output/stdout/' "$ERR" |
    grep -v ': waiting for ' | grep -F -- "$1" | grep -qE -- "$reason" ||
    flunk "a message that names $1${2:+ and the reason, $2}" "$(show "$ERR")"
}

fails_on() { # OBJECT [ENAME]
  status_is 1
  names "$@"
}

# The server under test. The test holds a write end of its FIFO, so that a
# mistake in step 2 or 3 does not cost the points of later steps.
start_server() {
  start server number_server "$PLACE/numbers"
  hold_write_end
}

hold_write_end() { # as a client that is always there
  wait_until is_fifo "$PLACE/numbers"
  # shellcheck disable=SC2094
  exec 7<>"$PLACE/numbers" 8>"$PLACE/numbers" 7>&-
  wait_until has_line server "listening on $PLACE/numbers"
}

# The server for a client under test.
start_peer_server() {
  start_peer server number_server "$PLACE/numbers"
  wait_until has_line server "listening on $PLACE/numbers"
}

stop_server() {
  kill -TERM "$(pid_of server)"
  end_of server
  status_is 0
  rm -f "$PLACE/numbers" # a test of step 1 checks that the server removes it
}

# Each client of the server under test is ours.
ask_for() { # COUNT
  run_command "$PEER/number_client" "$PLACE/numbers" "$1"
}

# Put NULs into a FIFO until not even a small request fits: 4 bytes of each page
# stay free, but only whole requests are written.
fill() { # FIFO, which somebody has open for reading
  local page
  page=$(getconf PAGESIZE 2>/dev/null || echo 4096)
  dd if=/dev/zero of="$1" oflag=nonblock bs=$((page - 4)) 2>/dev/null || :
}

# How many bytes other than NUL are in a FIFO? They are removed.
content_of() { # FIFO, which somebody has open for writing
  dd if="$1" iflag=nonblock bs=65536 2>/dev/null | tr -d '\0' | wc -c
}

has_ended_or_asked() { # PID of a client; the test holds both ends
  is_alive "$1" || return 0
  (($(content_of "$PLACE/numbers") > 0))
}

### Every program

@test "wrong arguments are a usage error, and --help prints the usage line" {
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
  make_file "$PLACE/f"
  run_program nonblock "$PLACE/f"
  fails_with "mkfifo $PLACE/f" EEXIST
  is_untouched "$PLACE/f"
  rm "$PLACE/f"
}

@test "output to a full device is an error" {
  STDOUT=/dev/full run_program nonblock "$PLACE/f"
  fails_with 'write to stdout' ENOSPC
  STDOUT=/dev/full run_program number_server "$PLACE/f"
  fails_with 'write to stdout' ENOSPC
  start_peer_server
  STDOUT=/dev/full run_program number_client "$PLACE/numbers" 3
  fails_with 'write to stdout' ENOSPC
  stop_server
}

### writer

# bats test_tags=writer,step:1
@test "writer: makes the FIFO if there is none" {
  start it writer "$PLACE/f" <<<hello
  wait_until is_fifo "$PLACE/f"
  [[ $(stat -c %A "$PLACE/f") == prw* ]] ||
    flunk 'a FIFO that its owner may read and write' "$(ls -l "$PLACE/f")"
  take_from "$PLACE/f"
  stdout_is 'hello
'
  end_of it
  status_is 0
  rm -f "$PLACE/f"
}

# bats test_tags=writer,step:1
@test "writer: a FIFO that cannot be made is an error, and not waited for" {
  run_program writer "$PLACE/no/f"
  fails_on "$PLACE/no/f" ENOENT
  ! grep -q ': waiting for ' "$ERR" ||
    flunk 'no waiting for a FIFO that does not exist' "$(show "$ERR")"
}

# bats test_tags=writer,step:1
@test "writer: removes the FIFO that it made once all is written" {
  start it writer "$PLACE/f" <<<hello
  wait_until is_fifo "$PLACE/f"
  take_from "$PLACE/f"
  end_of it
  status_is 0
  has_gone "$PLACE/f"
}

# bats test_tags=writer,step:1
@test "writer: removes the FIFO that it made if SIGINT or SIGTERM ends it" {
  for signal in INT TERM; do
    start it writer "$PLACE/f"
    wait_until waits_in "$(pid_of it)" open
    kill "-$signal" "$(pid_of it)"
    end_of it
    status_is $((128 + $(kill -l "$signal")))
    has_gone "$PLACE/f"
  done
}

# bats test_tags=writer,step:1
@test "writer: leaves a FIFO that it did not make" {
  mkfifo "$PLACE/f"
  start it writer "$PLACE/f" <<<hello
  take_from "$PLACE/f"
  end_of it
  status_is 0
  is_left "$PLACE/f"
  start it writer "$PLACE/f"
  wait_until waits_in "$(pid_of it)" open
  kill -TERM "$(pid_of it)"
  end_of it
  is_left "$PLACE/f"
  rm "$PLACE/f"
}

# bats test_tags=writer,step:2
@test "writer: waits in open() until there is a reader" {
  start it writer "$PLACE/f" <<<hello
  wait_until waits_in "$(pid_of it)" open
  take_from "$PLACE/f"
  stdout_is 'hello
'
  end_of it
  status_is 0
  rm -f "$PLACE/f"
}

# bats test_tags=writer,step:2
@test "writer: a PATH that cannot be opened is an error" {
  run_program writer "$PLACE"
  fails_on "$PLACE" EISDIR
  ln -s "$PLACE/nowhere" "$PLACE/link"
  run_program writer "$PLACE/link"
  fails_on "$PLACE/link" ENOENT
  rm -f "$PLACE/link"
}

# bats test_tags=writer,step:3
@test "writer: a PATH that is not a FIFO is refused and left alone" {
  make_file "$PLACE/f"
  run_program writer "$PLACE/f" <<<hello
  fails_on "$PLACE/f"
  is_untouched "$PLACE/f"
  rm "$PLACE/f"
  link_to_device
  run_program writer "$PLACE/null" <<<hello
  fails_on "$PLACE/null"
  rm -f "$PLACE/null"
}

# bats test_tags=writer,step:4
@test "writer: a reader that dies is an error, not the writer's own death" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start it writer "$PLACE/f" <"$BATS_TEST_TMPDIR/in"
  wait_until waits_in "$(pid_of it)" open
  start_peer other reader "$PLACE/f"
  wait_until waits_in "$(pid_of it)" "$READS"
  kill -KILL "$(pid_of other)"
  end_of other
  echo too late >&8
  exec 8>&-
  end_of it
  fails_on "$PLACE/f" EPIPE
  rm -f "$PLACE/f"
}

# bats test_tags=writer,step:5
@test "writer: standard input arrives whole, even if the reader was first" {
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
  prepare_data $(((64 << 20) + 1)) # not a multiple of a buffer
  start it writer "$PLACE/f" <"$DATA"
  wait_until waits_in "$(pid_of it)" open
  start_peer other reader "$PLACE/f"
  end_of it
  status_is 0
  end_of other
  stdout_is_file "$DATA"
  rm -f "$PLACE/f"
}

# bats test_tags=writer,step:5
@test "writer: input that arrives in parts is sent part by part" {
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
  rm -f "$PLACE/f"
}

# bats test_tags=writer,step:5
@test "writer: a write() that is cut short is continued" {
  prepare_data 131072
  mkfifo "$PLACE/f"
  exec 8<>"$PLACE/f" # so that there is a reader, which does not read
  echo >&8 # takes a page: the last one of a large write() finds no room
  start it writer "$PLACE/f" <"$DATA"
  cut_short "$(pid_of it)"
  start_command other cat <"$PLACE/f"
  exec 8>&-
  end_of it
  status_is 0
  end_of other
  stdout_is_file <(echo; cat "$DATA")
  rm -f "$PLACE/f"
}

# bats test_tags=writer,step:5
@test "writer: a read error on standard input is an error" {
  start it writer "$PLACE/f" <"$PLACE" # a directory
  wait_until waits_in "$(pid_of it)" open
  take_from "$PLACE/f"
  stdout_is ''
  end_of it
  fails_on stdin EISDIR
  rm -f "$PLACE/f"
}

### reader

# bats test_tags=reader,step:1
@test "reader: makes the FIFO if there is none" {
  start it reader "$PLACE/f"
  wait_until is_fifo "$PLACE/f"
  [[ $(stat -c %A "$PLACE/f") == prw* ]] ||
    flunk 'a FIFO that its owner may read and write' "$(ls -l "$PLACE/f")"
  put_into "$PLACE/f" hello
  end_of it
  status_is 0
  stdout_is 'hello
'
  rm -f "$PLACE/f"
}

# bats test_tags=reader,step:1
@test "reader: a FIFO that cannot be made is an error, and not waited for" {
  run_program reader "$PLACE/no/f"
  fails_on "$PLACE/no/f" ENOENT
  ! grep -q ': waiting for ' "$ERR" ||
    flunk 'no waiting for a FIFO that does not exist' "$(show "$ERR")"
}

# bats test_tags=reader,step:1
@test "reader: removes the FIFO that it made once all is read" {
  start it reader "$PLACE/f"
  wait_until is_fifo "$PLACE/f"
  put_into "$PLACE/f" hello
  end_of it
  status_is 0
  has_gone "$PLACE/f"
}

# bats test_tags=reader,step:1
@test "reader: removes the FIFO that it made if SIGINT or SIGTERM ends it" {
  for signal in INT TERM; do
    start it reader "$PLACE/f"
    wait_until waits_in "$(pid_of it)" open
    kill "-$signal" "$(pid_of it)"
    end_of it
    status_is $((128 + $(kill -l "$signal")))
    has_gone "$PLACE/f"
  done
}

# bats test_tags=reader,step:1
@test "reader: leaves a FIFO that it did not make" {
  mkfifo "$PLACE/f"
  start it reader "$PLACE/f"
  put_into "$PLACE/f" hello
  end_of it
  status_is 0
  is_left "$PLACE/f"
  start it reader "$PLACE/f"
  wait_until waits_in "$(pid_of it)" open
  kill -TERM "$(pid_of it)"
  end_of it
  is_left "$PLACE/f"
  rm "$PLACE/f"
}

# bats test_tags=reader,step:2
@test "reader: waits in open() until there is a writer" {
  start it reader "$PLACE/f"
  wait_until waits_in "$(pid_of it)" open
  put_into "$PLACE/f" hello
  end_of it
  status_is 0
  stdout_is 'hello
'
  rm -f "$PLACE/f"
}

# bats test_tags=reader,step:2
@test "reader: a PATH that cannot be opened is an error" {
  ln -s "$PLACE/nowhere" "$PLACE/link"
  run_program reader "$PLACE/link"
  fails_on "$PLACE/link" ENOENT
  rm -f "$PLACE/link"
}

# bats test_tags=reader,step:3
@test "reader: a PATH that is not a FIFO is refused and left alone" {
  make_file "$PLACE/f"
  run_program reader "$PLACE/f"
  fails_on "$PLACE/f"
  stdout_is ''
  is_untouched "$PLACE/f"
  rm "$PLACE/f"
  run_program reader "$PLACE"
  fails_on "$PLACE"
  link_to_device
  run_program reader "$PLACE/null"
  fails_on "$PLACE/null"
  rm -f "$PLACE/null"
}

# bats test_tags=reader,step:4
@test "reader: everything is printed, even if the writer was first" {
  random_word
  start_peer other writer "$PLACE/f" <<<"$word"
  wait_until waits_in "$(pid_of other)" open
  run_program reader "$PLACE/f"
  status_is 0
  stdout_is "$word
"
  end_of other
}

# bats test_tags=reader,step:4
@test "reader: 64 MiB of any bytes arrive whole" {
  prepare_data $(((64 << 20) + 1)) # not a multiple of a buffer
  start it reader "$PLACE/f"
  wait_until waits_in "$(pid_of it)" open
  start_peer other writer "$PLACE/f" <"$DATA"
  end_of it
  status_is 0
  stdout_is_file "$DATA"
  end_of other
  rm -f "$PLACE/f"
}

# bats test_tags=reader,step:4
@test "reader: data that arrives in parts is printed part by part" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start it reader "$PLACE/f"
  wait_until waits_in "$(pid_of it)" open
  start_peer other writer "$PLACE/f" <"$BATS_TEST_TMPDIR/in"
  printf 'half a li' >&8
  wait_until has_line it 'half a li'
  echo ne >&8
  exec 8>&-
  end_of it
  status_is 0
  stdout_is 'half a line
'
  end_of other
  rm -f "$PLACE/f"
}

# bats test_tags=reader,step:4
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
  rm -f "$PLACE/f"
}

# bats test_tags=reader,step:4
@test "reader: output to a full device is an error" {
  STDOUT=/dev/full start it reader "$PLACE/f"
  wait_until waits_in "$(pid_of it)" open
  start_peer other writer "$PLACE/f" <<<hello
  end_of it
  fails_on stdout ENOSPC
  end_of other
  rm -f "$PLACE/f"
}

@test "reader: no input means no output" {
  start_peer other writer "$PLACE/f" </dev/null
  run_program reader "$PLACE/f"
  status_is 0
  stdout_is ''
  end_of other
}

@test "reader: ends when the writer is killed, with everything it had sent" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start it reader "$PLACE/f"
  wait_until waits_in "$(pid_of it)" open
  start_peer other writer "$PLACE/f" <"$BATS_TEST_TMPDIR/in"
  printf 'half a li' >&8
  wait_until has_line it 'half a li'
  kill -KILL "$(pid_of other)"
  end_of it
  status_is 0
  stdout_is 'half a li'
}

@test "reader: dies of SIGPIPE if nobody reads its output, as filters do" {
  mkfifo "$PLACE/f"
  start_peer other writer "$PLACE/f" </dev/zero
  # shellcheck disable=SC2016
  run_command bash -c '"$1" "$2" | head -c 10 | wc -c; echo "${PIPESTATUS[0]}"' \
    bash "$PROGRAMS/reader" "$PLACE/f"
  [[ $(tr -d ' \n' <"$OUT") == 10141 ]]
  end_of other
  status_is 1
  rm "$PLACE/f"
}

@test "writer and reader: twenty pairs, one after the other, meet at one name" {
  # shellcheck disable=SC2016
  run_command sh -c 'for i in $(seq 20); do
      echo "message $i" | "$1" "$3" & "$2" "$3" && wait $! || exit
    done' sh "$PROGRAMS/writer" "$PROGRAMS/reader" "$PLACE/f"
  status_is 0
  stdout_is "$(seq -f 'message %g' 20)
"
}

### number_server

# bats test_tags=number_server,step:1
@test "number_server: makes the FIFO, and a failure is an error" {
  run_program number_server "$PLACE/no/f"
  fails_on "$PLACE/no/f" ENOENT
  start_server
  is_fifo "$PLACE/numbers"
  stop_server
}

# bats test_tags=number_server,step:1
@test "number_server: a PATH that exists is refused and left alone" {
  make_file "$PLACE/f"
  run_program number_server "$PLACE/f"
  fails_on "$PLACE/f" EEXIST
  is_untouched "$PLACE/f"
  rm "$PLACE/f"
}

# bats test_tags=number_server,step:1
@test "number_server: a second server is refused, and the first continues" {
  start_server
  run_program number_server "$PLACE/numbers"
  fails_on "$PLACE/numbers" EEXIST
  is_fifo "$PLACE/numbers"
  ask_for 1
  stdout_is '1
'
  stop_server
}

# bats test_tags=number_server,step:1
@test "number_server: SIGINT and SIGTERM end it, with status 0; its FIFO is gone" {
  for signal in INT TERM; do
    start_server
    kill "-$signal" "$(pid_of server)"
    end_of server
    ends_well
    has_gone "$PLACE/numbers"
  done
}

# bats test_tags=number_server,step:2
@test "number_server: is ready before there is a client" {
  start server number_server "$PLACE/numbers"
  wait_until has_line server "listening on $PLACE/numbers"
  stop_server
  stdout_is "listening on $PLACE/numbers
"
}

# bats test_tags=number_server,step:3
@test "number_server: waits for more clients when the last one has gone" {
  start server number_server "$PLACE/numbers"
  wait_until has_line server "listening on $PLACE/numbers"
  ask_for 1
  wait_until waits_in "$(pid_of server)" "$READS"
  ask_for 1
  stdout_is '2
'
  stop_server
}

# bats test_tags=number_server,step:4
@test "number_server: a client that died before the reply stops nobody" {
  start_server
  kill -STOP "$(pid_of server)"
  start_peer client number_client "$PLACE/numbers" 5
  wait_until waits_in "$(pid_of client)" poll
  kill -KILL "$(pid_of client)"
  end_of client
  kill -CONT "$(pid_of server)"
  ask_for 1
  stdout_is '1
'
  stop_server
  names "$PLACE/numbers.$(own_pid_of client)" ENXIO
  rm "$PLACE/numbers.$(own_pid_of client)"
}

# bats test_tags=number_server,step:4
@test "number_server: a client whose FIFO is gone stops nobody" {
  start_server
  kill -STOP "$(pid_of server)"
  start_peer client number_client "$PLACE/numbers" 5
  wait_until waits_in "$(pid_of client)" poll
  kill -TERM "$(pid_of client)"
  end_of client
  kill -CONT "$(pid_of server)"
  ask_for 1
  stdout_is '1
'
  stop_server
  names "$PLACE/numbers.$(own_pid_of client)" ENOENT
}

# bats test_tags=number_server,step:5
@test "number_server: each client gets the numbers after the last one's" {
  start_server
  ask_for 3
  stdout_is '1
2
3
'
  ask_for 2
  stdout_is '4
5
'
  stop_server
}

# bats test_tags=number_server,step:5
@test "number_server: 30 clients at once, and no number is given out twice" {
  start_server
  # shellcheck disable=SC2016
  run_command sh -c 'for i in $(seq 30); do "$1" "$2" 100 & all="$all $!"; done
    for pid in $all; do wait $pid || exit; done' sh \
    "$PEER/number_client" "$PLACE/numbers"
  status_is 0
  # Each client writes its lines at once.
  awk 'NR % 100 != 1 && $1 != last + 1 { exit 1 } { last = $1 }' "$OUT" ||
    flunk '100 consecutive numbers for each client' "$(show "$OUT")"
  [[ $(sort -n "$OUT") == "$(seq 3000)" ]] ||
    flunk 'each number from 1 to 3000 once' "$(show "$OUT")"
  stop_server
}

# bats test_tags=number_server,step:5
@test "number_server: a client whose FIFO is full stops nobody, and gets nothing" {
  start_server
  # A client with the pid 1 that asks for five numbers: see fifo.h.
  mkfifo "$PLACE/numbers.1"
  exec 9<>"$PLACE/numbers.1"
  fill "$PLACE/numbers.1"
  printf 'BMUN\1\0\0\0\5\0\0\0' >&8
  ask_for 1
  stdout_is '1
'
  stop_server
  names "$PLACE/numbers.1" EAGAIN
  exec 9>&-
  rm "$PLACE/numbers.1"
}

# bats test_tags=number_server,step:6
@test "number_server: serves more clients than it may have open files" {
  # shellcheck disable=SC2016
  start_command server sh -c 'ulimit -n 10 && exec "$@"' sh \
    "$PROGRAMS/number_server" "$PLACE/numbers"
  hold_write_end
  # shellcheck disable=SC2016
  run_command sh -c 'for i in $(seq 8); do "$1" "$2" 1 || exit; done' sh \
    "$PEER/number_client" "$PLACE/numbers"
  status_is 0
  stdout_is "$(seq 8)
"
  stop_server
}

@test "number_server: rubbish in its FIFO stops nobody" {
  start_server
  printf 'rubbish' >"$PLACE/numbers"
  random_file 10000 "$BATS_TEST_TMPDIR/rubbish"
  cat "$BATS_TEST_TMPDIR/rubbish" >"$PLACE/numbers"
  ask_for 2
  status_is 0
  stdout_is '1
2
'
  stop_server
}

### number_client

# bats test_tags=number_client,step:1
@test "number_client: a FIFO that cannot be made is an error" {
  run_program number_client "$PLACE/no/f" 1
  fails_on "$PLACE/no/f." ENOENT
  start_peer_server
  # shellcheck disable=SC2016
  run_command sh -c 'mkfifo "$2.$$" && exec "$1" "$2" 1' sh \
    "$PROGRAMS/number_client" "$PLACE/numbers"
  fails_on "$PLACE/numbers." EEXIST
  rm "$PLACE"/numbers.*
  stop_server
}

# bats test_tags=number_client,step:1
@test "number_client: removes its FIFO, even if SIGINT or SIGTERM ends it" {
  start_peer_server
  run_program number_client "$PLACE/numbers" 3
  ends_well
  kill -STOP "$(pid_of server)"
  for signal in INT TERM; do
    start it number_client "$PLACE/numbers" 3
    wait_until waits_in "$(pid_of it)" "$POLLS"
    kill "-$signal" "$(pid_of it)"
    end_of it
    status_is $((128 + $(kill -l "$signal")))
    has_gone "$PLACE/numbers.$(own_pid_of it)"
  done
  kill -CONT "$(pid_of server)"
  stop_server
}

# bats test_tags=number_client,step:2
@test "number_client: has its FIFO open for reading while it waits" {
  start_peer_server
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
  rm -f "$PLACE"/numbers.*
}

# bats test_tags=number_client,step:2
@test "number_client: does not ask before it can receive the reply" {
  mkfifo "$PLACE/numbers"
  exec 8<>"$PLACE/numbers"
  # Room for one more open file: whichever it opens second cannot be opened.
  run_with_descriptors 4 number_client "$PLACE/numbers" 1
  fails_on "$PLACE/numbers" EMFILE
  (($(content_of "$PLACE/numbers") == 0)) ||
    flunk "no request before both FIFOs are open" "a request"
  exec 8>&-
  rm -f "$PLACE"/numbers*
}

# bats test_tags=number_client,step:3
@test "number_client: without a server, fails at once" {
  run_program number_client "$PLACE/f" 1
  fails_on "$PLACE/f" ENOENT
  mkfifo "$PLACE/f"
  run_program number_client "$PLACE/f" 1
  fails_on "$PLACE/f" ENXIO
  rm -f "$PLACE"/f*
}

# bats test_tags=number_client,step:4
@test "number_client: asks for as many numbers as COUNT" {
  start_peer_server
  run_program number_client "$PLACE/numbers" 2
  ends_well
  ask_for 1
  stdout_is '3
'
  stop_server
  rm -f "$PLACE"/numbers.*
}

# bats test_tags=number_client,step:4
@test "number_client: a request that does not fit is not sent, and an error" {
  local pid
  mkfifo "$PLACE/numbers"
  exec 8<>"$PLACE/numbers"
  start it number_client "$PLACE/numbers" 1
  pid=$(pid_of it)
  wait_until has_ended_or_asked "$pid"
  is_alive "$pid" || flunk 'a request if there is room' 'it has ended'
  kill -TERM "$pid"
  end_of it
  fill "$PLACE/numbers"
  start it number_client "$PLACE/numbers" 1
  pid=$(pid_of it)
  wait_until has_ended_or_waits_in "$pid" "$WRITES"
  ! is_alive "$pid" || kill -STOP "$pid"
  (($(content_of "$PLACE/numbers") == 0)) ||
    flunk 'a request that is sent whole or not at all' 'a part of it'
  # It may also wait until there is room, as there is now.
  ! is_alive "$pid" || kill -CONT "$pid"
  wait_until has_ended_or_asked "$pid"
  exec 8>&-
  end_of it
  fails_on "$PLACE/numbers"
  rm -f "$PLACE"/numbers*
}

# bats test_tags=number_client,step:5
@test "number_client: waits for a server that takes its time" {
  start_peer_server
  kill -STOP "$(pid_of server)"
  start it number_client "$PLACE/numbers" 3
  wait_until waits_in "$(pid_of it)" "$POLLS"
  kill -CONT "$(pid_of server)"
  end_of it
  ends_well
  stop_server
  rm -f "$PLACE"/numbers.*
}

# bats test_tags=number_client,step:5
@test "number_client: does not wait for a server that has died" {
  start_peer_server
  kill -STOP "$(pid_of server)"
  start it number_client "$PLACE/numbers" 3
  wait_until waits_in "$(pid_of it)" "$POLLS"
  kill -KILL "$(pid_of server)"
  end_of server
  end_of it
  fails_on "$PLACE/numbers"
  rm -f "$PLACE"/numbers*
}

# bats test_tags=number_client,step:6
@test "number_client: prints the numbers that it was given, one per line" {
  start_peer_server
  local count=$((1 + RANDOM % 1000))
  ask_for "$count"
  run_program number_client "$PLACE/numbers" 3
  ends_well
  stdout_is "$((count + 1))
$((count + 2))
$((count + 3))
"
  stop_server
  rm -f "$PLACE"/numbers.*
}

@test "number_client: a PATH that is not a FIFO is refused and left alone" {
  make_file "$PLACE/f"
  run_program number_client "$PLACE/f" 1
  fails_with "$PLACE/f is not a FIFO"
  is_untouched "$PLACE/f"
  rm "$PLACE/f"
}
