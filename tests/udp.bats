#!/usr/bin/env bats
# The lab udp: datagrams.
#
# run: daytime_server client: daytime_client -n 1 127.0.0.1 PORT
# run: daytime_client -n 1 127.0.0.1 PORT server: daytime_server
# run: echo_server client: echo_client -n 1 127.0.0.1 PORT
# run: echo_client -n 1 127.0.0.1 PORT server: echo_server
# run: relay 0 127.0.0.1 9 client: daytime_client -n 1 -t 0.2 127.0.0.1 PORT
# run: connected 127.0.0.1 PORT hello server: echo_server
# run: truncate 10 5
# run: ports
# run: autobind

load helper

export TZ=UTC

# Start a server and wait until it is ready. Sets port.
serve() { # STARTER ID NAME [ARG...]: start or start_peer
  "$@"
  wait_until has_line "$2" 'listening on '
  port=$(sed -n 's/^listening on .* port //p' "$BATS_TEST_TMPDIR/$2.out")
}

stop() { # ID
  kill -TERM "$(pid_of "$1")"
  end_of "$1"
  status_is 0
}

# A daytime server in a time zone of its own: no client can know its time
# without asking. Sets port and zone.
serve_time() { # STARTER ID [ARG...]
  zone=IPC$((1 + RANDOM % 23)):$((RANDOM % 60))
  TZ=$zone serve "$1" "$2" daytime_server "${@:3}"
}

# Servers that exist, but do not answer until awake.
serve_asleep() { # NAME [ARG...]
  serve start_peer server "$@"
  kill -STOP "$(pid_of server)"
}

serve_time_asleep() { # [ARG...]
  serve_time start_peer server "$@"
  kill -STOP "$(pid_of server)"
}

awake() { kill -CONT "$(pid_of server)"; }

# The lines of /proc/net/udp that match.
sockets() { # REGEX
  grep -hE "$1" /proc/net/udp /proc/net/udp6
}

# The port of a socket: a descriptor of a process in /proc.
port_of() { # FILE
  local inode local_address
  inode=$(readlink "$1" | tr -dc 0-9)
  read -r _ local_address _ < <(sockets " $inode ") || return 1
  echo $((16#${local_address##*:}))
}

# Sets port to the client's own, which it has since sendto() or connect().
find_port() { # ID
  wait_until has_port "$1"
}

has_port() { # ID
  local file
  [[ -e /proc/$(pid_of "$1") ]] || return "$NEVER"
  file=$(find "/proc/$(pid_of "$1")/fd" -lname 'socket:*' | head -n 1)
  [[ $file ]] && port=$(port_of "$file") && ((port > 0))
}

# From now on the test itself is the server at $port: it reads requests from
# descriptor 7 and writes its answers to it.
be_server() {
  serve start_peer relay relay 0 127.0.0.1 9
  stop relay
  exec 7<>"/dev/udp/127.0.0.1/$port"
  serve start_peer relay relay "$port" 127.0.0.1 "$(port_of /proc/$BASHPID/fd/7)"
}

request_is() { # FORMAT: with the escapes of printf
  run_command dd bs=2000 count=1 status=none <&7
  # shellcheck disable=SC2059
  printf "$1" | cmp - "$OUT" || flunk "the request $1" "$(show "$OUT")"
}

has_taken_all() { # PORT: nothing is waiting there, at 127.0.0.1
  local queue='[0-9A-F]{8}:00000000'
  sockets "$(printf '^ *[0-9]+: (0100007F|7F000001):%04X .* %s ' \
    "$1" "$queue")" >/dev/null
}

has_some() { # PORT: there is something
  ! has_taken_all "$1"
}

# Send one datagram, with the escapes of printf, from a port of its own.
send_to() { # PORT FORMAT
  # shellcheck disable=SC2016
  run_command bash -c 'printf "$2" >"/dev/udp/127.0.0.1/$1"' bash "$@"
  status_is 0
}

# The client "it" waits for its server, at $port of ADDRESS. A stranger sends to
# it: from another port of 127.0.0.1 if that is ADDRESS, otherwise from the
# server's port, but at 127.0.0.1.
stranger_sends() { # ADDRESS FORMAT
  local server=$port
  find_port it
  if [[ $1 == 127.0.0.1 ]]; then
    send_to "$port" "$2"
  else
    serve start_peer stranger relay "$server" 127.0.0.1 "$port"
    send_to "$server" "$2"
    wait_until has_taken_all "$server"
    stop stranger
  fi
}

# The output is the time in $zone, not before $before.
is_the_time() {
  local seconds
  seconds=$(TZ=$zone date -d "$(tr -d '\r' <"$OUT")" +%s) ||
    flunk 'a time' "$(show "$OUT")"
  ((before <= seconds && seconds <= $(date +%s))) ||
    flunk "the server's time: $(TZ=$zone date)" "$(show "$OUT")"
}

sleeps() { # ID: it is not running, so it is not asking again and again
  local state
  read -r _ _ state _ 2>/dev/null <"/proc/$(pid_of "$1")/stat" ||
    return "$NEVER"
  [[ $state == S ]]
}

has_ended_though_sent() { # ID FORMAT: one more datagram, to descriptor 7
  # shellcheck disable=SC2059
  printf "$2" >&7 2>/dev/null || :
  ! is_alive "$(pid_of "$1")"
}

### Every program

@test "wrong arguments are a usage error, and --help prints the usage" {
  for name in daytime_server echo_server; do
    refuses "$name" 1 2
    refuses "$name" -x
    refuses "$name" -a
    refuses "$name" -a ::1 1 2
  done
  for name in daytime_client echo_client; do
    refuses "$name" 127.0.0.1
    refuses "$name" 127.0.0.1 1 2
    refuses "$name" -x 127.0.0.1 1
    refuses "$name" 127.0.0.1 1 -n
  done
  refuses relay 0 127.0.0.1
  refuses relay -x 0 127.0.0.1 1
  refuses relay -d 30 127.0.0.1 1
  refuses connected 127.0.0.1 1
  refuses connected 127.0.0.1 1 a b
  refuses truncate 1
  refuses truncate 1 2 3
  refuses ports 1 2
  refuses autobind a
}

@test "numbers are parsed strictly" {
  local rule='PORT must be a number from'
  for name in daytime_server echo_server ports; do
    rejects "$rule 0 to 65535, not \"65536\"" "$name" 65536
    rejects "$rule 0 to 65535, not \"12x\"" "$name" 12x
  done
  for name in daytime_client echo_client; do
    rejects "$rule 1 to 65535, not \"0\"" "$name" ::1 0
    rejects 'TRIES must be a number from 1 to 1000, not ""' "$name" -n '' ::1 1
    for seconds in 0 0.0001 3601 1e3 0x10 1.2.3 .5 ' 1' inf; do
      rejects "SECONDS must be a number from 0.001 to 3600, not \"$seconds\"" \
        "$name" -t "$seconds" ::1 1
    done
  done
  rejects "$rule 1 to 65535, not \"echo\"" connected ::1 echo hello
  rejects "$rule 0 to 65535, not \"-1\"" relay -- -1 127.0.0.1 1
  rejects "$rule 1 to 65535, not \"0\"" relay 0 127.0.0.1 0
  rejects 'PERCENT must be a number from 0 to 100, not "101"' \
    relay -r 101 0 127.0.0.1 1
  rejects 'SEED must be a number from 0 to 1000000000, not "x"' \
    relay -s x 0 127.0.0.1 1
  rejects 'SENT must be a number from 0 to 65535, not "65536"' \
    truncate 65536 1
  rejects 'BUFFER must be a number from 0 to 65535, not "1 "' truncate 1 '1 '
}

@test "a full output is an error" {
  serve start_peer server echo_server
  for run in daytime_server echo_server 'relay 0 127.0.0.1 1' 'truncate 1 1' \
    ports autobind "connected 127.0.0.1 $port hello"; do
    # shellcheck disable=SC2086
    STDOUT=/dev/full run_program $run
    fails_with 'write to stdout' ENOSPC
  done
  STDOUT=/dev/full run_program echo_client -n 9 127.0.0.1 "$port" <<<hello
  fails_with 'write to stdout' ENOSPC
  serve start_peer time daytime_server
  STDOUT=/dev/full run_program daytime_client -n 9 127.0.0.1 "$port"
  fails_with 'write to stdout' ENOSPC
}

@test "servers: SIGINT and SIGTERM end them with exit 0" {
  for name in daytime_server echo_server; do
    for signal in INT TERM; do
      serve start server "$name"
      kill "-$signal" "$(pid_of server)"
      end_of server
      ends_well
      stdout_is "listening on 127.0.0.1 port $port
"
    done
  done
}

@test "servers: a port in use, or an address of another machine, is an error" {
  serve start_peer server echo_server
  for name in daytime_server echo_server; do
    run_program "$name" "$port"
    fails_with "bind 127.0.0.1 port $port" EADDRINUSE
    run_program "$name" -a 192.0.2.1 0
    fails_with 'bind 192.0.2.1 port 0' EADDRNOTAVAIL
  done
  run_program relay "$port" 127.0.0.1 1
  fails_with "bind 127.0.0.1 port $port" EADDRINUSE
}

@test "servers: a port that is given up can be used again at once" {
  for name in daytime_server echo_server; do
    serve start server "$name"
    stop server
    serve start server "$name" "$port"
    stdout_is "listening on 127.0.0.1 port $port
"
    stop server
  done
}

@test "a name that cannot be resolved is an error, in the resolver's words" {
  for run in 'daytime_server -a ..' 'echo_server -a ..' \
    'daytime_client .. 1' 'echo_client .. 1' 'connected .. 1 hello' \
    'relay 0 .. 1'; do
    # shellcheck disable=SC2086
    run_program $run
    fails_with 'getaddrinfo ..: '
  done
}

### daytime_server

@test "daytime_server: answers each datagram with the time, whatever it contains" {
  serve_time start server
  before=$(date +%s)
  for bytes in 1 1000 60000; do
    # shellcheck disable=SC2016
    run_command bash -c 'exec 3<>"/dev/udp/127.0.0.1/$1"
      head -c "$2" /dev/zero | dd bs="$2" iflag=fullblock status=none >&3
      dd bs=1000 count=1 status=none <&3' bash "$port" "$bytes"
    is_the_time
    [[ $(<"$OUT") == *$'\r' ]]
  done
  stop server
}

@test "daytime_server: serves IPv6, too" {
  serve_time start server -a ::1
  before=$(date +%s)
  run_command "$PEER/daytime_client" -n 20 ::1 "$port"
  is_the_time
  stop server
}

@test "daytime_server: a client that is gone before its answer stops nobody" {
  serve_time start server
  send_to "$port" x
  before=$(date +%s)
  run_command "$PEER/daytime_client" -n 20 127.0.0.1 "$port"
  is_the_time
  stop server
  [[ ! -s $ERR ]]
}

@test "daytime_server: answers nc and socat, if they are installed" {
  command -v nc >/dev/null || command -v socat >/dev/null ||
    skip 'neither nc nor socat is installed'
  serve_time start server
  before=$(date +%s)
  if command -v nc >/dev/null; then
    run_command nc -u -w 1 127.0.0.1 "$port" <<<x
    is_the_time
  fi
  if command -v socat >/dev/null; then
    run_command socat -t 1 - "UDP:127.0.0.1:$port" <<<x
    is_the_time
  fi
  stop server
}

### daytime_client

# bats test_tags=daytime_client,step:1
@test "daytime_client: asks a server with an IPv6 address, too" {
  serve_time start_peer server -a ::1
  before=$(date +%s)
  run_program daytime_client -n 20 ::1 "$port"
  ends_well
  is_the_time
}

# bats test_tags=daytime_client,step:2
@test "daytime_client: asks with a datagram, and prints the answer" {
  serve_time start_peer server
  before=$(date +%s)
  run_program daytime_client -n 20 127.0.0.1 "$port"
  ends_well
  is_the_time
}

# A broadcast is refused to a socket that did not ask for it.
# bats test_tags=daytime_client,step:2
@test "daytime_client: what cannot be sent is reported, and as good as lost" {
  run_program daytime_client -t 0.05 -n 2 127.255.255.255 9
  fails_with '' EACCES
  stderr_has 'no answer after 2 tries'
}

# bats test_tags=daytime_client,step:3,points:2
@test "daytime_client: asks N times if nobody answers, then gives up" {
  serve_time_asleep
  serve start_peer relay relay 0 127.0.0.1 "$port"
  run_program daytime_client -t 0.05 -n 3 127.0.0.1 "$port"
  fails_with 'no answer after 3 tries'
  [[ ! -s $OUT ]]
  wait_until has_taken_all "$port"
  stop relay
  stdout_is "listening on 127.0.0.1 port $port
3 datagrams: 0 dropped, 0 duplicated, 0 reordered
"
}

# bats test_tags=daytime_client,step:3
@test "daytime_client: sleeps while it waits" {
  serve_time_asleep
  start it daytime_client -t 60 -n 1 127.0.0.1 "$port"
  find_port it
  wait_until sleeps it
}

# bats test_tags=daytime_client,step:3
@test "daytime_client: waits no longer because strangers send" {
  serve_time_asleep
  start it daytime_client -t 4 -n 1 127.0.0.1 "$port"
  find_port it
  exec 7<>"/dev/udp/127.0.0.1/$port"
  wait_until has_ended_though_sent it 'not so'
  end_of it
  fails_with 'no answer after 1 tries'
}

# bats test_tags=daytime_client,step:4
@test "daytime_client: prints the answer, whatever it contains" {
  local data=$BATS_TEST_TMPDIR/data
  be_server
  random_file 1000 "$data"
  printf '\0\n' >>"$data"
  start it daytime_client -t 15 -n 1 127.0.0.1 "$port"
  request_is ''
  dd bs=2000 count=1 status=none <"$data" >&7
  end_of it
  ends_well
  stdout_is_file "$data"
  serve start_peer server echo_server # its request is empty, so is the answer
  run_program daytime_client -n 20 127.0.0.1 "$port"
  ends_well
  stdout_is ''
}

# bats test_tags=daytime_client,step:5
@test "daytime_client: a datagram from somebody else is not the answer" {
  local server
  for server in 127.0.0.1 127.0.0.2; do
    serve_time_asleep -a "$server"
    before=$(date +%s)
    start it daytime_client -t 15 -n 1 "$server" "$port"
    stranger_sends "$server" 'it is never too late\r\n'
    awake
    end_of it
    ends_well
    is_the_time
  done
}

@test "daytime_client: each try asks another address of the name" {
  (($(getent ahosts localhost | grep -c DGRAM) > 1)) ||
    skip 'localhost has only one address'
  for address in 127.0.0.1 ::1; do
    serve_time start_peer server -a "$address"
    before=$(date +%s)
    run_program daytime_client -t 0.2 -n 100 localhost "$port"
    ends_well
    is_the_time
    stop server
  done
}

@test "daytime_client: a server that answers late is found by a later try" {
  serve_time_asleep
  before=$(date +%s)
  start it daytime_client -t 0.1 -n 150 127.0.0.1 "$port"
  wait_until waits_in "$(pid_of it)" poll
  awake
  end_of it
  ends_well
  is_the_time
}

### echo_server

@test "echo_server: sends back every byte, and not one more" {
  serve start server echo_server
  for bytes in 1 1000 60000; do
    random_file "$bytes" "$BATS_TEST_TMPDIR/data"
    # shellcheck disable=SC2016
    run_command bash -c 'exec 3<>"/dev/udp/127.0.0.1/$1"
      dd bs=65536 status=none <"$2" >&3
      dd bs=65536 count=1 status=none <&3' bash "$port" "$BATS_TEST_TMPDIR/data"
    stdout_is_file "$BATS_TEST_TMPDIR/data"
  done
  stop server
}

@test "echo_server: 20 clients at once, and each gets its own lines" {
  serve start server echo_server
  for i in {1..20}; do
    start_peer "client$i" echo_client -n 20 127.0.0.1 "$port" < <(
      for n in {1..50}; do echo "client $i line $n"; done)
  done
  for i in {1..20}; do
    end_of "client$i"
    ends_well
    [[ $(grep -cx "client $i line [0-9]*" "$OUT") == 50 ]]
    [[ $(wc -l <"$OUT") == 50 ]]
  done
  stop server
}

@test "echo_server: serves IPv6, too" {
  serve start server echo_server -a ::1
  has_line server "listening on ::1 port $port"
  run_command "$PEER/connected" ::1 "$port" hello
  stdout_is 'sent 5 bytes
received 5 bytes: hello
'
  stop server
}

@test "echo_server: neither an empty datagram nor a lost client ends it" {
  serve start server echo_server
  run_command "$PEER/daytime_client" -n 20 127.0.0.1 "$port"
  ends_well
  stdout_is ''
  send_to "$port" x
  run_command "$PEER/connected" 127.0.0.1 "$port" hello
  ends_well
  stop server
}

@test "echo_server: answers nc and socat, if they are installed" {
  command -v nc >/dev/null || command -v socat >/dev/null ||
    skip 'neither nc nor socat is installed'
  serve start server echo_server
  if command -v nc >/dev/null; then
    run_command nc -u -w 1 127.0.0.1 "$port" <<<hello
    stdout_is 'hello
'
  fi
  if command -v socat >/dev/null; then
    run_command socat -t 1 - "UDP:127.0.0.1:$port" <<<hello
    stdout_is 'hello
'
  fi
  stop server
}

### echo_client

# bats test_tags=echo_client,step:1
@test "echo_client: asks a server with an IPv6 address, too" {
  local word
  random_word
  serve start_peer server echo_server -a ::1
  run_program echo_client -n 20 ::1 "$port" <<<"$word"
  ends_well
  stdout_is "$word
"
}

# bats test_tags=echo_client,step:2
@test "echo_client: a datagram from somebody else is not the answer" {
  local word server
  random_word
  for server in 127.0.0.1 127.0.0.2; do
    serve_asleep echo_server -a "$server"
    start it echo_client -t 15 -n 1 "$server" "$port" <<<"$word"
    stranger_sends "$server" '\0\0\0\1not so\n'
    awake
    end_of it
    ends_well
    stdout_is "$word
"
  done
}

# A broadcast is refused to a socket that did not ask for it.
# bats test_tags=echo_client,step:2
@test "echo_client: an address that it may not send to is an error" {
  run_program echo_client -t 0.05 -n 2 127.255.255.255 9 <<<hello
  fails_with '' EACCES
}

# bats test_tags=echo_client,step:3
@test "echo_client: numbers its requests in network byte order" {
  be_server
  start it echo_client -t 15 -n 1 127.0.0.1 "$port" < <(printf 'one\ntwo\n')
  request_is '\0\0\0\1one\n'
  printf '\0\0\0\1an answer\n' >&7
  request_is '\0\0\0\2two\n'
  printf '\0\0\0\2another' >&7
  end_of it
  ends_well
  stdout_is 'an answer
another'
}

# bats test_tags=echo_client,step:4
@test "echo_client: waits twice as long for each next try, but not for ever" {
  serve_asleep echo_server
  local start=${EPOCHREALTIME//[.,]/}
  run_program echo_client -t 0.2 -n 4 127.0.0.1 "$port" <<<hello
  local milliseconds=$(((${EPOCHREALTIME//[.,]/} - start) / 1000))
  fails_with 'no answer after 4 tries'
  ((milliseconds >= 2900)) ||
    flunk '0.2 + 0.4 + 0.8 + 1.6 s, which is 3 s' "$milliseconds ms"
  # Not more than 8 times as long (MAX_BACK_OFF): that is 0.7 s in all.
  run_program echo_client -t 0.005 -n 20 127.0.0.1 "$port" <<<hello
  fails_with 'no answer after 20 tries'
}

# bats test_tags=echo_client,step:5
@test "echo_client: each line is sent, and comes back" {
  serve start_peer server echo_server
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start it echo_client -n 20 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/in"
  for i in 1 2 3; do
    random_word
    echo "$word" >&8
    wait_until has_line it "$word"
  done
  exec 8>&-
  end_of it
  ends_well
}

# bats test_tags=echo_client,step:6,points:2
@test "echo_client: asks N times if nobody answers, then gives up" {
  serve_asleep echo_server
  serve start_peer relay relay 0 127.0.0.1 "$port"
  run_program echo_client -t 0.05 -n 3 127.0.0.1 "$port" <<<hello
  fails_with 'no answer after 3 tries'
  [[ ! -s $OUT ]]
  wait_until has_taken_all "$port"
  stop relay
  stdout_is "listening on 127.0.0.1 port $port
3 datagrams: 0 dropped, 0 duplicated, 0 reordered
"
}

# bats test_tags=echo_client,step:6
@test "echo_client: sleeps while it waits" {
  serve_asleep echo_server
  start it echo_client -t 60 -n 1 127.0.0.1 "$port" <<<hello
  wait_until has_some "$port"
  wait_until sleeps it
}

# bats test_tags=echo_client,step:6
@test "echo_client: waits no longer because late answers come" {
  be_server
  start it echo_client -t 4 -n 1 127.0.0.1 "$port" <<<hello
  run_command dd bs=2000 count=1 status=none <&7
  [[ -s $OUT ]] || flunk 'a request' 'none'
  wait_until has_ended_though_sent it '\377\377\377\377hello\n'
  end_of it
  fails_with 'no answer after 1 tries'
}

# bats test_tags=echo_client,step:7
@test "echo_client: any bytes come back, even if the last line has no end" {
  random_file 1000000 "$BATS_TEST_TMPDIR/data"
  serve start_peer server echo_server
  run_program echo_client -n 20 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/data"
  ends_well
  stdout_is_file "$BATS_TEST_TMPDIR/data"
}

# bats test_tags=echo_client,step:7
@test "echo_client: finds a server that starts late, although it was refused at first" {
  local word server
  random_word
  serve start_peer server echo_server
  stop server
  server=$port
  start it echo_client -t 0.2 -n 100 127.0.0.1 "$server" <<<"$word"
  find_port it
  wait_until sleeps it # it has sent, and still waits
  serve start_peer server echo_server "$server"
  end_of it
  ends_well
  stdout_is "$word
"
}

# bats test_tags=echo_client,step:8
@test "echo_client: an answer that comes twice is not taken for two" {
  serve start_peer server echo_server
  serve start_peer relay relay -u 100 0 127.0.0.1 "$port"
  run_program echo_client -n 20 127.0.0.1 "$port" < <(seq 20)
  ends_well
  stdout_is "$(seq 20)
"
}

# bats test_tags=echo_client,step:8,points:2
@test "echo_client: 300 lines in order, though datagrams are lost, doubled, late" {
  LIMIT=$((LIMIT * 4)) # much of the time it waits
  serve start_peer server echo_server
  serve start_peer relay relay -d 30 -u 10 -r 20 -s $((SEED % 1000)) \
    0 127.0.0.1 "$port"
  run_program echo_client -t 0.004 -n 200 127.0.0.1 "$port" < <(seq 300)
  ends_well
  stdout_is "$(seq 300)
"
  stop relay
  stdout_matches '.*
[0-9]+ datagrams: [1-9][0-9]+ dropped, [1-9][0-9]+ duplicated, [1-9][0-9]* reordered'
}

# bats test_tags=echo_client,step:8
@test "echo_client: what is late, or too short for a number, is not the answer" {
  be_server
  start it echo_client -t 15 -n 1 127.0.0.1 "$port" <<<hello
  run_command dd bs=4 count=1 status=none <&7
  cp "$OUT" "$BATS_TEST_TMPDIR/number"
  printf '\377\377\377\377late\n' >&7
  # If the stray one were left in the buffer, the next would pass with it.
  find_port it
  send_to "$port" '\0\0\0\1not so\n'
  printf '\0' >&7
  cat "$BATS_TEST_TMPDIR/number" >&7
  end_of it
  ends_well
  stdout_is ''
}

@test "echo_client: without input it sends and prints nothing" {
  serve_asleep echo_server
  run_program echo_client -t 15 127.0.0.1 "$port" </dev/null
  ends_well
  stdout_is ''
}

@test "echo_client: 64 MiB come back, in lines longer than a datagram" {
  LIMIT=$((LIMIT * 4))
  random_file $((64 << 20)) "$BATS_TEST_TMPDIR/any"
  tr '\n' x <"$BATS_TEST_TMPDIR/any" >"$BATS_TEST_TMPDIR/data"
  serve start_peer server echo_server
  run_program echo_client -n 20 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/data"
  ends_well
  stdout_is_file "$BATS_TEST_TMPDIR/data"
}

@test "echo_client: a server that dies in the middle is an error" {
  serve start_peer server echo_server
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start it echo_client -t 0.5 -n 4 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/in"
  echo one >&8
  wait_until has_line it one
  kill -KILL "$(pid_of server)"
  end_of server
  echo two >&8
  end_of it
  fails_with 'no answer after 4 tries'
  stdout_is 'one
'
}

@test "echo_client: standard input that cannot be read is an error" {
  run_program echo_client 127.0.0.1 1 <"$PLACE"
  fails_with 'read from stdin' EISDIR
}

### relay

@test "relay: drops everything with -d 100, and prints a summary at the end" {
  serve start_peer server echo_server
  serve start it relay -d 100 0 127.0.0.1 "$port"
  run_command "$PEER/echo_client" -t 0.05 -n 3 127.0.0.1 "$port" <<<hello
  fails_with 'no answer after 3 tries'
  wait_until has_taken_all "$port"
  stop it
  stdout_is "listening on 127.0.0.1 port $port
3 datagrams: 3 dropped, 0 duplicated, 0 reordered
"
}

@test "relay: drops, duplicates and reorders nothing by default" {
  serve start_peer server echo_server
  serve start it relay 0 127.0.0.1 "$port"
  run_command "$PEER/connected" 127.0.0.1 "$port" hello
  ends_well
  kill -INT "$(pid_of it)"
  end_of it
  ends_well
  stdout_is "listening on 127.0.0.1 port $port
2 datagrams: 0 dropped, 0 duplicated, 0 reordered
"
}

@test "relay: a datagram held back to be reordered is not lost" {
  serve start_peer server echo_server
  serve start it relay -r 100 0 127.0.0.1 "$port"
  run_command "$PEER/connected" 127.0.0.1 "$port" hello
  stdout_is 'sent 5 bytes
received 5 bytes: hello
'
  stop it
  stdout_is "listening on 127.0.0.1 port $port
2 datagrams: 0 dropped, 0 duplicated, 2 reordered
"
}

@test "relay: the same seed brings the same fate, another seed another" {
  local seed fates=()
  for seed in 5 5 6 7 8; do
    serve start it relay -d 50 -u 50 -r 50 -s "$seed" 0 127.0.0.1 9
    kill -STOP "$(pid_of it)" # until all are there, so that no pause matters
    # shellcheck disable=SC2016
    run_command bash -c 'for i in {1..50}; do
      echo >"/dev/udp/127.0.0.1/$1"; done' bash "$port"
    kill -CONT "$(pid_of it)"
    wait_until has_taken_all "$port"
    stop it
    fates+=("$(tail -n 1 "$OUT")")
  done
  [[ ${fates[0]} == '50 datagrams: '* && ${fates[0]} == "${fates[1]}" ]] ||
    flunk "${fates[0]}" "${fates[1]}"
  (($(printf '%s\n' "${fates[@]}" | sort -u | wc -l) > 1))
}

@test "relay: neither a client that is gone nor a missing server stops it" {
  serve start_peer server echo_server
  serve start it relay 0 127.0.0.1 "$port"
  send_to "$port" x
  kill -KILL "$(pid_of server)"
  end_of server
  send_to "$port" x
  send_to "$port" x
  wait_until has_taken_all "$port"
  stop it
  [[ ! -s $ERR ]]
}

### connected

@test "connected: if nobody listens, it learns so after sending" {
  serve start_peer server echo_server
  stop server
  run_program connected 127.0.0.1 "$port" hello
  fails_with 'recv from 127.0.0.1' ECONNREFUSED
  stdout_is 'sent 5 bytes
'
}

@test "connected: does not see what others send" {
  serve_asleep echo_server
  random_word
  start it connected 127.0.0.1 "$port" "$word"
  find_port it
  send_to "$port" 'not so'
  awake
  end_of it
  ends_well
  stdout_is "sent ${#word} bytes
received ${#word} bytes: $word
"
}

@test "connected: does not wait for ever, and finds localhost" {
  getent hosts localhost >/dev/null || skip '/etc/hosts has no localhost'
  serve_asleep echo_server
  run_program connected 127.0.0.1 "$port" hello
  fails_with 'no answer in 5 s'
  awake
  run_program connected localhost "$port" ''
  status_is 0
  stdout_is 'sent 0 bytes
received 0 bytes: 
'
}

### truncate

# bats test_tags=truncate,step:1
@test "truncate: the kernel picks a port, so that many can run at once" {
  fill_stdout # so that none ends before the last has begun
  for i in 1 2 3 4; do
    STDOUT=$SLOW start "it$i" truncate "$i" 0
    wait_until waits_in "$(pid_of "it$i")" write
    has_port "it$i" || flunk 'a UDP socket with a port' 'none'
  done
  take_stdout
  for i in 1 2 3 4; do
    end_of "it$i"
    ends_well
    wait_until grep -qx "waiting: $i bytes" "$OUT"
  done
}

# bats test_tags=truncate,step:2
@test "truncate: a datagram to its own address comes back" {
  local bytes=$((1 + RANDOM))
  run_program truncate "$bytes" "$bytes"
  ends_well
  stdout_is "sent $bytes bytes
waiting: $bytes bytes
received $bytes bytes
then: nothing (EAGAIN)
"
}

# bats test_tags=truncate,step:3
@test "truncate: a datagram that no packet can hold is not sent" {
  run_program truncate 65507 65507
  ends_well
  [[ $(head -n 1 "$OUT") == 'sent 65507 bytes' ]]
  run_program truncate 65508 65507
  fails_with '' EMSGSIZE
}

# bats test_tags=truncate,step:4
@test "truncate: the size of a datagram is known before it is received" {
  local bytes=$((1 + RANDOM))
  run_program truncate "$bytes" 0
  ends_well
  grep -qx "waiting: $bytes bytes" "$OUT" ||
    flunk "waiting: $bytes bytes" "$(show "$OUT")"
}

# bats test_tags=truncate,step:5,points:2
@test "truncate: a small buffer gets what fits, and MSG_TRUNC shows it" {
  local bytes=$((100 + RANDOM))
  for size in 0 1 $((bytes - 1)); do
    run_program truncate "$bytes" "$size"
    ends_well
    grep -qx "received $size bytes, MSG_TRUNC" "$OUT" ||
      flunk "$size bytes received, MSG_TRUNC" "$(show "$OUT")"
  done
  for size in $bytes $((bytes + 1)) 65535; do
    run_program truncate "$bytes" "$size"
    ends_well
    grep -qx "received $bytes bytes" "$OUT" ||
      flunk "$bytes bytes received, no MSG_TRUNC" "$(show "$OUT")"
  done
}

# bats test_tags=truncate,step:6
@test "truncate: the rest of a datagram is gone" {
  run_program truncate $((100 + RANDOM)) 10
  ends_well
  grep -qx 'then: nothing (EAGAIN)' "$OUT" ||
    flunk 'then: nothing (EAGAIN)' "$(show "$OUT")"
}

@test "truncate: an empty datagram is a datagram" {
  run_program truncate 0 10
  ends_well
  stdout_is 'sent 0 bytes
waiting: 0 bytes
received 0 bytes
then: nothing (EAGAIN)
'
}

### ports and autobind

@test "ports: a UDP port and a TCP port may have the same number" {
  run_program ports
  ends_well
  stdout_matches 'UDP socket bound to port ([0-9]+)
TCP socket bound to port ([0-9]+)
another UDP socket, bind\(\): EADDRINUSE
TCP, connect\(\) while only UDP is served: ECONNREFUSED
TCP, connect\(\) after listen\(\): succeeded'
  ((BASH_REMATCH[1] == BASH_REMATCH[2] && BASH_REMATCH[1] != 0))
}

@test "ports: a PORT in use is an error, and a free one is used" {
  serve start_peer server echo_server
  run_program ports "$port"
  fails_with "bind UDP port $port" EADDRINUSE
  stop server
  run_program ports "$port"
  ends_well
  [[ $(head -n 1 "$OUT") == "UDP socket bound to port $port" ]]
}

@test "autobind: sendto() and connect() give a port to a socket without one" {
  run_program autobind
  ends_well
  stdout_matches 'server, new: address 0.0.0.0, port 0
server, after bind\(\) to port 0: address 127.0.0.1, port ([1-9][0-9]*)
client, new: address 0.0.0.0, port 0
client, after sendto\(\): address 0.0.0.0, port ([1-9][0-9]*)
its datagram came from: address 127.0.0.1, port ([1-9][0-9]*)
another, after connect\(\): address 127.0.0.1, port ([1-9][0-9]*)'
  ((BASH_REMATCH[2] == BASH_REMATCH[3]))
  ((BASH_REMATCH[1] != BASH_REMATCH[2] && BASH_REMATCH[2] != BASH_REMATCH[4]))
}
