#!/usr/bin/env bats
# The lab tcp: streams between machines.
#
# run: resolve 127.0.0.1 80
# run: services except: newfstatat lseek read socket connect
# run: client 127.0.0.1 PORT server: echo_fork
# run: echo_iterative client: client 127.0.0.1 PORT
# run: echo_fork client: client 127.0.0.1 PORT except: wait4
# run: echo_fork -w client: client 127.0.0.1 PORT except: wait4
# run: daytime_server client: client 127.0.0.1 PORT except: openat newfstatat read lseek close
# run: endpoints 127.0.0.1 PORT server: echo_fork except: newfstatat lseek
# run: handshake 0
# run: restart

load helper

servers=(echo_iterative echo_fork daytime_server)

start_server() { # start | start_peer, NAME [ARG...]: sets port
  "$1" server "${@:2}"
  wait_until has_line server 'listening on'
  port=$(sed -n 's/^listening on .* port //p' "$BATS_TEST_TMPDIR/server.out")
}

# If a child ends at the same time, nobody may be left to reap it: a test that
# looks at the exit status first waits until there are no children.
stop_server() {
  kill -TERM "$(pid_of server)"
  end_of server
}

server_says() { # REGEX: does its stderr match?
  grep -qE -- "$1" "$BATS_TEST_TMPDIR/server.err"
}

# Connections of the test's own: descriptor 8 if no other is given. bash cannot
# end one direction only; tests that need this use the client.
connect() { # [FD]
  eval "exec ${1:-8}<>/dev/tcp/127.0.0.1/$port"
}

hang_up() { # [FD]
  eval "exec ${1:-8}>&- ${1:-8}<&-"
}

send_word() { # [FD]: sets word
  random_word
  echo "$word" >&"${1:-8}"
}

gets_word() { # [FD]
  local line=
  read -rt "$LIMIT" -u "${1:-8}" line || :
  [[ $line == "$word" ]] || flunk "the echo of $word" "${line:-no answer}"
}

is_answered() { # [FD]
  send_word "${1:-8}"
  gets_word "${1:-8}"
}

# Closing a socket with unread bytes in it resets the connection.
reset() {
  is_answered
  echo never read >&8
  read -rn 1 -t "$LIMIT" -u 8
  hang_up
}

# Another client, from beginning to end.
serves_another() {
  connect 6
  is_answered 6
  hang_up 6
}

# Does the server return whatever is sent?
echoes() { # BYTES
  DATA=$BATS_TEST_TMPDIR/data
  random_file "$1" "$DATA"
  connect
  cat "$DATA" >&8 3>&- &
  JOB[feeder]=$!
  timeout "$LIMIT" head -c "$1" <&8 >"$OUT" || :
  stdout_is_file "$DATA"
  hang_up
}

# The kernel's list of connections, at the server's side: which are in STATE (a
# regular expression; 01 is ESTABLISHED, 08 CLOSE_WAIT: the client has ended its
# direction), with the bytes received and not read, and the inode, which is 0
# until the connection has been accepted.
connections() { # STATE: prints "STATE UNREAD INODE" lines
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    awk -v port=":$(printf %04X "$port")" -v state="^($1)$" '
      substr($2, length($2) - 4) == port && $4 ~ state {
        sub(/.*:/, "", $5); print $4, $5, $10 }'
}

has_accepted() { # COUNT: are so many connections accepted and established?
  (($(connections '01|08' | grep -cv ' 0$') == $1))
}

has_connections() { # STATE COUNT
  (($(connections "$1" | wc -l) == $2))
}

is_asleep() { # PID: also where nobody may ask for what it is waiting
  [[ -e /proc/$1 ]] || return "$NEVER"
  [[ $(sed 's/.*) //; s/ .*//' "/proc/$1/stat") == S ]]
}

# It is not reading although there is something to read: it must be writing.
is_stuck() { # PID
  is_asleep "$1" && connections 01 | grep -qv '^01 00000000 '
}

has_sockets() { # PID COUNT
  [[ -e /proc/$1 ]] || return "$NEVER"
  (($(find "/proc/$1/fd" -lname 'socket:*' | wc -l) == $2))
}

# Which socket each descriptor is: "socket:[12345]" on each line.
sockets_of() { # PID
  find "/proc/$1/fd" -lname 'socket:*' -printf '%l\n'
}

has_not() { # PID SOCKET
  [[ -e /proc/$1 ]] || return "$NEVER"
  ! sockets_of "$1" | grep -qxF "$2"
}

descriptors_of() { # PID
  find "/proc/$1/fd" -type l | wc -l
}

has_descriptors() { # PID COUNT
  [[ -e /proc/$1 ]] || return "$NEVER"
  (($(descriptors_of "$1") == $2))
}

# It may wait in any way, but must not spin. The descriptor for the early client
# may be reserved already, by the accept() that is waiting.
waits_for_a_descriptor() { # NAME
  local pid free=0 line
  need prlimit
  start_server start "$1"
  pid=$(pid_of server)
  while [[ -L /proc/$pid/fd/$free ]]; do free=$((free + 1)); done
  limit_descriptors "$pid" "$free:"
  connect
  hang_up
  connect
  wait_until server_says '\(EMFILE\)'
  wait_until is_asleep "$pid"
  limit_descriptors "$pid" 64:
  [[ $1 == daytime_server ]] || send_word
  read -rt "$LIMIT" -u 8 line ||
    flunk 'an answer, once there is a descriptor' none
  hang_up
  stop_server
}

# A standard input that stays open until the test closes descriptor 7.
open_input() {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 7<>"$BATS_TEST_TMPDIR/in"
}

# With files of our own in /etc, which nobody else sees.
in_private_etc() { # COMMAND [ARG...]: a command that changes /etc, or none
  unshare -m true 2>/dev/null || skip 'no mount namespace: not root'
  # shellcheck disable=SC2016
  run_command unshare -m sh -ec \
    'mount -t tmpfs none /etc; printf "$0" >/etc/hosts
     echo multi on >/etc/host.conf; exec "$@"' "$hosts" "$@"
}

need() { # COMMAND
  command -v "$1" >/dev/null || skip "$1 is missing"
}

need_nc() {
  need nc
  [[ $(nc -h 2>&1) == *-N* ]] || skip 'nc has no -N, to end what it sends'
}

### Every program

@test "wrong arguments are a usage error, and --help shows the right ones" {
  refuses resolve
  refuses resolve localhost http tcp
  for name in services restart; do refuses "$name" 1; done
  refuses handshake 1 2
  for name in client endpoints; do
    refuses "$name" 127.0.0.1
    refuses "$name" 127.0.0.1 7 7
  done
  for name in "${servers[@]}"; do
    refuses "$name" 7000 7001
    refuses "$name" -x
    refuses "$name" -a
  done
}

@test "numbers are parsed strictly" {
  for name in client endpoints; do
    for bad in 0 65536 7x '' echo; do
      rejects "PORT must be a number from 1 to 65535, not \"$bad\"" \
        "$name" 127.0.0.1 "$bad"
    done
  done
  rejects 'RESENDS must be a number from 0 to 6, not "7"' handshake 7
  for name in "${servers[@]}"; do
    for bad in 65536 7x ''; do
      rejects "PORT must be a number from 0 to 65535, not \"$bad\"" \
        "$name" "$bad"
    done
  done
}

@test "full output is an error" {
  start_server start_peer echo_fork
  export STDOUT=/dev/full
  for name in services handshake restart "${servers[@]}"; do
    [[ $name != services || -e /etc/services ]] || continue
    run_program "$name"
    fails_with 'write to stdout' ENOSPC
  done
  run_program resolve 127.0.0.1
  fails_with 'write to stdout' ENOSPC
  run_program endpoints 127.0.0.1 "$port"
  fails_with 'write to stdout' ENOSPC
  unset STDOUT
  stop_server
}

### resolve, services

@test "resolve: a numeric address is itself, IPv4 and IPv6" {
  run_program resolve 127.0.0.1
  ends_well
  stdout_is 'IPv4 127.0.0.1
'
  run_program resolve ::1 80
  ends_well
  stdout_is 'IPv6 ::1 port 80
'
}

@test "resolve: every address of a name is printed, IPv4 and IPv6" {
  hosts='192.0.2.1 many\n2001:db8::1 many\n192.0.2.2 many\n'
  in_private_etc "$PROGRAMS/resolve" many 80
  ends_well
  [[ $(sort "$OUT") == 'IPv4 192.0.2.1 port 80
IPv4 192.0.2.2 port 80
IPv6 2001:db8::1 port 80' ]] || flunk 'three addresses' "$(show "$OUT")"
}

@test "resolve: a service is found by its name" {
  [[ -e /etc/services ]] || skip '/etc/services is missing'
  run_program resolve 127.0.0.1 daytime
  ends_well
  stdout_is 'IPv4 127.0.0.1 port 13
'
}

@test "resolve: a name or service that cannot be found is an error, in words" {
  run_program resolve no..name
  fails_with 'getaddrinfo no..name: '
  grep -qE ': [A-Z][a-z]+ [a-z ]+$' "$ERR"
  run_program resolve 127.0.0.1 no-such-service
  fails_with 'getaddrinfo 127.0.0.1: '
}

@test "services: agrees with /etc/services" {
  [[ -e /etc/services ]] || skip '/etc/services is missing'
  need getent
  run_program services
  ends_well
  (($(wc -l <"$OUT") == 16))
  local name tcp udp
  while read -r name tcp udp; do
    for entry in $tcp $udp; do
      getent services "$name/${entry#*/}" | grep -qE "[[:space:]]$entry( |$)" ||
        flunk "what getent says of $name" "$entry"
    done
  done < <(sed 's/not for //g; s/ \(tcp\|udp\)//g' "$OUT")
  grep -qE '^echo +7/tcp +7/udp$' "$OUT"
}

@test "services: reports that /etc/services is missing" {
  hosts=''
  in_private_etc "$PROGRAMS/services"
  fails_with 'open /etc/services' ENOENT
}

### client

@test "client: a HOST that cannot be found is an error, in words" {
  run_program client no..name 7
  fails_with 'getaddrinfo no..name: '
}

# bats test_tags=client,step:1
@test "client: reports that nobody is listening" {
  start_server start_peer daytime_server
  stop_server
  run_program client 127.0.0.1 "$port" </dev/null
  fails_with connect ECONNREFUSED
}

# One of the addresses of localhost, if there are two, is not the first.
# bats test_tags=client,step:1
@test "client: connects to whichever address of HOST accepts, IPv4 or IPv6" {
  local address host hosts
  for address in 127.0.0.1 ::1; do
    hosts=("$address")
    ! getent ahosts localhost | grep -q "^$address " || hosts+=(localhost)
    start_server start_peer daytime_server -a "$address"
    for host in "${hosts[@]}"; do
      run_program client "$host" "$port" </dev/null
      ! grep -q ECONNREFUSED "$ERR" ||
        flunk "a connection to $host, which is $address" "$(show "$ERR")"
    done
    stop_server
    for host in "${hosts[@]}"; do
      run_program client "$host" "$port" </dev/null
      fails_with connect ECONNREFUSED
    done
  done
}

@test "client: tries every address of a name" {
  start_server start_peer echo_fork
  for hosts in '127.0.0.1 two\n::1 two\n' '127.0.0.2 two\n127.0.0.1 two\n' \
    '127.0.0.1 two\n127.0.0.2 two\n127.0.0.3 two\n'; do
    random_word
    in_private_etc "$PROGRAMS/client" two "$port" <<<"$word"
    ends_well
    stdout_is "$word
"
  done
  hosts='127.0.0.2 two\n127.0.0.3 two\n'
  in_private_etc "$PROGRAMS/client" two "$port"
  fails_with "connect two port $port" ECONNREFUSED
  stop_server
}

# The input stays open, so it does not matter here how the client ends.
# bats test_tags=client,step:2
@test "client: receives answers while it is still waiting for input" {
  start_server start_peer echo_fork
  open_input
  start it client 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/in"
  random_file 60000 "$BATS_TEST_TMPDIR/data"
  cat "$BATS_TEST_TMPDIR/data" >&7 # all of it fits into the pipe
  wait_until has_bytes it 1
  exec 7>&-
}

has_bytes() { # ID COUNT: are so many bytes on its stdout?
  local if_not=1
  is_alive "${JOB[$1]-}" || if_not=$NEVER
  (($(stat -c %s "$BATS_TEST_TMPDIR/$1.out") >= $2)) || return "$if_not"
}

# bats test_tags=client,step:3
@test "client: prints what the server sends" {
  start_server start_peer daytime_server
  open_input
  start it client 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/in"
  wait_until has_line it '-UTC'
  cp "$BATS_TEST_TMPDIR/it.out" "$OUT"
  stdout_matches '[A-Z][a-z]+, [A-Z][a-z]+ [0-9 ,:]+-UTC'$'\r'
  exec 7>&-
}

# bats test_tags=client,step:3
@test "client: prints each answer as soon as it arrives" {
  start_server start_peer echo_fork
  open_input
  start it client 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/in"
  for _ in 1 2 3; do
    random_word
    echo "$word" >&7
    wait_until has_line it "$word"
  done
  exec 7>&-
}

# bats test_tags=client,step:3
@test "client: ends when the server closes, though its input has not ended" {
  start_server start_peer daytime_server
  open_input
  run_program client 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/in"
  ends_well
  stdout_matches '.*-UTC'$'\r'
  exec 7>&-
  stop_server
}

# bats test_tags=client,step:3
@test "client: reports that its output cannot be written" {
  start_server start_peer daytime_server
  open_input
  STDOUT=/dev/full run_program client 127.0.0.1 "$port" \
    <"$BATS_TEST_TMPDIR/in"
  fails_with '' ENOSPC
  exec 7>&-
  stop_server
}

# If the server is killed before it accepts, the client's connection is reset.
# bats test_tags=client,step:3
@test "client: reports that the connection was reset" {
  start_server start_peer daytime_server
  kill -STOP "$(pid_of server)"
  open_input
  start it client 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/in"
  wait_until has_connections 01 1
  kill -KILL "$(pid_of server)"
  end_of server
  end_of it
  fails_with '' ECONNRESET
  exec 7>&-
}

# Does everything come back, though the input does not end? It may be sent line
# by line, so the last byte is a newline.
comes_back() { # BYTES
  random_file $(($1 - 1)) "$BATS_TEST_TMPDIR/data"
  echo >>"$BATS_TEST_TMPDIR/data"
  start it client 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/in"
  cat "$BATS_TEST_TMPDIR/data" >&7 3>&- &
  JOB[feeder]=$!
  wait_until has_bytes it "$1"
  kill -KILL "$(pid_of it)" 2>/dev/null || :
  end_of it
  stdout_is_file "$BATS_TEST_TMPDIR/data"
}

# bats test_tags=client,step:4
@test "client: sends its input, any bytes" {
  start_server start_peer echo_fork
  open_input
  for bytes in 2 5000 1000000; do comes_back "$bytes"; done
  exec 7>&-
  stop_server
}

# bats test_tags=client,step:4
@test "client: sends 64 MiB and takes them back" {
  start_server start_peer echo_fork
  open_input
  comes_back $((64 << 20))
  exec 7>&-
  stop_server
}

# bats test_tags=client,step:4
@test "client: reports that its input cannot be read" {
  start_server start_peer echo_fork
  run_program client 127.0.0.1 "$port" </
  fails_with '' EISDIR
  stop_server
}

# bats test_tags=client,step:5
@test "client: at the end of its input the server sees end of file" {
  start_server start_peer echo_fork
  random_word
  run_program client 127.0.0.1 "$port" <<<"$word"
  ends_well
  stdout_is "$word
"
  stop_server
}

# The server is stopped, so that the end of the input arrives before it answers.
# bats test_tags=client,step:5
@test "client: prints an answer that comes after the end of its input" {
  start_server start_peer daytime_server
  kill -STOP "$(pid_of server)"
  start it client 127.0.0.1 "$port" </dev/null
  wait_until has_connections 08 1
  kill -CONT "$(pid_of server)"
  end_of it
  ends_well
  stdout_matches '.*-UTC'$'\r'
  stop_server
}

@test "client: no input is no output" {
  start_server start_peer echo_fork
  run_program client 127.0.0.1 "$port" </dev/null
  ends_well
  stdout_is ''
  stop_server
}

@test "client: ends when the server is killed in the middle" {
  start_server start_peer echo_fork
  STDOUT=/dev/null start it client 127.0.0.1 "$port" </dev/zero
  wait_until has_children "$(pid_of server)" 1
  kill -KILL "$(pid_of server)"
  end_of server
  end_of it
  ((status <= 1)) || flunk 'exit status 0 or 1' "$(status_in_words "$status")"
}

@test "client: leaves nothing behind when it is killed" {
  start_server start_peer echo_fork
  open_input
  start it client 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/in"
  wait_until has_accepted 1
  wait_until is_asleep "$(pid_of it)"
  kill -KILL "$(pid_of it)"
  end_of it
  status_is 137
  exec 7>&-
  stop_server
}

# As a filter it may die of SIGPIPE; it writes to a server, so it may report it.
@test "client: ends when nobody reads its output" {
  start_server start_peer echo_fork
  # shellcheck disable=SC2016
  run_command bash -c \
    '"$1" 127.0.0.1 "$2" </dev/zero | head -c 10 | wc -c; echo "${PIPESTATUS[0]}"' \
    bash "$PROGRAMS/client" "$port"
  [[ $(tr -d ' \n' <"$OUT") =~ ^10(141|1)$ ]] ||
    flunk '10, then 141 or 1' "$(show "$OUT")"
  [[ $(<"$OUT") == *141 ]] || stderr_has '(EPIPE)'
  stop_server
}

@test "client: talks to socat, which answers after the end of the input" {
  need socat
  start_command server socat -d -d TCP-LISTEN:0,bind=127.0.0.1 EXEC:sort
  wait_until server_says ' listening on '
  port=$(sed -n 's/.* listening on .*://p' "$BATS_TEST_TMPDIR/server.err")
  run_program client 127.0.0.1 "$port" <<<$'b\na'
  ends_well
  stdout_is 'a
b
'
  end_of server
}

### echo_iterative

# It may not be ready for clients yet.
# bats test_tags=echo_iterative,step:1
@test "echo_iterative: has a socket for IPv4, or for IPv6" {
  start server echo_iterative
  wait_until listens_on '[0-9]+\.[0-9.]+'
  start server echo_iterative -a ::1
  wait_until listens_on '::1?'
}

listens_on() { # REGEX: an address
  local if_not=1
  is_alive "${JOB[server]}" || if_not=$NEVER
  grep -qE "^listening on $1 port " "$BATS_TEST_TMPDIR/server.out" ||
    return "$if_not"
}

# The server is the one that closes first, and its side remembers.
# bats test_tags=echo_iterative,step:2
@test "echo_iterative: can be restarted while an old connection lingers" {
  start_server start echo_iterative
  connect
  wait_until has_accepted 1
  stop_server
  start server echo_iterative "$port"
  wait_until has_line server "port $port"
  hang_up
  stop_server
}

# bats test_tags=echo_iterative,step:3
@test "echo_iterative: listens on the port that it is given, if that is free" {
  start_server start_peer daytime_server
  run_program echo_iterative "$port"
  fails_with bind EADDRINUSE
  stop_server
  start server echo_iterative "$port"
  wait_until has_line server "listening on 127.0.0.1 port $port"
}

# bats test_tags=echo_iterative,step:4
@test "echo_iterative: the kernel connects clients before they are accepted" {
  start_server start echo_iterative
  kill -STOP "$(pid_of server)"
  for fd in 7 8; do connect "$fd"; hang_up "$fd"; done
  kill -CONT "$(pid_of server)"
  stop_server
}

# bats test_tags=echo_iterative,step:5
@test "echo_iterative: accepts a client, over IPv4 or IPv6" {
  for address in 127.0.0.1 ::1; do
    start_server start echo_iterative -a "$address"
    exec 8<>"/dev/tcp/$address/$port"
    wait_until has_accepted 1
    hang_up
    stop_server
  done
}

# bats test_tags=echo_iterative,step:5
@test "echo_iterative: without a descriptor for a client it waits, and continues" {
  waits_for_a_descriptor echo_iterative
}

# bats test_tags=echo_iterative,step:6
@test "echo_iterative: sends back 64 MiB of any bytes" {
  start_server start echo_iterative
  echoes $((64 << 20))
  stop_server
}

# bats test_tags=echo_iterative,step:6
@test "echo_iterative: a second client waits until the first has gone" {
  start_server start echo_iterative
  connect
  is_answered
  connect 7
  is_answered
  has_accepted 1
  hang_up
  is_answered 7
  hang_up 7
  stop_server
}

# bats test_tags=echo_iterative,step:6
@test "echo_iterative: reports that a client was reset, and continues" {
  start_server start echo_iterative
  before=$(descriptors_of "$(pid_of server)")
  connect
  reset
  serves_another
  server_says '\(ECONNRESET\)'
  wait_until has_descriptors "$(pid_of server)" "$before"
  stop_server
}

# bats test_tags=echo_iterative,step:6
@test "echo_iterative: reports that it cannot write to a client, and continues" {
  start_server start echo_iterative
  start_flood
  wait_until is_stuck "$(pid_of server)"
  kill -KILL "$(pid_of flood)"
  end_of flood
  serves_another
  server_says '\((ECONNRESET|EPIPE)\)'
  stop_server
}

# A client that sends and never reads.
start_flood() {
  # shellcheck disable=SC2016
  start_command flood bash -c \
    'exec 3<>"/dev/tcp/127.0.0.1/$1"; exec cat /dev/zero >&3' bash "$port"
}

# bats test_tags=echo_iterative,step:7
@test "echo_iterative: closes the connection when the client has gone" {
  start_server start echo_iterative
  before=$(descriptors_of "$(pid_of server)")
  for _ in 1 2 3; do serves_another; done
  wait_until has_descriptors "$(pid_of server)" "$before"
  stop_server
}

### echo_fork

# bats test_tags=echo_fork,step:1
@test "echo_fork: a child that ends disturbs nobody, and leaves no zombie" {
  start_server start echo_fork
  for _ in 1 2 3; do
    serves_another
    wait_until has_children "$(pid_of server)" 0
  done
  stop_server
  ends_well
}

# bats test_tags=echo_fork,step:2
@test "echo_fork: has a child for each client" {
  start_server start echo_fork
  connect
  connect 7
  wait_until has_children "$(pid_of server)" 2
  hang_up
  hang_up 7
  wait_until has_only_zombies "$(pid_of server)"
  stop_server
}

# bats test_tags=echo_fork,step:3
@test "echo_fork: a child does not hold the socket that listens" {
  start_server start echo_fork
  listener=$(sockets_of "$(pid_of server)")
  connect
  is_answered
  wait_until has_not "$(children_of "$(pid_of server)")" "$listener"
  hang_up
  stop_server
}

# bats test_tags=echo_fork,step:4
@test "echo_fork: sends back any bytes" {
  start_server start echo_fork
  for bytes in 1 5000 1000000; do echoes "$bytes"; done
  stop_server
}

# bats test_tags=echo_fork,step:4
@test "echo_fork: sends back 64 MiB of any bytes" {
  start_server start echo_fork
  echoes $((64 << 20))
  stop_server
}

# bats test_tags=echo_fork,step:4
@test "echo_fork: serves clients at the same time, each until it has gone" {
  start_server start echo_fork
  connect
  is_answered
  serves_another
  is_answered
  hang_up
  stop_server
}

# bats test_tags=echo_fork,step:4
@test "echo_fork: reports that a client was reset, and continues" {
  start_server start echo_fork
  connect
  reset
  wait_until server_says '\(ECONNRESET\)'
  serves_another
  stop_server
}

# bats test_tags=echo_fork,step:5
@test "echo_fork: the parent keeps no connection" {
  start_server start echo_fork
  local pid before
  pid=$(pid_of server)
  before=$(descriptors_of "$pid")
  connect
  wait_until has_accepted 1
  wait_until has_descriptors "$pid" "$before"
  hang_up
  for _ in 1 2 3; do serves_another; done
  wait_until has_descriptors "$pid" "$before"
  stop_server
}

# It is asleep, and not for want of clients: it waits for its child.
# bats test_tags=echo_fork,step:6
@test "echo_fork -w: a second client waits until the first has gone" {
  start_server start echo_fork -w
  connect
  is_answered
  connect 7
  wait_until is_asleep "$(pid_of server)"
  is_answered
  has_accepted 1
  hang_up
  is_answered 7
  hang_up 7
  wait_until has_children "$(pid_of server)" 0
  stop_server
  ends_well
}

# bats test_tags=echo_fork,step:7
@test "echo_fork: 200 clients at once, then no zombie is left" {
  PROCESSES=400 start_server start echo_fork
  local pid i line fd clients=()
  pid=$(pid_of server)
  for i in {1..200}; do
    exec {fd}<>"/dev/tcp/127.0.0.1/$port"
    clients[i]=$fd
    echo "client $i" >&"$fd"
  done
  wait_until has_children "$pid" 200
  for i in {1..200}; do
    read -rt "$LIMIT" -u "${clients[i]}" line
    [[ $line == "client $i" ]] || flunk "client $i" "$line"
  done
  # Stopped, it gets one SIGCHLD for all of them.
  kill -STOP "$pid"
  for fd in "${clients[@]}"; do exec {fd}>&-; done
  wait_until has_only_zombies "$pid"
  kill -CONT "$pid"
  wait_until has_children "$pid" 0
  serves_another
  wait_until has_children "$pid" 0
  stop_server
  ends_well
}

# If the kernel reaps them (SA_NOCLDWAIT), there are none at all.
has_only_zombies() { # PID
  local alive
  alive=$(children_of "$1" | sed 's|.*|/proc/&/status|' |
    xargs -r grep -Ls $'^State:\tZ') || :
  [[ -z $alive ]]
}

# bats test_tags=echo_fork,step:7
@test "echo_fork: to reap one child is not to wait for another" {
  start_server start echo_fork
  connect
  is_answered
  for _ in 1 2; do
    serves_another
    wait_until has_children "$(pid_of server)" 1
  done
  is_answered
  hang_up
  wait_until has_children "$(pid_of server)" 0
  stop_server
}

@test "echo_fork: without a descriptor for a client it waits, and continues" {
  waits_for_a_descriptor echo_fork
}

@test "echo_fork: continues when a client is killed in the middle" {
  start_server start echo_fork
  STDOUT=/dev/null start_peer client client 127.0.0.1 "$port" </dev/zero
  wait_until has_children "$(pid_of server)" 1
  kill -KILL "$(pid_of client)"
  end_of client
  wait_until has_children "$(pid_of server)" 0
  serves_another
  stop_server
}

@test "echo_fork: a client that never reads holds up only its own child" {
  start_server start echo_fork
  start_flood
  wait_until has_children "$(pid_of server)" 1
  wait_until is_stuck "$(children_of "$(pid_of server)")"
  serves_another
  stop_server
}

@test "echo_fork: a client that says nothing holds up nobody" {
  start_server start echo_fork
  connect
  wait_until has_children "$(pid_of server)" 1
  serves_another
  hang_up
  stop_server
}

@test "echo_fork: SIGINT and SIGTERM end it and its children, with exit 0" {
  for signal in INT TERM; do
    start_server start echo_fork
    connect
    is_answered
    child=$(children_of "$(pid_of server)")
    kill "-$signal" "$(pid_of server)"
    end_of server
    ends_well
    [[ ! -e /proc/$child ]]
    ! read -rt "$LIMIT" -u 8 || flunk 'end of file' 'an answer'
    hang_up
  done
}

@test "echo_fork: can be restarted while a child's connection lingers" {
  start_server start echo_fork
  connect
  is_answered
  stop_server
  start server echo_fork "$port"
  wait_until has_line server "port $port"
  hang_up
  stop_server
}

@test "echo_fork: an ADDRESS that cannot be found, or is not ours, is an error" {
  run_program echo_fork -a no..name
  fails_with 'getaddrinfo no..name: '
  run_program echo_fork -a 192.0.2.1
  fails_with 'bind 192.0.2.1 port 0' EADDRNOTAVAIL
}

@test "servers: ignore SIGPIPE, so that no departing client kills them" {
  for name in "${servers[@]}"; do
    start_server start "$name"
    ((0x$(sed -n 's/^SigIgn:\t//p' "/proc/$(pid_of server)/status") >> 12 & 1)) ||
      flunk "SIGPIPE ignored by $name" 'not'
    stop_server
  done
}

@test "daytime_server: without a descriptor for a client it waits, and continues" {
  waits_for_a_descriptor daytime_server
}

### Other clients

@test "echo servers: a client that has ended its input gets end of file" {
  for name in echo_iterative echo_fork; do
    start_server start "$name"
    for _ in 1 2 3; do
      random_word
      run_command "$PEER/client" 127.0.0.1 "$port" <<<"$word"
      status_is 0
      stdout_is "$word
"
    done
    stop_server
  done
}

@test "echo servers: nc gets everything back, over IPv4 and IPv6" {
  need_nc
  random_file 1000000 "$BATS_TEST_TMPDIR/data"
  for name in echo_iterative echo_fork; do
    for address in 127.0.0.1 ::1; do
      start_server start "$name" -a "$address"
      run_command nc -N "$address" "$port" <"$BATS_TEST_TMPDIR/data"
      status_is 0
      stdout_is_file "$BATS_TEST_TMPDIR/data"
      stop_server
    done
  done
}

@test "echo servers: nc gets 64 MiB back" {
  need_nc
  random_file $((64 << 20)) "$BATS_TEST_TMPDIR/data"
  for name in echo_iterative echo_fork; do
    start_server start "$name"
    run_command nc -N 127.0.0.1 "$port" <"$BATS_TEST_TMPDIR/data"
    stdout_is_file "$BATS_TEST_TMPDIR/data"
    stop_server
  done
}

@test "echo servers: socat gets everything back" {
  need socat
  random_file 1000000 "$BATS_TEST_TMPDIR/data"
  for name in echo_iterative echo_fork; do
    start_server start "$name"
    run_command socat -t "$LIMIT" - "TCP:127.0.0.1:$port" \
      <"$BATS_TEST_TMPDIR/data"
    stdout_is_file "$BATS_TEST_TMPDIR/data"
    stop_server
  done
}

# curl may wait in read() for more input before it looks at the answer.
is_echoed_to_curl() {
  echo hello >&7
  has_line curl hello
}

@test "echo_fork: curl telnet:// is answered" {
  need curl
  [[ $(curl --version) == *telnet* ]] || skip 'curl has no telnet://'
  start_server start echo_fork
  open_input
  start_command curl curl -sN "telnet://127.0.0.1:$port" \
    <"$BATS_TEST_TMPDIR/in"
  wait_until is_echoed_to_curl
  exec 7>&-
  stop_server
}

### daytime_server

@test "daytime_server: one line with the time, then end of file" {
  start_server start daytime_server
  local from to time
  from=$(date +%s)
  connect
  cat <&8 >"$OUT"
  hang_up
  to=$(date +%s)
  for ((time = from; time <= to; time++)); do
    [[ $(LC_ALL=C date -u -d "@$time" '+%A, %B %d, %Y %T-UTC')$'\r' != \
      "$(<"$OUT")" ]] || break
  done
  ((time <= to)) || flunk 'the time' "$(show "$OUT")"
  (($(wc -l <"$OUT") == 1))
  stop_server
}

@test "daytime_server: clients that say nothing, or are reset, stop nobody" {
  start_server start daytime_server
  connect
  for _ in 1 2 3; do
    exec 7<>"/dev/tcp/127.0.0.1/$port"
    echo rubbish >&7 2>/dev/null || :
    exec 7>&-
  done
  run_command "$PEER/client" 127.0.0.1 "$port" </dev/null
  stdout_matches '.*-UTC'$'\r'
  hang_up
  stop_server
}

@test "daytime_server: listens on IPv6 too, and SIGINT ends it" {
  start_server start daytime_server -a ::1
  run_command "$PEER/client" ::1 "$port" </dev/null
  stdout_matches '.*-UTC'$'\r'
  kill -INT "$(pid_of server)"
  end_of server
  ends_well
}

### endpoints, handshake, restart

@test "endpoints: two connections differ in the client's port only" {
  start_server start_peer echo_fork
  run_program endpoints 127.0.0.1 "$port"
  ends_well
  stdout_matches "tcp 127.0.0.1 port ([0-9]+) <-> 127.0.0.1 port $port
tcp 127.0.0.1 port ([0-9]+) <-> 127.0.0.1 port $port
ephemeral ports: ([0-9]+) to ([0-9]+)"
  [[ ${BASH_REMATCH[*]:3} == "$(tr '\t' ' ' \
    </proc/sys/net/ipv4/ip_local_port_range)" ]]
  for i in 1 2; do
    ((BASH_REMATCH[3] <= BASH_REMATCH[i] && BASH_REMATCH[i] <= BASH_REMATCH[4]))
  done
  ((BASH_REMATCH[1] != BASH_REMATCH[2]))
  stop_server
}

@test "endpoints: works over IPv6, and reports that nobody is listening" {
  start_server start_peer echo_fork -a ::1
  run_program endpoints ::1 "$port"
  ends_well
  grep -qE "^tcp ::1 port [0-9]+ <-> ::1 port $port$" "$OUT"
  stop_server
  run_program endpoints ::1 "$port"
  fails_with "connect ::1 port $port" ECONNREFUSED
  run_program endpoints no..name 7
  fails_with 'getaddrinfo no..name: '
}

@test "handshake: connections are established unaccepted, until the queue is full" {
  run_program handshake 0
  ends_well
  stdout_is 'listen with a backlog of 2, and no accept
connect 1: established
connect 2: established
connect 3: established
connect 4: not yet after 200 ms
accept: one place is free
connect 4: established
'
}

@test "handshake: shows when the SYN is sent again, RESENDS times" {
  run_program handshake 1
  ends_well
  stdout_matches '.*after 200 ms
connect 4: SYN sent again after ([0-9]+)\.[0-9] s
accept: one place is free
connect 4: established'
  ((BASH_REMATCH[1] >= 1))
}

@test "restart: the port can be bound with SO_REUSEADDR only" {
  run_program restart
  ends_well
  stdout_matches 'port ([0-9]+): served one client, closed first
bind without SO_REUSEADDR: EADDRINUSE
bind with SO_REUSEADDR: success'
  # The kernel still has the connection: local port, state 6 is TIME_WAIT.
  grep -qE "^ *[0-9]+: 0100007F:$(printf %04X "${BASH_REMATCH[1]}") [0-9A-F:]+ 06 " \
    /proc/net/tcp
}
