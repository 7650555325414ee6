#!/usr/bin/env bats
# The lab shm: POSIX shared memory and unnamed semaphores.
#
# run: create $OBJECT 10
# run: create -t -m 644 $OBJECT 10 first: create $OBJECT 10
# run: write $OBJECT hello first: create $OBJECT 10
# run: read $OBJECT first: create $OBJECT 10
# run: unlink $OBJECT first: create $OBJECT 10
# run: writer $OBJECT peer: reader $OBJECT
# run: reader $OBJECT peer: writer $OBJECT
# run: producer 3 $OBJECT
# run: consumer 3 $OBJECT first: producer 3 $OBJECT
# run: inspect $OBJECT first: producer 3 $OBJECT
# run: race -s 10

load helper

shm() { echo "/dev/shm/${1#/}"; } # OBJECT: the file that it is on Linux

exists() { [[ -e $(shm "$1") ]]; }
is_gone() { [[ ! -e $(shm "$1") ]]; }
has_size() { [[ $(stat -c %s "$(shm "$1")" 2>/dev/null) == "$2" ]]; }

# What a test needs beside the program that it is about.
lab() { # NAME ARG...
  run_command "$PEER/$1" "${@:2}"
  status_is 0
}

waits() { wait_until waits_in "$(pid_of "$1")" futex; } # ID: for a semaphore

# An input that does not end before "exec 8>&-".
open_input() {
  IN=$BATS_TEST_TMPDIR/in
  mkfifo "$IN"
  exec 8<>"$IN"
}

# Hold the lock on the object NAME until "exec 8>&-".
hold_lock() {
  open_input
  start_command holder flock -s "$(shm "$1")" cat <"$IN"
  wait_until has_children "$(pid_of holder)" 1
}

prepare_data() { # BYTES
  DATA=$BATS_TEST_TMPDIR/data
  random_file "$1" "$DATA"
}

### Every program

@test "wrong arguments are a usage error, and --help says what is right" {
  for name in create write read unlink producer consumer race; do
    refuses "$name"
  done
  refuses create "$OBJECT"
  refuses create "$OBJECT" 1 2
  refuses create -y "$OBJECT" 1
  refuses create -m
  refuses write "$OBJECT"
  refuses write "$OBJECT" a b
  for name in read unlink writer reader inspect; do
    refuses "$name" "$OBJECT" b
  done
  refuses producer 1 "$OBJECT" b
  refuses consumer 1 "$OBJECT" b
  refuses race 1 2
  refuses race -s
  refuses race -x 1
}

@test "numbers are parsed strictly" {
  local max=9223372036854775807 name
  rejects "BYTES must be a number from 0 to $max, not \"-1\"" \
    create "$OBJECT" -1
  rejects "BYTES must be a number from 0 to $max, not \"1k\"" \
    create "$OBJECT" 1k
  for mode in '' 8 -1 1000 0x1 ' 7' 7a; do
    rejects "MODE must be an octal number from 0 to 777, not \"$mode\"" \
      create -m "$mode" "$OBJECT" 1
  done
  for name in producer consumer; do
    rejects 'COUNT must be a number from 1 to 2147483647, not "0"' \
      "$name" 0 "$OBJECT"
    rejects 'COUNT must be a number from 1 to 2147483647, not "1x"' \
      "$name" 1x "$OBJECT"
  done
  rejects 'COUNT must be a number from 1 to 2147483647, not ""' race -s ''
}

@test "a name that is refused: the message has the rule for names" {
  local rule='a name is a slash and up to 255 characters, none a slash'
  run_program create "$OBJECT/x" 1
  fails_with "shm_open $OBJECT/x ($rule)" EINVAL
  run_program write "$OBJECT/x" text
  fails_with "shm_open $OBJECT/x ($rule)" EINVAL
  run_program read "$OBJECT/x"
  fails_with "shm_open $OBJECT/x ($rule)" EINVAL
  run_program unlink "$OBJECT/x" # for glibc it is just not there
  fails_with "shm_unlink $OBJECT/x"
  run_program producer 1 "$OBJECT/x"
  fails_with "shm_open $OBJECT/x ($rule)" EINVAL
  run_program consumer 1 "$OBJECT/x"
  fails_with "shm_open $OBJECT/x ($rule)" EINVAL
  run_program inspect "$OBJECT/x"
  fails_with "shm_open $OBJECT/x ($rule)" EINVAL
  run_program create "$(printf '/%0256d' 0)" 1
  fails_with 'shm_open /0' ENAMETOOLONG
  stderr_has "($rule)"
}

@test "the rule for names is not said where the name is right" {
  run_program read "$OBJECT"
  fails_with "shm_open $OBJECT: No such file or directory" ENOENT
  run_program write "$OBJECT" text
  fails_with "shm_open $OBJECT: No such file or directory" ENOENT
  run_program inspect "$OBJECT"
  fails_with "shm_open $OBJECT: No such file or directory" ENOENT
  run_program unlink "$OBJECT"
  fails_with "shm_unlink $OBJECT: No such file or directory" ENOENT
}

@test "that the output is full is an error" {
  lab producer 1 "$OBJECT"
  for name in read inspect; do
    STDOUT=/dev/full run_program "$name" "$OBJECT"
    fails_with 'write to stdout' ENOSPC
  done
  STDOUT=/dev/full run_program consumer 1 "$OBJECT"
  fails_with 'write to stdout' ENOSPC
  is_gone "$OBJECT"
  STDOUT=/dev/full run_program race 1
  fails_with 'write to stdout' ENOSPC
}

### create

@test "create: the object has the size, is all zeros and its owner's alone" {
  run_program create "$OBJECT" 10000
  ends_well
  cmp "$(shm "$OBJECT")" <(head -c 10000 /dev/zero)
  [[ $(stat -c %a "$(shm "$OBJECT")") == 600 ]]
  lab unlink "$OBJECT"
}

@test "create: an object of 0 bytes is one" {
  run_program create "$OBJECT" 0
  ends_well
  has_size "$OBJECT" 0
  lab unlink "$OBJECT"
}

@test "create: another size keeps the bytes that are within both" {
  run_program create "$OBJECT" 5
  lab write "$OBJECT" hello
  run_program create "$OBJECT" 7
  ends_well
  cmp "$(shm "$OBJECT")" <(printf 'hello\0\0')
  run_program create "$OBJECT" 2
  ends_well
  cmp "$(shm "$OBJECT")" <(printf he)
  lab unlink "$OBJECT"
}

@test "create -t: the bytes of an object that is there are thrown away" {
  run_program create "$OBJECT" 5
  lab write "$OBJECT" hello
  run_program create -t "$OBJECT" 5
  ends_well
  cmp "$(shm "$OBJECT")" <(printf '\0\0\0\0\0')
  lab unlink "$OBJECT"
}

@test "create -x: an object that is there is refused and left alone" {
  run_program create -x "$OBJECT" 5
  ends_well
  lab write "$OBJECT" hello
  run_program create -xt "$OBJECT" 6
  fails_with "shm_open $OBJECT" EEXIST
  cmp "$(shm "$OBJECT")" <(printf hello)
  lab unlink "$OBJECT"
}

@test "create -m: the mode is what was said, whatever the umask" {
  # shellcheck disable=SC2016
  run_command sh -c 'umask 077 && exec "$@"' sh \
    "$PROGRAMS/create" -m 664 "$OBJECT" 1
  ends_well
  [[ $(stat -c %a "$(shm "$OBJECT")") == 664 ]]
  run_program create -m 0 "$OBJECT" 1
  ends_well
  [[ $(stat -c %a "$(shm "$OBJECT")") == 0 ]]
  lab unlink "$OBJECT"
}

# Files, and so objects, of at most a kilobyte or half of one.
create_limited() { # ARG...
  # shellcheck disable=SC2016
  run_command sh -c 'ulimit -f 1 && exec "$@"' sh "$PROGRAMS/create" "$@"
}

@test "create: a size beyond the limit is an error, and no object is left" {
  create_limited "$OBJECT" 2000
  fails_with "ftruncate $OBJECT to 2000 bytes" EFBIG
  is_gone "$OBJECT"
}

@test "create: an object that was there stays when its size is refused" {
  run_program create "$OBJECT" 10
  create_limited "$OBJECT" 2000
  fails_with "ftruncate $OBJECT to 2000 bytes" EFBIG
  has_size "$OBJECT" 10
  lab unlink "$OBJECT"
}

### write, read, unlink

@test "write: TEXT is at the beginning, what is behind it stays" {
  lab create "$OBJECT" 10
  run_program write "$OBJECT" 'good day'
  ends_well
  run_program write "$OBJECT" GOOD
  ends_well
  cmp "$(shm "$OBJECT")" <(printf 'GOOD day\0\0')
  lab unlink "$OBJECT"
}

@test "write: TEXT may fill the object, and not be longer" {
  random_word
  lab create "$OBJECT" ${#word}
  run_program write "$OBJECT" "$word"
  ends_well
  run_program write "$OBJECT" "${word}x"
  fails_with "$OBJECT has ${#word} bytes, TEXT has $((${#word} + 1))"
  cmp "$(shm "$OBJECT")" <(printf %s "$word")
  lab unlink "$OBJECT"
}

@test "write: no TEXT is none, in an object of 0 bytes too" {
  lab create "$OBJECT" 0
  run_program write "$OBJECT" ''
  ends_well
  run_program write "$OBJECT" x
  fails_with "$OBJECT has 0 bytes, TEXT has 1"
  lab unlink "$OBJECT"
}

@test "read: all bytes of the object, whatever they are and how many" {
  local bytes
  for bytes in 0 1 4096 4097 $((64 << 20)); do
    prepare_data "$bytes"
    cp "$DATA" "$(shm "$OBJECT")"
    run_program read "$OBJECT"
    ends_well
    stdout_is_file "$DATA"
    lab unlink "$OBJECT"
  done
}

@test "read: an object too large to be mapped is an error" {
  truncate -s 4E "$(shm "$OBJECT")"
  run_program read "$OBJECT"
  fails_with "mmap $OBJECT" ENOMEM
  run_program write "$OBJECT" text
  fails_with "mmap $OBJECT" ENOMEM
  lab unlink "$OBJECT"
}

@test "read and write: the mode of the object counts" {
  local as=()
  if ((EUID == 0)); then
    command -v setpriv >/dev/null || skip 'root, and there is no setpriv'
    as=(setpriv '--bounding-set=-dac_override,-dac_read_search')
  fi
  lab create -m 400 "$OBJECT" 10
  run_command "${as[@]}" "$PROGRAMS/write" "$OBJECT" text
  fails_with "shm_open $OBJECT" EACCES
  run_command "${as[@]}" "$PROGRAMS/read" "$OBJECT"
  ends_well
  lab create -m 200 "$OBJECT" 10
  run_command "${as[@]}" "$PROGRAMS/read" "$OBJECT"
  fails_with "shm_open $OBJECT" EACCES
  lab unlink "$OBJECT"
}

@test "read: dies of SIGPIPE when nobody reads its output, as filters do" {
  lab create "$OBJECT" 1000000
  # shellcheck disable=SC2016
  run_command bash -c '"$1" "$2" | true; echo "${PIPESTATUS[0]}"' \
    bash "$PROGRAMS/read" "$OBJECT"
  stdout_is '141
'
  lab unlink "$OBJECT"
}

@test "unlink: the name goes, the object stays for who has it open" {
  lab create "$OBJECT" 5
  lab write "$OBJECT" hello
  exec 7<"$(shm "$OBJECT")"
  run_program unlink "$OBJECT"
  ends_well
  is_gone "$OBJECT"
  [[ $(cat <&7) == hello ]]
  exec 7<&-
}

@test "unlink: the object stays for who has it mapped" {
  prepare_data 1000000
  cp "$DATA" "$(shm "$OBJECT")"
  fill_stdout
  STDOUT=$SLOW start it read "$OBJECT"
  wait_until waits_in "$(pid_of it)" write
  run_program unlink "$OBJECT"
  ends_well
  take_stdout
  end_of it
  status_is 0
  wait_until has_taken 1000000
  stdout_is_file "$DATA"
}

# Files, and so objects, of at most a kilobyte or half of one.
run_limited() { # NAME ARG...
  # shellcheck disable=SC2016
  run_command sh -c 'trap "" XFSZ; ulimit -f 1 && exec "$@"' sh \
    "$PROGRAMS/$1" "${@:2}" </dev/null
}

### writer

# bats test_tags=writer,step:1
@test "writer: makes the object if it is not there, for its owner alone" {
  start it writer "$OBJECT" </dev/null
  wait_until exists "$OBJECT"
  [[ $(stat -c %a "$(shm "$OBJECT")") == 600 ]]
  lab reader "$OBJECT"
  end_of it
  status_is 0
}

# bats test_tags=writer,step:1
@test "writer: that the object cannot be opened is an error" {
  run_program writer "$OBJECT/x"
  fails_with "shm_open $OBJECT/x (a name is a slash and" EINVAL
}

# bats test_tags=writer,step:2
@test "writer: waits while somebody else initialises the object" {
  lab create "$OBJECT" 0
  hold_lock "$OBJECT"
  start it writer "$OBJECT" </dev/null
  wait_until waits_in "$(pid_of it)" flock
  has_size "$OBJECT" 0
  exec 8>&-
  end_of holder
  lab reader "$OBJECT"
  end_of it
  status_is 0
}

# bats test_tags=writer,step:3
@test "writer: gives the object its size, also if it was there without one" {
  lab create "$OBJECT" 0
  start it writer "$OBJECT" </dev/null
  waits it
  [[ -s $(shm "$OBJECT") ]]
  lab reader "$OBJECT"
  end_of it
  status_is 0
}

# bats test_tags=writer,step:3
@test "writer: that the object cannot have its size is an error, and none is left" {
  run_limited writer "$OBJECT"
  fails_with "ftruncate $OBJECT" EFBIG
  is_gone "$OBJECT"
}

# bats test_tags=writer,step:4
@test "writer: has the object mapped, readable, writable and shared" {
  start it writer "$OBJECT" </dev/null
  waits it
  grep -q " rw-s .* $(shm "$OBJECT")\$" "/proc/$(pid_of it)/maps" ||
    flunk "a mapping rw-s of $(shm "$OBJECT")" \
      "$(cat "/proc/$(pid_of it)/maps")"
  lab reader "$OBJECT"
  end_of it
  status_is 0
}

# bats test_tags=writer,step:5
@test "writer: the first turn is its own, whether a reader is there or not" {
  open_input
  start it writer "$OBJECT" <"$IN"
  wait_until waits_in "$(pid_of it)" '(readv?|poll|select6?)'
  exec 8>&-
  lab reader "$OBJECT"
  end_of it
  status_is 0
}

# bats test_tags=writer,step:5
@test "writer: the values stay as they are if a reader was there first" {
  random_word
  start_peer other reader "$OBJECT"
  waits other
  run_program writer "$OBJECT" <<<"$word"
  status_is 0
  end_of other
  stdout_is "$word
"
}

# bats test_tags=writer,step:6
@test "writer: a second writer is refused, and told of the first" {
  start first writer "$OBJECT" <<<hello
  waits first
  run_program writer "$OBJECT"
  fails_with "$OBJECT is used by writer $(pid_inside "$(pid_of first)"); if that has crashed: ./unlink $OBJECT"
  lab reader "$OBJECT"
  stdout_is 'hello
'
  end_of first
  status_is 0
}

# bats test_tags=writer,step:6
@test "writer: a reader can come after it" {
  random_word
  start it writer "$OBJECT" <<<"$word"
  waits it
  run_command "$PEER/reader" "$OBJECT"
  stdout_is "$word
"
  end_of it
  status_is 0
}

# bats test_tags=writer,step:6
@test "writer: an error ends it and removes the name, also if a reader made it" {
  start_peer other reader "$OBJECT"
  waits other
  run_program writer "$OBJECT" </
  fails_with 'read from stdin' EISDIR
  is_gone "$OBJECT"
  kill -INT "$(pid_of other)"
  end_of other
}

# bats test_tags=writer,step:7
@test "writer: waits for its turn before it fills the buffer again" {
  prepare_data 12000
  start it writer "$OBJECT" <"$DATA"
  waits it
  lab reader "$OBJECT"
  stdout_is_file "$DATA"
  end_of it
  status_is 0
}

# bats test_tags=writer,step:8
@test "writer: 64 MiB of any bytes arrive whole, if the writer was first" {
  prepare_data $((64 << 20))
  start it writer "$OBJECT" <"$DATA"
  waits it
  start_peer other reader "$OBJECT"
  end_of it
  status_is 0
  stderr_has 'writer: 67108864 bytes in 16384 transfers'
  end_of other
  stdout_is_file "$DATA"
}

# bats test_tags=writer,step:8
@test "writer: that standard input cannot be read is an error" {
  run_program writer "$OBJECT" </
  fails_with 'read from stdin' EISDIR
}

# bats test_tags=writer,step:9
@test "writer: what comes is passed on at once" {
  random_word
  open_input
  start it writer "$OBJECT" <"$IN"
  start_peer other reader "$OBJECT"
  printf %s "$word" >&8
  wait_until has_line other "$word"
  exec 8>&-
  end_of it
  status_is 0
  stderr_has "writer: ${#word} bytes in 1 transfers"
  end_of other
  status_is 0
}

# bats test_tags=writer,step:10
@test "writer: waits until a reader has seen the end, that of no input too" {
  start it writer "$OBJECT" </dev/null
  waits it
  run_command "$PEER/reader" "$OBJECT"
  status_is 0
  stdout_is ''
  end_of it
  status_is 0
  stderr_has 'writer: 0 bytes in 0 transfers'
}

### reader

# bats test_tags=reader,step:1
@test "reader: makes the object if it is not there, for its owner alone" {
  start it reader "$OBJECT"
  wait_until exists "$OBJECT"
  [[ $(stat -c %a "$(shm "$OBJECT")") == 600 ]]
  lab writer "$OBJECT"
  end_of it
  status_is 0
}

# bats test_tags=reader,step:1
@test "reader: that the object cannot be opened is an error" {
  run_program reader "$OBJECT/x"
  fails_with "shm_open $OBJECT/x (a name is a slash and" EINVAL
}

# bats test_tags=reader,step:2
@test "reader: waits while somebody else initialises the object" {
  lab create "$OBJECT" 0
  hold_lock "$OBJECT"
  start it reader "$OBJECT"
  wait_until waits_in "$(pid_of it)" flock
  has_size "$OBJECT" 0
  exec 8>&-
  end_of holder
  lab writer "$OBJECT"
  end_of it
  status_is 0
}

# bats test_tags=reader,step:3
@test "reader: gives the object its size, also if it was there without one" {
  lab create "$OBJECT" 0
  start it reader "$OBJECT"
  waits it
  [[ -s $(shm "$OBJECT") ]]
  lab writer "$OBJECT"
  end_of it
  status_is 0
}

# bats test_tags=reader,step:3
@test "reader: that the object cannot have its size is an error, and none is left" {
  run_limited reader "$OBJECT"
  fails_with "ftruncate $OBJECT" EFBIG
  is_gone "$OBJECT"
}

# bats test_tags=reader,step:4
@test "reader: has the object mapped, readable, writable and shared" {
  start it reader "$OBJECT"
  waits it
  grep -q " rw-s .* $(shm "$OBJECT")\$" "/proc/$(pid_of it)/maps" ||
    flunk "a mapping rw-s of $(shm "$OBJECT")" \
      "$(cat "/proc/$(pid_of it)/maps")"
  lab writer "$OBJECT"
  end_of it
  status_is 0
}

# bats test_tags=reader,step:5
@test "reader: gives the semaphores their values if it is there first" {
  random_word
  start it reader "$OBJECT"
  waits it
  printf %s "$word" >"$BATS_TEST_TMPDIR/data"
  run_command "$PEER/writer" "$OBJECT" <"$BATS_TEST_TMPDIR/data"
  status_is 0
  end_of it
  stdout_is "$word"
}

# bats test_tags=reader,step:6
@test "reader: a second reader is refused, and told of the first" {
  start first reader "$OBJECT"
  waits first
  run_program reader "$OBJECT"
  fails_with "$OBJECT is used by reader $(pid_inside "$(pid_of first)"); if that has crashed: ./unlink $OBJECT"
  lab writer "$OBJECT"
  end_of first
  status_is 0
}

# bats test_tags=reader,step:6
@test "reader: a writer can come after it" {
  random_word
  start it reader "$OBJECT"
  waits it
  run_command "$PEER/writer" "$OBJECT" <<<"$word"
  status_is 0
  end_of it
  stdout_is "$word
"
}

# bats test_tags=reader,step:7
@test "reader: waits until there is something, and prints it at once" {
  random_word
  open_input
  start it reader "$OBJECT"
  start_peer other writer "$OBJECT" <"$IN"
  wait_until waits_in "$(pid_of other)" read
  waits it
  printf %s "$word" >&8
  wait_until has_line it "$word"
  exec 8>&-
  end_of it
  status_is 0
  stdout_is "$word"
  stderr_has "reader: ${#word} bytes in 1 transfers"
  end_of other
  status_is 0
}

# bats test_tags=reader,step:8
@test "reader: prints what the writer left for it" {
  random_word
  start_peer other writer "$OBJECT" <<<"$word"
  waits other
  run_program reader "$OBJECT"
  status_is 0
  stdout_is "$word
"
  end_of other
  status_is 0
}

# bats test_tags=reader,step:8
@test "reader: that the output is full is an error, and the name is removed" {
  start_peer other writer "$OBJECT" <<<hello
  STDOUT=/dev/full run_program reader "$OBJECT"
  fails_with 'write to stdout' ENOSPC
  is_gone "$OBJECT"
  kill -INT "$(pid_of other)" || :
  end_of other
}

# bats test_tags=reader,step:9
@test "reader: 64 MiB of any bytes arrive whole, if the reader was first" {
  prepare_data $((64 << 20))
  start it reader "$OBJECT"
  waits it
  start_peer other writer "$OBJECT" <"$DATA"
  end_of it
  status_is 0
  stdout_is_file "$DATA"
  stderr_has 'reader: 67108864 bytes in 16384 transfers'
  end_of other
  status_is 0
}

# bats test_tags=reader,step:10
@test "reader: no input is no output; the name is gone, the writer told" {
  start_peer other writer "$OBJECT" </dev/null
  waits other
  # So that it cannot remove the name itself.
  kill -STOP "$(pid_of other)"
  run_program reader "$OBJECT"
  status_is 0
  is_gone "$OBJECT"
  stdout_is ''
  stderr_has 'reader: 0 bytes in 0 transfers'
  kill -CONT "$(pid_of other)"
  end_of other
  status_is 0
}

@test "reader: dies of SIGPIPE when nobody reads its output, as filters do" {
  start_peer other writer "$OBJECT" </dev/zero
  # shellcheck disable=SC2016
  run_command bash -c '"$1" "$2" | head -c 10 | wc -c; echo "${PIPESTATUS[0]}"' \
    bash "$PROGRAMS/reader" "$OBJECT"
  [[ $(tr -d ' \n' <"$OUT") == 10141 ]]
  kill -INT "$(pid_of other)"
  end_of other
}

### writer and reader

@test "writer, reader: each says whom it waits for, if nobody is there" {
  start it reader "$OBJECT"
  waits it
  lab writer "$OBJECT"
  [[ $(<"$ERR") != *waiting* ]]
  end_of it
  stderr_has "reader: waiting for a writer to $OBJECT"
  start it writer "$OBJECT" </dev/null
  waits it
  lab reader "$OBJECT"
  [[ $(<"$ERR") != *waiting* ]]
  end_of it
  stderr_has "writer: waiting for a reader of $OBJECT"
}

@test "writer, reader: alone, SIGINT and SIGTERM end it, the name is removed" {
  for name in writer reader; do
    for signal in INT TERM; do
      start it "$name" "$OBJECT" </dev/null
      waits it
      kill "-$signal" "$(pid_of it)"
      end_of it
      status_is $((128 + $(kill -l "$signal")))
      is_gone "$OBJECT"
    done
  done
}

@test "reader: if the writer is killed it waits, and SIGINT ends it cleanly" {
  open_input
  start other writer "$OBJECT" <"$IN"
  start it reader "$OBJECT"
  printf 'half a li' >&8
  wait_until has_line it 'half a li'
  kill -KILL "$(pid_of other)"
  end_of other
  waits it
  kill -INT "$(pid_of it)"
  end_of it
  status_is 130
  stdout_is 'half a li'
  is_gone "$OBJECT"
}

@test "writer: if the reader is killed it waits, and SIGINT ends it cleanly" {
  open_input
  start it writer "$OBJECT" <"$IN"
  start other reader "$OBJECT"
  printf 'half a li' >&8
  wait_until has_line other 'half a li'
  kill -KILL "$(pid_of other)"
  end_of other
  printf ne >&8
  waits it
  kill -INT "$(pid_of it)"
  end_of it
  status_is 130
  is_gone "$OBJECT"
}

@test "writer, reader: after a crash the name is taken until it is removed" {
  local pid
  for name in writer reader; do
    start crashed "$name" "$OBJECT" </dev/null
    waits crashed
    pid=$(pid_inside "$(pid_of crashed)")
    kill -KILL "$(pid_of crashed)"
    end_of crashed
    run_program "$name" "$OBJECT"
    fails_with "$OBJECT is used by $name $pid; if"
    exists "$OBJECT"
    lab unlink "$OBJECT"
    start it "$name" "$OBJECT" </dev/null
    waits it
    kill -INT "$(pid_of it)"
    end_of it
  done
}

@test "writer, reader: an object of another kind is refused and left alone" {
  lab create "$OBJECT" 10
  lab write "$OBJECT" precious
  for name in writer reader; do
    run_program "$name" "$OBJECT"
    fails_with "$OBJECT is not an object of writer and reader"
    cmp "$(shm "$OBJECT")" <(printf 'precious\0\0')
  done
  lab unlink "$OBJECT"
}

@test "writer, reader: go on when the name is removed, and leave the next alone" {
  open_input
  start writer writer "$OBJECT" <"$IN"
  start reader reader "$OBJECT"
  printf one >&8
  wait_until has_line reader one
  lab unlink "$OBJECT"
  start next writer "$OBJECT" <<<three
  waits next
  printf two >&8
  exec 8>&-
  end_of writer
  status_is 0
  end_of reader
  stdout_is onetwo
  run_program reader "$OBJECT"
  stdout_is 'three
'
  end_of next
  status_is 0
}

@test "an object whose name goes while they wait for the lock is not used" {
  local line
  for line in 'writer reader' 'reader writer' 'producer consumer'; do
    local one="${line% *}" other="${line#* }" count=()
    [[ $one != producer ]] || count=(1)
    lab create "$OBJECT" 0
    hold_lock "$OBJECT"
    start it "$one" "${count[@]}" "$OBJECT" </dev/null
    wait_until waits_in "$(pid_of it)" flock
    lab unlink "$OBJECT"
    exec 8>&-
    end_of holder
    rm "$IN"
    wait_until exists "$OBJECT"
    lab "$other" "${count[@]}" "$OBJECT"
    end_of it
    status_is 0
    is_gone "$OBJECT"
  done
}

@test "writer, reader: stopped and continued, they lose nothing" {
  prepare_data 1000000
  start reader reader "$OBJECT"
  waits reader
  kill -STOP "$(pid_of reader)"
  start writer writer "$OBJECT" <"$DATA"
  waits writer
  kill -STOP "$(pid_of writer)"
  kill -CONT "$(pid_of reader)" "$(pid_of writer)"
  end_of writer
  status_is 0
  end_of reader
  stdout_is_file "$DATA"
}

@test "writer, reader: fifty pairs, one after the other, meet at one name" {
  for i in {1..50}; do
    start "w$i" writer "$OBJECT" <<<"message $i"
    start "r$i" reader "$OBJECT"
    end_of "w$i"
    status_is 0
    end_of "r$i"
    status_is 0
    stdout_is "message $i
"
  done
}

### producer

# What inspect prints is, line for line.
holds() { # EMPTY FULL MUTEX
  lab inspect "$OBJECT"
  [[ $(sed -n '2,4p' "$OUT") == "empty $1
full $2
mutex $3" ]] || flunk "empty $1, full $2, mutex $3" "$(show "$OUT")"
}

put_zeros() { # BYTES OFFSET FILE
  head -c "$1" /dev/zero |
    dd of="$3" bs=1 seek="$2" conv=notrunc status=none
}

# As if somebody had died who had it. Where it is in the buffer? Try.
take_mutex() {
  local at size
  size=$(stat -c %s "$(shm "$OBJECT")")
  for ((at = 0; at < size; at += 4)); do
    cat "$(shm "$OBJECT")" >"$(shm "$OBJECT-try")"
    put_zeros 4 "$at" "$(shm "$OBJECT-try")"
    lab inspect "$OBJECT-try"
    ! grep -q '^mutex 0$' "$OUT" || break
  done
  rm "$(shm "$OBJECT-try")"
  put_zeros 4 "$at" "$(shm "$OBJECT")"
}

has_items() { # COUNT: after holds
  (($(tail -n +5 "$OUT" | wc -l) == $1)) || flunk "$1 items" "$(show "$OUT")"
}

# What is left in the buffer is taken out, and it goes.
drain() { # COUNT
  lab consumer "$1" "$OBJECT"
  is_gone "$OBJECT"
}

# bats test_tags=producer,step:1
@test "producer: waits when no slot is empty, until one is" {
  start it producer 9 "$OBJECT"
  waits it
  holds 0 8 1
  lab consumer 1 "$OBJECT"
  end_of it
  ends_well
  holds 0 8 1
  drain 8
}

# bats test_tags=producer,step:1
@test "producer: one slot less is empty for each item" {
  run_program producer 5 "$OBJECT"
  ends_well
  holds 3 5 1
  drain 5
}

# bats test_tags=producer,step:2
@test "producer: takes the mutex for each item" {
  run_program producer 3 "$OBJECT"
  ends_well
  holds 5 3 1
  drain 3
}

# bats test_tags=producer,step:2
@test "producer: waits while somebody else has the mutex" {
  lab producer 1 "$OBJECT"
  take_mutex
  start it producer 1 "$OBJECT"
  waits it
  holds 6 1 0
  has_items 1
  kill -KILL "$(pid_of it)"
  end_of it
  lab unlink "$OBJECT"
}

# bats test_tags=producer,step:3
@test "producer: the items are in the slots, in order, the first after the last" {
  local pid
  lab producer 7 "$OBJECT"
  lab consumer 6 "$OBJECT"
  # shellcheck disable=SC2016
  run_command sh -c 'echo $$ && exec "$@"' sh "$PROGRAMS/producer" 3 "$OBJECT"
  ends_well
  pid=$(<"$OUT")
  lab inspect "$OBJECT"
  [[ $(tail -n +6 "$OUT") == "slot 7: item 1 of producer $pid
slot 0: item 2 of producer $pid
slot 1: item 3 of producer $pid" ]] ||
    flunk "items 1, 2 and 3 of producer $pid in slots 7, 0 and 1" \
      "$(show "$OUT")"
  drain 4
}

# bats test_tags=producer,step:4
@test "producer: gives the mutex back after each item" {
  run_program producer 8 "$OBJECT"
  ends_well
  holds 0 8 1
  drain 8
}

# bats test_tags=producer,step:5
@test "producer: a consumer that waits is told of each item" {
  start_peer other consumer 2 "$OBJECT"
  waits other
  run_program producer 2 "$OBJECT"
  ends_well
  end_of other
  stdout_matches 'producer [0-9]+: item 1
producer [0-9]+: item 2'
}

@test "producer: what it has put in stays when it has ended" {
  run_program producer 1 "$OBJECT"
  run_program producer 1 "$OBJECT"
  ends_well
  holds 6 2 1
  drain 2
}

@test "producer: SIGINT and SIGTERM while it waits end it, the items stay" {
  for signal in INT TERM; do
    start it producer 9 "$OBJECT"
    waits it
    kill "-$signal" "$(pid_of it)"
    end_of it
    status_is $((128 + $(kill -l "$signal")))
    holds 0 8 1
    drain 8
  done
}

@test "producer: one that is killed while it waits stops nobody" {
  start it producer 9 "$OBJECT"
  waits it
  kill -KILL "$(pid_of it)"
  end_of it
  lab consumer 8 "$OBJECT"
  holds 8 0 1
  start it consumer 20 "$OBJECT"
  lab producer 20 "$OBJECT"
  end_of it
  ends_well
  lab unlink "$OBJECT"
}

### consumer

# bats test_tags=consumer,step:1
@test "consumer: waits while no slot is full, until one is" {
  start it consumer 1 "$OBJECT"
  waits it
  start_peer other producer 1 "$OBJECT"
  end_of other
  end_of it
  ends_well
  stdout_is "producer $(own_pid_of other): item 1
"
}

# bats test_tags=consumer,step:2
@test "consumer: takes the mutex for each item" {
  lab producer 5 "$OBJECT"
  run_program consumer 2 "$OBJECT"
  ends_well
  holds 5 3 1
  drain 3
}

# bats test_tags=consumer,step:2
@test "consumer: waits while somebody else has the mutex" {
  lab producer 2 "$OBJECT"
  take_mutex
  start it consumer 1 "$OBJECT"
  waits it
  holds 6 1 0
  has_items 2
  kill -KILL "$(pid_of it)"
  end_of it
  stdout_is ''
  lab unlink "$OBJECT"
}

# bats test_tags=consumer,step:3
@test "consumer: takes and prints the oldest items, in order" {
  lab producer 7 "$OBJECT"
  lab consumer 6 "$OBJECT"
  start_peer other producer 4 "$OBJECT"
  end_of other
  status_is 0
  run_program consumer 1 "$OBJECT"
  ends_well
  run_program consumer 2 "$OBJECT"
  ends_well
  stdout_is "producer $(own_pid_of other): item 1
producer $(own_pid_of other): item 2
"
  run_program consumer 2 "$OBJECT"
  stdout_is "producer $(own_pid_of other): item 3
producer $(own_pid_of other): item 4
"
}

# bats test_tags=consumer,step:4
@test "consumer: gives the mutex back after each item" {
  lab producer 8 "$OBJECT"
  run_program consumer 7 "$OBJECT"
  ends_well
  holds 7 1 1
  drain 1
}

# bats test_tags=consumer,step:5
@test "consumer: a producer that waits is told of each slot" {
  start_peer other producer 10 "$OBJECT"
  waits other
  run_program consumer 2 "$OBJECT"
  ends_well
  end_of other
  status_is 0
  holds 0 8 1
  drain 8
}

@test "consumer: SIGINT and SIGTERM while it waits end it, the name is removed" {
  for signal in INT TERM; do
    start it consumer 1 "$OBJECT"
    waits it
    kill "-$signal" "$(pid_of it)"
    end_of it
    status_is $((128 + $(kill -l "$signal")))
    is_gone "$OBJECT"
  done
}

@test "consumer: one that is killed while it waits takes no item with it" {
  start it consumer 3 "$OBJECT"
  waits it
  kill -KILL "$(pid_of it)"
  end_of it
  lab producer 2 "$OBJECT"
  run_program consumer 2 "$OBJECT"
  ends_well
  [[ $(wc -l <"$OUT") == 2 ]]
  lab unlink "$OBJECT"
}

@test "producer, consumer: several of each: every item once, in order" {
  for i in 1 2 3; do
    start "p$i" producer 2000 "$OBJECT"
    start "c$i" consumer 2000 "$OBJECT"
  done
  for i in 1 2 3; do
    end_of "p$i"
    ends_well
    end_of "c$i"
    ends_well
    # The numbers of each producer grow.
    awk '$4 <= last[$2] { exit 1 } { last[$2] = $4 }' "$OUT" ||
      flunk 'the items of each producer in order' "$(show "$OUT")"
    cat "$OUT" >>"$BATS_TEST_TMPDIR/all"
  done
  for i in 1 2 3; do
    seq -f "producer $(own_pid_of "p$i"): item %.0f" 2000
  done | sort | cmp - <(sort "$BATS_TEST_TMPDIR/all")
  is_gone "$OBJECT"
}

@test "producer, consumer: wait while somebody else initialises the buffer" {
  lab create "$OBJECT" 0
  hold_lock "$OBJECT"
  start p producer 1 "$OBJECT"
  wait_until waits_in "$(pid_of p)" flock
  start c consumer 1 "$OBJECT"
  wait_until waits_in "$(pid_of c)" flock
  has_size "$OBJECT" 0
  exec 8>&-
  end_of holder
  end_of p
  ends_well
  end_of c
  ends_well
}

@test "producer, consumer, inspect: another kind of object is left alone" {
  lab create "$OBJECT" 10
  lab write "$OBJECT" precious
  for line in 'producer 1' 'consumer 1' inspect; do
    # shellcheck disable=SC2086
    run_program $line "$OBJECT"
    fails_with "$OBJECT is not a buffer of producers and consumers"
    cmp "$(shm "$OBJECT")" <(printf 'precious\0\0')
  done
  lab unlink "$OBJECT"
}

@test "inspect: says how many processes use the buffer" {
  start a consumer 1 "$OBJECT"
  waits a
  start b consumer 1 "$OBJECT"
  waits b
  run_program inspect "$OBJECT"
  ends_well
  stdout_is 'users 2
empty 8
full 0
mutex 1
'
  lab producer 2 "$OBJECT"
  end_of a
  end_of b
}

### race

# The object has a name by the pid, and not one of ours: what is left there by a
# race that was killed would stop another one with that pid, long after.
start_race() { # ARG...
  start it race "$@"
  RACE=$(shm "/ipc-race-$(pid_inside "$(pid_of it)")") || :
}

teardown() {
  end_jobs
  rm -f ${RACE:+"$RACE"}
  nothing_is_left
}

# bats test_tags=race,step:1
@test "race: that the object cannot be made is an error" {
  # shellcheck disable=SC2016
  run_command sh -c 'echo $$ >"$1"; >"/dev/shm/ipc-race-$$"; shift; exec "$@"' \
    sh "$PLACE/pid" "$PROGRAMS/race" 1
  local name
  name=/ipc-race-$(<"$PLACE/pid")
  rm "$(shm "$name")" "$PLACE/pid"
  fails_with "shm_open $name" EEXIST
}

# bats test_tags=race,step:1
@test "race: the object has no name while they add" {
  start_race -s 2147483647
  wait_until has_children "$(pid_of it)" 1
  is_gone "/ipc-race-$(pid_inside "$(pid_of it)")"
  grep -q " rw-s .* /dev/shm/ipc-race-.* (deleted)" "/proc/$(pid_of it)/maps" ||
    flunk 'a mapping rw-s that is deleted' "$(cat "/proc/$(pid_of it)/maps")"
  kill -KILL "$(pid_of it)"
  end_of it
  status_is 137
}

# bats test_tags=race,step:2
@test "race: the object has room for the number" {
  run_program race 1
  ends_well
  stdout_matches 'expected 2, got [12]'
}

# bats test_tags=race,step:2
@test "race: that the object cannot have its size is an error" {
  # Through a pipe, since a file may have no bytes, either.
  # shellcheck disable=SC2016
  run_command bash -c '(trap "" XFSZ; ulimit -f 0; exec "$1" 1) 2>&1 >/dev/null |
    cat >&2; exit "${PIPESTATUS[0]}"' bash "$PROGRAMS/race"
  fails_with 'ftruncate /ipc-race-' EFBIG
}

# bats test_tags=race,step:3
@test "race: parent and child see the same number" {
  run_program race -s 1
  ends_well
  stdout_is 'expected 2, got 2
'
}

# bats test_tags=race,step:4
@test "race: with -s the first may start at once" {
  run_program race -s 3
  ends_well
  stdout_is 'expected 6, got 6
'
}

# bats test_tags=race,step:5
@test "race: two processes, one the child of the other" {
  start_race -s 2147483647
  wait_until has_children "$(pid_of it)" 1
  kill -TERM "$(children_of "$(pid_of it)")"
  kill -TERM "$(pid_of it)"
  end_of it
  status_is 143
}

# Stop the child, again and again, until it is where it has the semaphore.
waits_for_stopped() { # PARENT CHILD
  kill -STOP "$2"
  waits_in "$1" futex || { kill -CONT "$2" && return 1; }
}

# bats test_tags=race,step:6
@test "race: with -s no addition is ever lost" {
  local count
  start_race -s 2147483647
  wait_until has_children "$(pid_of it)" 1
  wait_until waits_for_stopped "$(pid_of it)" "$(children_of "$(pid_of it)")"
  kill -KILL "$(pid_of it)"
  end_of it
  status_is 137
  for count in 1 1000 300000 500000 700000; do
    run_program race -s "$count"
    ends_well
    stdout_is "expected $((2 * count)), got $((2 * count))
"
  done
}

# bats test_tags=race,step:7
@test "race: waits for the child before it looks at the sum" {
  run_program race -s 1000
  ends_well
  stdout_is 'expected 2000, got 2000
'
}

# bats test_tags=race,step:7
@test "race: that the child failed is an error" {
  start_race 500000000
  wait_until has_children "$(pid_of it)" 1
  kill -KILL "$(children_of "$(pid_of it)")"
  end_of it
  fails_with 'the child failed'
}

# Make the object all zeros, and so the semaphore 0, while nobody has it. (Who
# has it will post it, and then it has to be done again.)
both_wait() { # PARENT CHILD
  local file
  file=$(find "/proc/$1/fd" -lname '/dev/shm/ipc-race-*')
  kill -STOP "$1" "$2"
  put_zeros "$(stat -Lc %s "$file")" 0 "$file"
  kill -CONT "$1" "$2"
  waits_in "$1" futex && waits_in "$2" futex
}

@test "race: with -s each waits while the semaphore is 0" {
  start_race -s 2147483647
  wait_until has_children "$(pid_of it)" 1
  wait_until both_wait "$(pid_of it)" "$(children_of "$(pid_of it)")"
  kill -KILL "$(pid_of it)"
  end_of it
  status_is 137
}

@test "race: without a semaphore additions get lost" {
  for ((i = 0; i < 50; i++)); do
    run_program race 10000000
    ends_well
    stdout_matches 'expected 20000000, got [0-9]+'
    local sum
    sum=$(sed 's/.* //' "$OUT")
    ((sum >= 2 && sum <= 20000000)) || flunk 'from 2 to 20000000' "$sum"
    ((sum == 20000000)) || return 0
  done
  flunk 'fewer than 20000000, once in 50 times' "$(show "$OUT")"
}

@test "race: when the parent is killed, the child ends" {
  start_race -s 2147483647
  wait_until has_children "$(pid_of it)" 1
  kill -KILL "$(pid_of it)"
  end_of it
  status_is 137
}
