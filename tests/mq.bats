#!/usr/bin/env bats
# The lab mq: POSIX message queues.
#
# run: create $OBJECT
# run: create -m 100000 $OBJECT
# run: producer $OBJECT 3 peer: consumer $OBJECT
# run: consumer $OBJECT peer: producer $OBJECT 3
# run: send $OBJECT hello first: create $OBJECT
# run: recv -t 9 $OBJECT first: create $OBJECT first: send $OBJECT hello
# run: recv $OBJECT first: create $OBJECT first: send $OBJECT hello
# run: attr $OBJECT first: create $OBJECT
# run: unlink $OBJECT first: create $OBJECT
# run: workers $OBJECT 2
# run: notify_signal $OBJECT first: create $OBJECT client: send $OBJECT hello
# run: notify_thread $OBJECT first: create $OBJECT client: send $OBJECT hello except: socket clone3 recvfrom
# run: notify_busy $OBJECT except: clone clone3
# run: limits
# run: list first: create $OBJECT except: close newfstatat fstat

load helper

RULE='(a name is a / and 1 to 255 characters that are not /)'

queue_was_gone() { # after unlink
  ((status != 0)) || flunk 'nothing is left behind' "the queue $OBJECT"
}

# A queue is not a file, unless its file system is mounted: ask our own unlink.
teardown() {
  end_jobs
  run_command "$PEER/unlink" "$OBJECT"
  nothing_is_left && queue_was_gone # errexit does not hold in here
}

create_queue() { # [OPTION...]
  run_command "$PEER/create" "$@" "$OBJECT"
  status_is 0
}

remove_queue() {
  run_command "$PEER/unlink" "$OBJECT"
  status_is 0
}

remove_queue_if_any() {
  run_command "$PEER/unlink" "$OBJECT"
}

put() { # [OPTION...] MESSAGE
  run_command "$PEER/send" "${@:1:$#-1}" "$OBJECT" "${@: -1}"
  status_is 0
}

take() { # [OPTION...]: without waiting; then as after run_program
  run_command "$PEER/recv" -n "$@" "$OBJECT"
  status_is 0
}

# The steps leave the words of a message to the student.
fails_for() { # ENAME [OBJECT]: exit 1, and a message with both
  status_is 1
  grep -qE -- "${2-$OBJECT}.*\($1\)\$" "$ERR" ||
    flunk "a message with ${2-$OBJECT} and $1" "$(show "$ERR")"
}

# In mq_receive() or mq_send(), or in poll() or a relative of it.
waits_for_queue() { # PID
  waits_in "$1" '(mq_timed(send|receive)|poll|select6?|epoll_p?wait2?)'
}

mode_is() { # MODE ID: of the queue that this program has open
  local fd
  for fd in "/proc/$(pid_of "$2")/fd"/*; do
    [[ $(readlink "$fd") == "$OBJECT" ]] || continue
    [[ $(stat -Lc %a "$fd") == "$1" ]] ||
      flunk "a queue with mode $1" "mode $(stat -Lc %a "$fd")"
    return
  done
  flunk "an open queue $OBJECT" 'none'
}

exists() { # for wait_until
  "$LABRUN" "$PEER/attr" "$OBJECT" >/dev/null 2>&1 3>&-
}

queue_is_gone() {
  run_command "$PEER/attr" "$OBJECT"
  fails_with "mq_open $OBJECT" ENOENT
}

attributes_are() { # MAXMSG MSGSIZE CURMSGS
  run_command "$PEER/attr" "$OBJECT"
  stdout_is "maxmsg $1
msgsize $2
curmsgs $3
"
}

holds() { # CURMSGS: for wait_until; leaves OUT alone
  "$LABRUN" "$PEER/attr" "$OBJECT" 2>/dev/null 3>&- | grep -qx "curmsgs $1"
}

has_lines() { # ID COUNT
  (($(wc -l <"$BATS_TEST_TMPDIR/$1.out") >= $2))
}

# The items of a producer, as a consumer prints them, or as recv does.
items() { # FROM TO [BEFORE]
  seq -f "${3-}item %g" "$1" "$2"
}

### Every program

@test "wrong arguments are a usage error, and --help prints the usage" {
  for name in attr unlink consumer notify_signal notify_thread notify_busy; do
    refuses "$name"
    refuses "$name" "$OBJECT" "$OBJECT"
  done
  for name in create recv; do
    refuses "$name"
    refuses "$name" "$OBJECT" "$OBJECT"
    refuses "$name" -q "$OBJECT"
    refuses "$name" -x
    refuses "$name" -c 1 -s 1
  done
  for name in producer workers send; do
    refuses "$name" "$OBJECT"
    refuses "$name" "$OBJECT" 1 2
  done
  refuses send -q "$OBJECT" hello
  refuses send "$OBJECT" hello -n
  refuses limits "$OBJECT"
  refuses list "$OBJECT"
}

@test "numbers are parsed strictly" {
  local rule='must be a number from'
  rejects "COUNT $rule 0 to 1000000000, not \"1x\"" producer "$OBJECT" 1x
  rejects "COUNT $rule 0 to 1000000000, not \"-1\"" producer "$OBJECT" -1
  rejects "WORKERS $rule 1 to 100, not \"0\"" workers "$OBJECT" 0
  rejects "WORKERS $rule 1 to 100, not \"101\"" workers "$OBJECT" 101
  rejects "MAXMSG $rule 1 to 2147483647, not \"0\"" create -m 0 "$OBJECT"
  rejects "MSGSIZE $rule 1 to 2147483647, not \"\"" create -s '' "$OBJECT"
  rejects "PRIORITY $rule 0 to 32767, not \"32768\"" \
    send -p 32768 "$OBJECT" hello
  rejects "SECONDS $rule 0 to 1000000, not \" 1\"" recv -t ' 1' "$OBJECT"
  rejects "COUNT $rule 1 to 2147483647, not \"0\"" recv -c 0 "$OBJECT"
}

@test "if the kernel rejects a name, the message gives the rule for names" {
  local long
  long=/$(printf %0256d 0)
  for name in attr recv consumer notify_signal notify_thread notify_busy create; do
    run_program "$name" /a/b
    fails_with "mq_open /a/b $RULE" EACCES
    run_program "$name" /
    fails_with "mq_open / $RULE" ENOENT
    run_program "$name" "$long"
    fails_with "mq_open $long $RULE" ENAMETOOLONG
  done
  for name in producer workers send; do
    run_program "$name" /a/b 1
    fails_with "mq_open /a/b $RULE" EACCES
  done
  run_program unlink /a/b
  fails_with "mq_unlink /a/b $RULE"
}

@test "a name may have 255 characters after the slash, of any kind" {
  local name
  name="$OBJECT $(printf %0255d 0)"
  name=${name:0:256}
  run_program create -x "$name"
  ends_well
  run_program unlink "$name"
  ends_well
}

@test "a full output is an error" {
  for line in limits "notify_busy $OBJECT" "workers $OBJECT 2"; do
    # shellcheck disable=SC2086
    STDOUT=/dev/full run_program $line
    fails_with 'write to stdout' ENOSPC
  done
  create_queue
  for name in attr notify_signal notify_thread; do
    STDOUT=/dev/full run_program "$name" "$OBJECT"
    fails_with 'write to stdout' ENOSPC
  done
  remove_queue
}

### create, attr, unlink

@test "create: creates a queue of 8 messages of 256 bytes" {
  run_program create "$OBJECT"
  ends_well
  attributes_are 8 256 0
  remove_queue
}

@test "create: -m and -s set the number of messages and their size" {
  run_program create -m 3 -s 1000 "$OBJECT"
  ends_well
  attributes_are 3 1000 0
  remove_queue
}

@test "create: an existing queue keeps its attributes and its messages" {
  create_queue -m 3 -s 1000
  put hello
  run_program create -m 5 -s 20 "$OBJECT"
  ends_well
  attributes_are 3 1000 1
  remove_queue
}

@test "create: -x refuses an existing queue, and leaves it alone" {
  run_program create -x "$OBJECT"
  ends_well
  put hello
  run_program create -x "$OBJECT"
  fails_with "mq_open $OBJECT" EEXIST
  attributes_are 8 256 1
  remove_queue
}

@test "create: names RLIMIT_MSGQUEUE if it is exceeded" {
  # shellcheck disable=SC2016
  run_command bash -c 'ulimit -q 1000; exec "$@"' bash \
    "$PROGRAMS/create" "$OBJECT"
  fails_with "mq_open $OBJECT (RLIMIT_MSGQUEUE is 1000 bytes " EMFILE
  queue_is_gone
}

# Root may exceed fs.mqueue, but not without this capability.
limited() { # COMMAND...: as run_command
  local limited=()
  if ((EUID == 0)); then
    command -v setpriv >/dev/null || skip 'root, and there is no setpriv'
    limited=(setpriv --bounding-set=-sys_resource)
  fi
  run_command "${limited[@]}" "$@"
}

@test "create: names fs.mqueue.msg_max or msgsize_max if it is exceeded" {
  local most size
  most=$(</proc/sys/fs/mqueue/msg_max) size=$(</proc/sys/fs/mqueue/msgsize_max)
  limited "$PROGRAMS/create" -s 1 -m "$((most + 1))" "$OBJECT"
  fails_with "mq_open $OBJECT (fs.mqueue.msg_max is $most)" EINVAL
  limited "$PROGRAMS/create" -m 1 -s "$((size + 1))" "$OBJECT"
  fails_with "mq_open $OBJECT (fs.mqueue.msgsize_max is $size)" EINVAL
  queue_is_gone
}

@test "create: names fs.mqueue.queues_max if it is exceeded" {
  ((EUID == 0)) || skip 'only root may have an IPC namespace of its own'
  # shellcheck disable=SC2016
  limited unshare -i bash -c 'echo 1 >/proc/sys/fs/mqueue/queues_max
    "$1" "$2" && exec "$1" "$2-more"' bash "$PROGRAMS/create" "$OBJECT"
  fails_with "mq_open $OBJECT-more (fs.mqueue.queues_max is 1)" ENOSPC
}

@test "attr: curmsgs counts the messages in the queue" {
  create_queue
  for i in 0 1 2 3; do
    run_program attr "$OBJECT"
    ends_well
    stdout_is "maxmsg 8
msgsize 256
curmsgs $i
"
    put hello
  done
  take -c 3
  run_program attr "$OBJECT"
  stdout_matches '.*curmsgs 1'
  remove_queue
}

@test "attr: a queue that does not exist is an error, and is not created" {
  run_program attr "$OBJECT"
  fails_with "mq_open $OBJECT" ENOENT
  queue_is_gone
}

@test "unlink: removes the name, and the messages that no process can receive" {
  create_queue
  put hello
  run_program unlink "$OBJECT"
  ends_well
  queue_is_gone
  create_queue
  attributes_are 8 256 0
  remove_queue
}

@test "unlink: a name that does not exist is an error" {
  run_program unlink "$OBJECT"
  fails_with "mq_unlink $OBJECT" ENOENT
}

@test "unlink: an open queue lives on without its name" {
  create_queue
  start_peer receiver recv -c 20 "$OBJECT"
  wait_until waits_in "$(pid_of receiver)" mq_timedreceive
  kill -STOP "$(pid_of receiver)"
  start_peer sender producer "$OBJECT" 20
  wait_until holds 8
  run_program unlink "$OBJECT"
  ends_well
  queue_is_gone
  kill -CONT "$(pid_of receiver)"
  end_of sender
  status_is 0
  end_of receiver
  status_is 0
  stdout_is "$(items 1 20 '[0] ')
"
}

### producer

# bats test_tags=producer,step:1
@test "producer: creates the queue if it does not exist" {
  start it producer "$OBJECT" 20
  wait_until holds 8
  attributes_are 8 256 8
  kill -TERM "$(pid_of it)"
  end_of it
  status_is 143
  remove_queue
}

# bats test_tags=producer,step:1
@test "producer: the queue that it creates has mode 0600" {
  start it producer "$OBJECT" 20
  wait_until exists
  mode_is 600 it
  kill -TERM "$(pid_of it)"
  end_of it
  remove_queue
}

# bats test_tags=producer,step:1
@test "producer: a queue that cannot be opened is an error" {
  run_program producer /a/b 1
  fails_for EACCES /a/b
}

# bats test_tags=producer,step:2
@test "producer: sends each item once, in order" {
  local count=$((100 + RANDOM % 100))
  start it producer "$OBJECT" "$count"
  wait_until holds 8
  run_command "$PEER/recv" -c "$count" "$OBJECT"
  stdout_is "$(items 1 "$count" '[0] ')
"
  end_of it
  ends_well
  remove_queue
}

# bats test_tags=producer,step:2
@test "producer: waits while the queue is full" {
  create_queue -m 2
  start it producer "$OBJECT" 20
  wait_until waits_for_queue "$(pid_of it)"
  attributes_are 2 256 2
  take
  stdout_is '[0] item 1
'
  wait_until holds 2
  wait_until waits_for_queue "$(pid_of it)"
  run_command "$PEER/recv" -c 19 "$OBJECT"
  stdout_is "$(items 2 20 '[0] ')
"
  end_of it
  ends_well
  remove_queue
}

# bats test_tags=producer,step:2
@test "producer: an item that is larger than the queue allows is an error" {
  create_queue -s 5
  run_program producer "$OBJECT" 1
  fails_for EMSGSIZE
  remove_queue
}

# bats test_tags=producer,step:3
@test "producer: sends an empty message last, then ends" {
  run_program producer "$OBJECT" 2
  ends_well
  take -c 3
  stdout_is '[0] item 1
[0] item 2
[0] 
'
  remove_queue
}

# bats test_tags=producer,step:3
@test "producer: if COUNT is 0, sends the empty message only" {
  run_program producer "$OBJECT" 0
  ends_well
  take
  stdout_is '[0] 
'
  remove_queue
}

@test "producer: if it is killed, the items that it has sent remain" {
  start it producer "$OBJECT" 20
  wait_until waits_for_queue "$(pid_of it)"
  kill -KILL "$(pid_of it)"
  end_of it
  take -c 8
  stdout_is "$(items 1 8 '[0] ')
"
  remove_queue
}

### consumer (that it removes the queue is step 4 alone)

# bats test_tags=consumer,step:1
@test "consumer: creates the queue if it does not exist" {
  start it consumer "$OBJECT"
  wait_until holds 0
  attributes_are 8 256 0
  put ''
  end_of it
  ends_well
  remove_queue_if_any
}

# bats test_tags=consumer,step:1
@test "consumer: the queue that it creates has mode 0600" {
  start it consumer "$OBJECT"
  wait_until exists
  mode_is 600 it
  kill -TERM "$(pid_of it)"
  end_of it
  remove_queue
}

# bats test_tags=consumer,step:1
@test "consumer: a queue that cannot be opened is an error" {
  run_program consumer /a/b
  fails_for EACCES /a/b
}

# bats test_tags=consumer,step:2
@test "consumer: receives messages as large as an existing queue allows" {
  local message
  message=$(random_file 3000 /dev/stdout | base64 -w 4000)
  create_queue -s 4000
  put "$message"
  put "${message:0:257}"
  put ''
  run_program consumer "$OBJECT"
  ends_well
  stdout_is "$message
${message:0:257}
"
  remove_queue_if_any
}

# bats test_tags=consumer,step:3
@test "consumer: prints each item once, in order, even if it is started first" {
  local count=$((100 + RANDOM % 100))
  start it consumer "$OBJECT"
  wait_until waits_for_queue "$(pid_of it)"
  run_command "$PEER/producer" "$OBJECT" "$count"
  status_is 0
  end_of it
  ends_well
  stdout_is "$(items 1 "$count")
"
  remove_queue_if_any
}

# bats test_tags=consumer,step:3
@test "consumer: prints the items of a producer that has ended" {
  run_command "$PEER/producer" "$OBJECT" 7
  run_program consumer "$OBJECT"
  ends_well
  stdout_is "$(items 1 7)
"
  remove_queue_if_any
}

# bats test_tags=consumer,step:3
@test "consumer: prints an item before the next one arrives" {
  random_word
  start it consumer "$OBJECT"
  wait_until holds 0
  put "$word"
  wait_until has_line it "$word"
  put ''
  end_of it
  stdout_is "$word
"
  remove_queue_if_any
}

# bats test_tags=consumer,step:4
@test "consumer: removes the queue after the empty message" {
  run_command "$PEER/producer" "$OBJECT" 3
  attributes_are 8 256 4
  run_program consumer "$OBJECT"
  queue_is_gone
}

# bats test_tags=consumer,step:4
@test "consumer: if another process has removed the queue, that is an error" {
  start it consumer "$OBJECT"
  wait_until waits_for_queue "$(pid_of it)"
  kill -STOP "$(pid_of it)"
  wait_until is_stopped "$(pid_of it)"
  # More than the queue holds, so that the producer is still there.
  start_peer other producer "$OBJECT" 100
  wait_until waits_in "$(pid_of other)" mq_timedsend
  remove_queue
  kill -CONT "$(pid_of it)"
  end_of it
  fails_for ENOENT
}

@test "consumer: if it is killed, the next one gets the remaining items" {
  random_word
  start it consumer "$OBJECT"
  wait_until holds 0
  put "$word"
  wait_until has_line it "$word"
  kill -KILL "$(pid_of it)"
  end_of it
  status_is 137
  start_peer other producer "$OBJECT" 20
  run_program consumer "$OBJECT"
  ends_well
  stdout_is "$(items 1 20)
"
}

# bats test_tags=consumer,step:3
@test "consumer: a full output is an error, and the other items remain" {
  run_command "$PEER/producer" "$OBJECT" 3
  STDOUT=/dev/full run_program consumer "$OBJECT"
  fails_for ENOSPC ''
  attributes_are 8 256 3
  remove_queue
}

@test "consumer: dies of SIGPIPE if nobody reads its output, as filters do" {
  start_peer other producer "$OBJECT" 1000000000
  # shellcheck disable=SC2016
  run_command bash -c '"$1" "$2" | head -n 1; echo "${PIPESTATUS[0]}"' \
    bash "$PROGRAMS/consumer" "$OBJECT"
  stdout_is 'item 1
141
'
  kill -TERM "$(pid_of other)"
  end_of other
  remove_queue
}

@test "producer and consumer: 100000 items, each once, in order" {
  start other producer "$OBJECT" 100000
  run_program consumer "$OBJECT"
  ends_well
  items 1 100000 >"$BATS_TEST_TMPDIR/expected"
  stdout_is_file "$BATS_TEST_TMPDIR/expected"
  end_of other
  ends_well
}

@test "producer and consumer: twenty pairs use one name, one after the other" {
  for i in {1..20}; do
    start "p$i" producer "$OBJECT" 9
    start "c$i" consumer "$OBJECT"
    end_of "p$i"
    ends_well
    end_of "c$i"
    ends_well
    stdout_is "$(items 1 9)
"
  done
}

### send

# bats test_tags=send,step:1
@test "send: with -n, a full queue is an error" {
  create_queue -m 1
  put hello
  run_program send -n "$OBJECT" more
  fails_for EAGAIN
  attributes_are 1 256 1
  remove_queue
}

# bats test_tags=send,step:1
@test "send: a queue that does not exist is an error, and is not created" {
  run_program send "$OBJECT" hello
  fails_for ENOENT
  queue_is_gone
}

# bats test_tags=send,step:2
@test "send: if the message is too long, both sizes are named" {
  local size=$((10 + RANDOM % 1000))
  create_queue -s "$size"
  run_program send "$OBJECT" "$(printf "%0$((size + 1))d" 0)"
  fails_for EMSGSIZE
  grep -qw "$size" "$ERR" && grep -qw "$((size + 1))" "$ERR" ||
    flunk "$((size + 1)) and $size in the message" "$(show "$ERR")"
  attributes_are 8 "$size" 0
  remove_queue
}

# bats test_tags=send,step:3
@test "send: the message arrives whole, with its priority" {
  random_word
  create_queue
  run_program send "$OBJECT" "$word"
  ends_well
  take
  stdout_is "[0] $word
"
  for priority in 0 1 32767; do
    run_program send -p "$priority" "$OBJECT" "$word"
    ends_well
    take
    stdout_is "[$priority] $word
"
  done
  remove_queue
}

# bats test_tags=send,step:3
@test "send: sends any message up to mq_msgsize, even an empty one" {
  create_queue
  for message in '' "two
lines
" -n "$(printf %0256d 7)"; do
    run_program send "$OBJECT" "$message"
    ends_well
    take
    stdout_is "[0] $message
"
  done
  remove_queue
}

# bats test_tags=send,step:3
@test "send: waits while the queue is full" {
  random_word
  create_queue -m 1
  put first
  start it send "$OBJECT" "$word"
  wait_until waits_for_queue "$(pid_of it)"
  take
  end_of it
  ends_well
  take
  stdout_is "[0] $word
"
  remove_queue
}

@test "send: with -n, a message is sent if there is room" {
  create_queue -m 1
  run_program send -n -p 3 "$OBJECT" hello
  ends_well
  take
  stdout_is '[3] hello
'
  remove_queue
}

### recv

# bats test_tags=recv,step:1
@test "recv: with -n, an empty queue is an error" {
  create_queue
  run_program recv -n "$OBJECT"
  fails_for EAGAIN
  remove_queue
}

# bats test_tags=recv,step:1
@test "recv: a queue that does not exist is an error, and is not created" {
  run_program recv "$OBJECT"
  fails_for ENOENT
  queue_is_gone
}

# bats test_tags=recv,step:2
@test "recv: receives messages as large as the queue allows" {
  local message
  message=$(random_file 3000 /dev/stdout | base64 -w 4000)
  create_queue -s 4000
  put "$message"
  run_program recv "$OBJECT"
  ends_well
  stdout_is "[0] $message
"
  remove_queue
}

# bats test_tags=recv,step:3
@test "recv: -t counts from now on" {
  random_word
  create_queue
  start it recv -t "$LIMIT" -c 2 "$OBJECT"
  wait_until waits_for_queue "$(pid_of it)"
  put "$word"
  wait_until has_line it "$word"
  wait_until waits_for_queue "$(pid_of it)"
  put -p 3 "$word"
  end_of it
  ends_well
  stdout_is "[0] $word
[3] $word
"
  remove_queue
}

is_past() { # MICROSECONDS: since 1970
  ((${EPOCHREALTIME/.} > $1))
}

# It has received the first message, and cannot print it until its time is up.
# bats test_tags=recv,step:3
@test "recv: -t gives each message a deadline of its own" {
  local begin
  fill_stdout
  create_queue
  put hello
  STDOUT=$SLOW start it recv -t 1 -c 2 "$OBJECT"
  wait_until waits_in "$(pid_of it)" 'writev?'
  wait_until is_past "$((${EPOCHREALTIME/.} + 1000000))"
  begin=${EPOCHREALTIME/.}
  take_stdout
  end_of it
  status_is 1
  is_past "$((begin + 1000000))" ||
    flunk 'a deadline 1 s after the first message' 'an earlier one'
  remove_queue
}

# bats test_tags=recv,step:4
@test "recv: receives the highest priority first, and its oldest message first" {
  local order=(3 0 7 3 0 7) # by priority: 7 7 3 3 0 0
  create_queue
  for i in {0..5}; do put -p "${order[i]}" "message $i"; done
  run_program recv -c 6 "$OBJECT"
  ends_well
  stdout_is '[7] message 2
[7] message 5
[3] message 0
[3] message 3
[0] message 1
[0] message 4
'
  remove_queue
}

# bats test_tags=recv,step:4
@test "recv: waits for a message" {
  random_word
  create_queue
  start it recv "$OBJECT"
  wait_until waits_for_queue "$(pid_of it)"
  put -p 5 "$word"
  end_of it
  ends_well
  stdout_is "[5] $word
"
  remove_queue
}

# bats test_tags=recv,step:4
@test "recv: -t ends the wait after that time, not earlier" {
  local begin=${EPOCHREALTIME/.}
  create_queue
  run_program recv -t 1 "$OBJECT"
  fails_with 'no message in 1 s'
  ((${EPOCHREALTIME/.} - begin >= 1000000))
  run_program recv -t 0 "$OBJECT"
  fails_with 'no message in 0 s'
  remove_queue
}

# bats test_tags=recv,step:5
@test "recv: prints any message unchanged, even an empty one" {
  random_word
  create_queue
  for message in "$word" '' "two
lines
" '%s %n'; do
    put "$message"
    run_program recv "$OBJECT"
    ends_well
    stdout_is "[0] $message
"
  done
  remove_queue
}

# bats test_tags=recv,step:5
@test "recv: prints no more of a message than its length" {
  random_word
  create_queue
  put "$word and more"
  put "${word:0:3}"
  run_program recv -c 2 "$OBJECT"
  ends_well
  stdout_is "[0] $word and more
[0] ${word:0:3}
"
  remove_queue
}

@test "recv: receives COUNT messages, and leaves the others" {
  create_queue
  for i in {1..5}; do put "message $i"; done
  run_program recv -n -c 2 "$OBJECT"
  ends_well
  stdout_is '[0] message 1
[0] message 2
'
  attributes_are 8 256 3
  run_program recv -n -c 4 "$OBJECT"
  fails_with "mq_receive $OBJECT" EAGAIN
  stdout_is '[0] message 3
[0] message 4
[0] message 5
'
  remove_queue
}

@test "recv: a full output is an error, and the other messages remain" {
  create_queue
  put hello
  put hello
  STDOUT=/dev/full run_program recv -c 2 "$OBJECT"
  fails_with 'write to stdout' ENOSPC
  attributes_are 8 256 1
  remove_queue
}

@test "recv: SIGINT and SIGTERM end the wait, and the queue remains" {
  create_queue
  for signal in INT TERM; do
    start it recv "$OBJECT"
    wait_until waits_for_queue "$(pid_of it)"
    kill "-$signal" "$(pid_of it)"
    end_of it
    status_is $((128 + $(kill -l "$signal")))
  done
  attributes_are 8 256 0
  remove_queue
}

@test "recv: two receivers of one queue get one whole message each" {
  create_queue
  for i in 1 2; do
    start "it$i" recv "$OBJECT"
    wait_until waits_for_queue "$(pid_of "it$i")"
  done
  put 'first message'
  put 'second message'
  for i in 1 2; do
    end_of "it$i"
    ends_well
    cat "$OUT" >>"$BATS_TEST_TMPDIR/both"
  done
  [[ $(sort "$BATS_TEST_TMPDIR/both") == '[0] first message
[0] second message' ]]
  remove_queue
}

### workers

@test "workers: every message is received once, by any of them" {
  for workers in 1 2 9; do
    run_program workers "$OBJECT" "$workers"
    ends_well
    stdout_matches "(child [0-9]+: took [0-9]+ messages, sum [0-9]+
){$workers}parent [0-9]+: sent 1000 messages, sum 500500"
    [[ $(awk '/^child/ { messages += $4; sum += $7 } END { print messages, sum }' \
      "$OUT") == '1000 500500' ]] || flunk 'each message once' "$(show "$OUT")"
    queue_is_gone
  done
}

@test "workers: an existing queue is refused, and left alone" {
  create_queue
  run_program workers "$OBJECT" 2
  fails_with "mq_open $OBJECT" EEXIST
  attributes_are 8 256 0
  remove_queue
}

@test "workers: SIGINT and SIGTERM end it and its children, and remove the queue" {
  fill_stdout
  for signal in INT TERM; do
    STDOUT=$SLOW start it workers "$OBJECT" 2
    wait_until has_children "$(pid_of it)" 2
    kill "-$signal" "$(pid_of it)"
    end_of it
    status_is $((128 + $(kill -l "$signal")))
    queue_is_gone
  done
}

@test "workers: a child that is killed is an error" {
  fill_stdout
  STDOUT=$SLOW start it workers "$OBJECT" 2
  wait_until has_children "$(pid_of it)" 2
  kill -KILL "$(children_of "$(pid_of it)" | head -n 1)"
  end_of it
  fails_with 'a child failed'
}

### notify_signal and notify_thread

start_ready() { # NAME: sets PID, as the program itself knows it
  start it "$1" "$OBJECT"
  PID=$(pid_inside "$(pid_of it)") || flunk "$1 waits" 'it has ended'
  wait_until has_line it "ready $PID"
}

# In sigwaitinfo() or a relative of it, or in read() of a signalfd.
waits_for_signals() { # PID
  waits_in "$1" '(rt_sigtimedwait|rt_sigsuspend|read|poll|select6?)'
}

stop_it() { # another test judges how it ends
  kill -TERM "$(pid_of it)"
  end_of it
  ((status == 143)) || status_is 0
}

is_notified_of_each() { # NAME: one message, then the next
  create_queue
  start_ready "$1"
  for i in {1..5}; do
    random_word
    put -p "$i" "$word"
    wait_until has_line it "[$i] $word"
  done
  stop_it
  remove_queue
}

receives_what_is_there() { # NAME
  create_queue
  for i in {1..5}; do put "message $i"; done
  start_ready "$1"
  wait_until has_line it 'message 5'
  holds 0
  random_word
  put "$word"
  wait_until has_line it "$word"
  stop_it
  remove_queue
}

none_of_many_is_lost() { # NAME
  create_queue
  start_ready "$1"
  for i in {1..4}; do start_peer "other$i" producer "$OBJECT" 100; done
  for i in {1..4}; do
    end_of "other$i"
    status_is 0
  done
  wait_until has_lines it 405
  stop_it
  [[ $(sed 1d "$OUT" | sort -V) == "$(for i in {1..4}; do
    echo '[0] ' && items 1 100 '[0] '
  done | sort -V)" ]] || flunk 'each message once' "$(show "$OUT")"
  remove_queue
}

# bats test_tags=notify_signal,step:1
@test "notify_signal: SIGINT and SIGTERM end it with status 0, and the queue remains" {
  create_queue
  for signal in INT TERM; do
    start_ready notify_signal
    kill "-$signal" "$(pid_of it)"
    end_of it
    ends_well
    stdout_is "ready $PID
"
  done
  attributes_are 8 256 0
  remove_queue
}

# bats test_tags=notify_signal,step:2
@test "notify_signal: a queue that does not exist is an error, and is not created" {
  run_program notify_signal "$OBJECT"
  fails_for ENOENT
  queue_is_gone
}

# bats test_tags=notify_signal,step:3
@test "notify_signal: a second one is refused, and the first is still notified" {
  create_queue
  start_peer other notify_signal "$OBJECT"
  wait_until has_line other "ready $(own_pid_of other)"
  run_program notify_signal "$OBJECT"
  fails_for EBUSY
  put hello
  wait_until has_line other hello
  remove_queue
}

# bats test_tags=notify_signal,step:3
@test "notify_signal: a message in an empty queue causes a notification" {
  random_word
  create_queue
  start_ready notify_signal
  start_peer other send "$OBJECT" "$word"
  wait_until has_line it "$word"
  stop_it
  stderr_has "process $(pid_of_peer other)"
  remove_queue
}

# bats test_tags=notify_signal,step:4
@test "notify_signal: receives the messages that are in the queue already" {
  receives_what_is_there notify_signal
}

# bats test_tags=notify_signal,step:5
@test "notify_signal: waits again after SIGSTOP and SIGCONT" {
  random_word
  create_queue
  start_ready notify_signal
  wait_until waits_for_signals "$(pid_of it)"
  kill -STOP "$(pid_of it)"
  wait_until is_stopped "$(pid_of it)"
  kill -CONT "$(pid_of it)"
  put "$word"
  wait_until has_line it "$word"
  stop_it
  remove_queue
}

# bats test_tags=notify_signal,step:6
@test "notify_signal: is notified again, of every message" {
  is_notified_of_each notify_signal
}

# It is registered again when it receives the first message, and before it finds
# the queue empty: the next one may arrive in between. So its output blocks there.
registers_before_it_receives() { # NAME
  SLOW=$BATS_TEST_TMPDIR/slow
  mkfifo "$SLOW"
  exec 9<>"$SLOW"
  create_queue
  STDOUT=$SLOW start it "$1" "$OBJECT"
  wait_until waits_for_signals "$(pid_of it)"
  dd if=/dev/zero of="$SLOW" oflag=nonblock bs=4096 2>/dev/null || :
  put hello
  wait_until waits_in "$(pid_of it)" 'writev?'
  run_command "$PEER/$1" "$OBJECT"
  grep -q EBUSY "$ERR" ||
    flunk "EBUSY: $1 registers again before it empties the queue" \
      "$(show "$ERR")"
  kill -KILL "$(pid_of it)"
  end_of it
  exec 9>&-
  remove_queue
}

# bats test_tags=notify_signal,step:6,points:2
@test "notify_signal: if many messages arrive at once, none is lost" {
  registers_before_it_receives notify_signal
  none_of_many_is_lost notify_signal
}

@test "notify_signal: a signal from kill() is not a notification" {
  random_word
  create_queue
  start_ready notify_signal
  for i in 1 2 3; do kill -USR1 "$(pid_of it)"; done
  put "$word"
  wait_until has_line it "$word"
  stop_it
  remove_queue
}

@test "notify_thread: is notified again, of every message" {
  is_notified_of_each notify_thread
}

@test "notify_thread: receives the messages that are in the queue already" {
  receives_what_is_there notify_thread
}

@test "notify_thread: if many messages arrive at once, none is lost" {
  none_of_many_is_lost notify_thread
}

@test "notify_thread: a second one is refused" {
  create_queue
  start_ready notify_thread
  run_program notify_thread "$OBJECT"
  fails_with "mq_notify $OBJECT" EBUSY
  stop_it
  remove_queue
}

@test "notify_thread: SIGINT and SIGTERM end it with status 0, and the queue remains" {
  create_queue
  for signal in INT TERM; do
    start_ready notify_thread
    kill "-$signal" "$(pid_of it)"
    end_of it
    ends_well
  done
  attributes_are 8 256 0
  remove_queue
}

### notify_busy, limits, list

@test "notify_busy: shows which messages cause a notification" {
  for i in {1..5}; do
    run_program notify_busy "$OBJECT"
    ends_well
    stdout_is 'first registration: ready
second registration: EBUSY
message to a waiting receiver: no notification
message to an empty queue: notification
message to a queue with a message: no notification
'
    queue_is_gone
  done
}

@test "notify_busy: an existing queue is refused, and left alone" {
  create_queue
  run_program notify_busy "$OBJECT"
  fails_with "mq_open $OBJECT" EEXIST
  attributes_are 8 256 0
  remove_queue
}

@test "limits: agrees with /proc and getrlimit()" {
  run_program limits
  ends_well
  stdout_is "$(for name in queues_max msg_max msgsize_max msg_default \
    msgsize_default; do
    echo "fs.mqueue.$name $(<"/proc/sys/fs/mqueue/$name")"
  done)
RLIMIT_MSGQUEUE $(ulimit -q)
MQ_PRIO_MAX 32768
"
  # shellcheck disable=SC2016
  run_command bash -c 'ulimit -q 12345; exec "$1"' bash "$PROGRAMS/limits"
  stdout_matches '.*RLIMIT_MSGQUEUE 12345
.*'
}

# With an mqueue file system at "$PLACE/queues", or with none, in a mount
# namespace of its own.
run_with_mount() { # yes or no, then COMMAND
  unshare -m true 2>/dev/null ||
    { remove_queue_if_any; skip 'no mount namespace: not root, or in a chroot'; }
  mkdir -p "$PLACE/queues"
  # shellcheck disable=SC2016
  run_command unshare -m bash -c 'umount -a -t mqueue
    [[ $1 == no ]] || mount -t mqueue none "$2"
    exec "${@:3}"' bash "$1" "$PLACE/queues" "${@:2}"
  rmdir "$PLACE/queues"
}

@test "list: prints each queue's line of the mqueue file system" {
  create_queue
  put hello
  start_peer other notify_signal "$OBJECT"
  wait_until has_line other hello
  run_with_mount yes "$PROGRAMS/list"
  ends_well
  grep -qxE "$OBJECT QSIZE:0 +NOTIFY:0 +SIGNO:10 +NOTIFY_PID:$(pid_of other) *" \
    "$OUT"
  kill -TERM "$(pid_of other)"
  end_of other
  put -p 3 'seven..'
  run_with_mount yes "$PROGRAMS/list"
  grep -qE "^$OBJECT QSIZE:7 .* NOTIFY_PID:0 " "$OUT"
  remove_queue
  run_with_mount yes "$PROGRAMS/list"
  [[ $(<"$OUT") != *"$OBJECT "* ]]
}

@test "list: a queue that may not be read is reported, the others are printed" {
  command -v setpriv >/dev/null || skip 'there is no setpriv'
  create_queue
  # Root without these capabilities may read what is its own only.
  # shellcheck disable=SC2016
  run_with_mount yes bash -c 'chown 65534 "$1" && exec setpriv \
    --bounding-set=-dac_override,-dac_read_search "$2"' bash \
    "$PLACE/queues/${OBJECT#/}" "$PROGRAMS/list"
  fails_with "open ${OBJECT#/}" EACCES
  remove_queue
}

@test "list: if the file system is not mounted, shows how to mount it" {
  run_with_mount no "$PROGRAMS/list"
  fails_with 'no mqueue file system is mounted'
  stderr_has 'mount -t mqueue none /dev/mqueue'
}

@test "list: a full output is an error" {
  create_queue
  STDOUT=/dev/full run_with_mount yes "$PROGRAMS/list"
  fails_with 'write to stdout' ENOSPC
  remove_queue
}
