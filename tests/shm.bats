#!/usr/bin/env bats
# The lab shm: POSIX shared memory and unnamed semaphores.
#
# run: create $OBJECT 10
# run: create -at $OBJECT 10 first: create $OBJECT 10
# run: write $OBJECT hello first: create $OBJECT 10
# run: read $OBJECT first: create $OBJECT 10
# run: unlink $OBJECT first: create $OBJECT 10
# run: first $OBJECT
# run: writer $OBJECT peer: reader $OBJECT
# run: reader $OBJECT peer: writer $OBJECT
# run: producer 3 $OBJECT
# run: consumer 3 $OBJECT first: producer 3 $OBJECT
# run: inspect $OBJECT first: producer 3 $OBJECT
# run: race -s 10

load helper

shm() { echo "/dev/shm/${1#/}"; } # OBJECT: on Linux it is this file

exists() { [[ -e $(shm "$1") ]]; }
is_gone() { [[ ! -e $(shm "$1") ]]; }
has_size() { [[ $(stat -c %s "$(shm "$1")" 2>/dev/null) == "$2" ]]; }

# What a test needs apart from the program that it is about.
lab() { # NAME ARG...
  run_command "$PEER/$1" "${@:2}"
  status_is 0
}

waits() { wait_until waits_in "$(pid_of "$1")" futex; } # ID: for a semaphore

# An input that does not end until "exec 8>&-".
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

@test "wrong arguments are a usage error, and --help prints the usage line" {
  for name in create write read unlink first producer consumer race; do
    refuses "$name"
  done
  refuses create "$OBJECT"
  refuses create "$OBJECT" 1 2
  refuses create -y "$OBJECT" 1
  refuses create -a "$OBJECT"
  refuses write "$OBJECT"
  refuses write "$OBJECT" a b
  for name in read unlink first writer reader inspect; do
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
  for name in producer consumer; do
    rejects 'COUNT must be a number from 1 to 2147483647, not "0"' \
      "$name" 0 "$OBJECT"
    rejects 'COUNT must be a number from 1 to 2147483647, not "1x"' \
      "$name" 1x "$OBJECT"
  done
  rejects 'COUNT must be a number from 1 to 2147483647, not ""' race -s ''
}

@test "a message about a name that breaks the rule for names adds the rule" {
  local rule='a name is a / and 1 to 255 characters that are not /'
  for words in 'create /x/y 1' 'write /x/y text' 'read /x/y' 'first /x/y' \
    'producer 1 /x/y' 'consumer 1 /x/y' 'inspect /x/y'; do
    # shellcheck disable=SC2086
    run_program ${words/\/x/$OBJECT}
    fails_with "shm_open $OBJECT/y ($rule)" EINVAL
  done
  run_program unlink "$OBJECT/y" # which glibc does not find
  fails_with "shm_unlink $OBJECT/y ($rule)"
  run_program create "$(printf '/%0256d' 0)" 1
  fails_with 'shm_open /0' ENAMETOOLONG
  stderr_has "($rule)"
}

@test "a message about a name that keeps the rule does not add it" {
  run_program read "$OBJECT"
  fails_with "shm_open $OBJECT: No such file or directory" ENOENT
  run_program write "$OBJECT" text
  fails_with "shm_open $OBJECT: No such file or directory" ENOENT
  run_program inspect "$OBJECT"
  fails_with "shm_open $OBJECT: No such file or directory" ENOENT
  run_program unlink "$OBJECT"
  fails_with "shm_unlink $OBJECT: No such file or directory" ENOENT
}

@test "a full output is an error" {
  lab producer 1 "$OBJECT"
  for name in read inspect; do
    STDOUT=/dev/full run_program "$name" "$OBJECT"
    fails_with 'write to stdout' ENOSPC
  done
  STDOUT=/dev/full run_program consumer 1 "$OBJECT"
  fails_with 'write to stdout' ENOSPC
  lab unlink "$OBJECT"
  STDOUT=/dev/full run_program first "$OBJECT"
  fails_with 'write to stdout' ENOSPC
  lab unlink "$OBJECT"
  STDOUT=/dev/full run_program race 1
  fails_with 'write to stdout' ENOSPC
}

### create

@test "create: the object has its size, all zeros, for its owner alone" {
  run_program create "$OBJECT" 10000
  ends_well
  cmp "$(shm "$OBJECT")" <(head -c 10000 /dev/zero)
  [[ $(stat -c %a "$(shm "$OBJECT")") == 600 ]]
  lab unlink "$OBJECT"
}

@test "create: an object may have 0 bytes" {
  run_program create "$OBJECT" 0
  ends_well
  has_size "$OBJECT" 0
  lab unlink "$OBJECT"
}

@test "create: a new size keeps the bytes that fit into it" {
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

@test "create -t: the old bytes of an existing object are thrown away" {
  run_program create "$OBJECT" 5
  lab write "$OBJECT" hello
  run_program create -t "$OBJECT" 5
  ends_well
  cmp "$(shm "$OBJECT")" <(printf '\0\0\0\0\0')
  lab unlink "$OBJECT"
}

@test "create -x: an existing object is refused and left alone" {
  run_program create -x "$OBJECT" 5
  ends_well
  lab write "$OBJECT" hello
  run_program create -xt "$OBJECT" 6
  fails_with "shm_open $OBJECT" EEXIST
  cmp "$(shm "$OBJECT")" <(printf hello)
  lab unlink "$OBJECT"
}

@test "create -a: everybody may use the object, whatever the umask" {
  # shellcheck disable=SC2016
  run_command sh -c 'umask 077 && exec "$@"' sh \
    "$PROGRAMS/create" -a "$OBJECT" 1
  ends_well
  [[ $(stat -c %a "$(shm "$OBJECT")") == 666 ]]
  lab unlink "$OBJECT"
}

# With files, and so objects, of at most a kilobyte (or half of one).
run_limited() { # NAME ARG...
  # shellcheck disable=SC2016
  run_command sh -c 'trap "" XFSZ; ulimit -f 1 && exec "$@"' sh \
    "$PROGRAMS/$1" "${@:2}" </dev/null
}

@test "create: a size beyond the limit is an error, and no object is left" {
  run_limited create "$OBJECT" 2000
  fails_with "ftruncate $OBJECT to 2000 bytes" EFBIG
  is_gone "$OBJECT"
}

@test "create: an existing object stays when its new size is refused" {
  run_program create "$OBJECT" 10
  run_limited create "$OBJECT" 2000
  fails_with "ftruncate $OBJECT to 2000 bytes" EFBIG
  has_size "$OBJECT" 10
  lab unlink "$OBJECT"
}

### write, read, unlink

@test "write: puts TEXT at the beginning and leaves the rest as it was" {
  lab create "$OBJECT" 10
  run_program write "$OBJECT" 'good day'
  ends_well
  run_program write "$OBJECT" GOOD
  ends_well
  cmp "$(shm "$OBJECT")" <(printf 'GOOD day\0\0')
  lab unlink "$OBJECT"
}

@test "write: TEXT may fill the object, but not be longer" {
  random_word
  lab create "$OBJECT" ${#word}
  run_program write "$OBJECT" "$word"
  ends_well
  run_program write "$OBJECT" "${word}x"
  fails_with "$OBJECT has ${#word} bytes, TEXT has $((${#word} + 1))"
  cmp "$(shm "$OBJECT")" <(printf %s "$word")
  lab unlink "$OBJECT"
}

@test "write: an empty TEXT fits into an object of 0 bytes" {
  lab create "$OBJECT" 0
  run_program write "$OBJECT" ''
  ends_well
  run_program write "$OBJECT" x
  fails_with "$OBJECT has 0 bytes, TEXT has 1"
  lab unlink "$OBJECT"
}

@test "read: prints all bytes of the object, any bytes and any number" {
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

@test "read and write: the mode of the object decides" {
  local as=()
  if ((EUID == 0)); then
    command -v setpriv >/dev/null || skip 'root, and there is no setpriv'
    as=(setpriv '--bounding-set=-dac_override,-dac_read_search')
  fi
  lab create "$OBJECT" 10
  chmod 400 "$(shm "$OBJECT")"
  run_command "${as[@]}" "$PROGRAMS/write" "$OBJECT" text
  fails_with "shm_open $OBJECT" EACCES
  run_command "${as[@]}" "$PROGRAMS/read" "$OBJECT"
  ends_well
  chmod 200 "$(shm "$OBJECT")"
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

@test "unlink: the name is removed, an object that is open stays" {
  lab create "$OBJECT" 5
  lab write "$OBJECT" hello
  exec 7<"$(shm "$OBJECT")"
  run_program unlink "$OBJECT"
  ends_well
  is_gone "$OBJECT"
  [[ $(cat <&7) == hello ]]
  exec 7<&-
}

@test "unlink: an object that is mapped stays" {
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

### first

# bats test_tags=first,step:1
@test "first: makes the object if there is none, for its owner alone" {
  run_program first "$OBJECT"
  ends_well
  exists "$OBJECT"
  [[ $(stat -c %a "$(shm "$OBJECT")") == 600 ]]
  lab unlink "$OBJECT"
}

# bats test_tags=first,step:1
@test "first: that the object cannot be opened is an error" {
  run_program first "$OBJECT/x"
  fails_with "shm_open $OBJECT/x" EINVAL
}

# bats test_tags=first,step:2
@test "first: waits while another process has the lock" {
  lab create "$OBJECT" 0
  hold_lock "$OBJECT"
  start it first "$OBJECT"
  wait_until waits_in "$(pid_of it)" flock
  has_size "$OBJECT" 0
  exec 8>&-
  end_of holder
  end_of it
  ends_well
  lab unlink "$OBJECT"
}

# As if the holder of the lock were the first, and had not finished.
# bats test_tags=first,step:2
@test "first: finds what the first has written while it had the lock" {
  local size
  random_word
  lab first "$OBJECT"
  size=$(stat -c %s "$(shm "$OBJECT")")
  lab create "$OBJECT" 0
  hold_lock "$OBJECT"
  start it first "$OBJECT"
  wait_until waits_in "$(pid_of it)" flock
  lab create "$OBJECT" "$size"
  lab write "$OBJECT" "$word"
  exec 8>&-
  end_of holder
  end_of it
  ends_well
  [[ $(head -n 1 "$OUT") == 'not first' && $(<"$OUT") == *"$word"* ]] ||
    flunk "not first, and $word" "$(show "$OUT")"
  lab unlink "$OBJECT"
}

# bats test_tags=first,step:3
@test "first: an object of 0 bytes is new" {
  lab create "$OBJECT" 0
  run_program first "$OBJECT"
  ends_well
  [[ $(head -n 1 "$OUT") == first ]] || flunk first "$(show "$OUT")"
  run_program first "$OBJECT"
  ends_well
  [[ $(head -n 1 "$OUT") == 'not first' ]] || flunk 'not first' "$(show "$OUT")"
  lab unlink "$OBJECT"
}

# bats test_tags=first,step:3
@test "first: of eight that start at once exactly one is the first" {
  local i
  lab create "$OBJECT" 0
  hold_lock "$OBJECT"
  for i in {1..8}; do start "f$i" first "$OBJECT"; done
  for i in {1..8}; do wait_until waits_in "$(pid_of "f$i")" flock; done
  exec 8>&-
  end_of holder
  for i in {1..8}; do
    end_of "f$i"
    ends_well
    cat "$OUT" >>"$BATS_TEST_TMPDIR/all"
  done
  # One line says first, seven say not first; and all have found the same.
  awk 'NR % 2 { count[$0]++ } NR % 2 == 0 { found[$0] }
    END { for (line in found) lines++
      exit count["first"] != 1 || count["not first"] != 7 || lines != 1 }' \
    "$BATS_TEST_TMPDIR/all" ||
    flunk 'first once, not first seven times, and one note' \
      "$(show "$BATS_TEST_TMPDIR/all")"
  lab unlink "$OBJECT"
}

# bats test_tags=first,step:4
@test "first: a process that is not the first leaves the size as it is" {
  local size
  run_program first "$OBJECT"
  ends_well
  size=$(stat -c %s "$(shm "$OBJECT")")
  ((size > 0)) || flunk 'more than 0 bytes' "$size"
  lab create "$OBJECT" $((size + 1))
  run_program first "$OBJECT"
  ends_well
  has_size "$OBJECT" $((size + 1))
  lab unlink "$OBJECT"
}

# Objects of 0 bytes only, and so stderr must be a pipe.
# bats test_tags=first,step:4
@test "first: that the object cannot have its size is an error, and none is left" {
  # shellcheck disable=SC2016
  run_command bash -c '(trap "" XFSZ; ulimit -f 0; exec "$@") 2>&1 >/dev/null |
    cat >&2; exit "${PIPESTATUS[0]}"' bash "$PROGRAMS/first" "$OBJECT"
  fails_with "ftruncate $OBJECT" EFBIG
  is_gone "$OBJECT"
}

# bats test_tags=first,step:5
@test "first: prints what is in the object by now" {
  random_word
  lab first "$OBJECT"
  lab write "$OBJECT" "$word"
  run_program first "$OBJECT"
  ends_well
  [[ $(<"$OUT") == "not first
$word"* ]] || flunk "not first, and $word" "$(show "$OUT")"
  lab unlink "$OBJECT"
}

# bats test_tags=first,step:6
@test "first: the note has the pid of the first, and the others do not change it" {
  local pid
  # shellcheck disable=SC2016
  run_command sh -c 'echo $$ && exec "$@"' sh "$PROGRAMS/first" "$OBJECT"
  ends_well
  pid=$(head -n 1 "$OUT")
  [[ $(tail -n 1 "$OUT") == *" $pid" ]] ||
    flunk "a note with $pid at its end" "$(show "$OUT")"
  run_program first "$OBJECT"
  [[ $(tail -n 1 "$OUT") == *" $pid" ]] ||
    flunk "a note with $pid at its end" "$(show "$OUT")"
  lab unlink "$OBJECT"
}

# bats test_tags=first,step:7
@test "first: unlocks the object before it prints" {
  fill_stdout
  STDOUT=$SLOW start it first "$OBJECT"
  wait_until waits_in "$(pid_of it)" write
  lab first "$OBJECT"
  take_stdout
  end_of it
  ends_well
  lab unlink "$OBJECT"
}

### writer

# A reader that was there first has initialised the object.
start_reader() {
  start_peer other reader "$OBJECT"
  waits other
}

# bats test_tags=writer,step:1
@test "writer: waits for its turn before it fills the buffer again" {
  prepare_data 12000
  start_reader
  kill -STOP "$(pid_of other)"
  start it writer "$OBJECT" <"$DATA"
  waits it
  kill -CONT "$(pid_of other)"
  end_of it
  status_is 0
  end_of other
  stdout_is_file "$DATA"
}

# bats test_tags=writer,step:2
@test "writer: 64 MiB of any bytes arrive intact" {
  prepare_data $((64 << 20))
  start_reader
  start it writer "$OBJECT" <"$DATA"
  end_of it
  status_is 0
  stderr_has 'writer: 67108864 bytes in 16384 transfers'
  end_of other
  stdout_is_file "$DATA"
}

# bats test_tags=writer,step:2
@test "writer: that standard input cannot be read is an error" {
  run_program writer "$OBJECT" </
  fails_with read EISDIR
  is_gone "$OBJECT"
}

# bats test_tags=writer,step:3
@test "writer: passes its input on as soon as it has read it" {
  random_word
  open_input
  start_reader
  start it writer "$OBJECT" <"$IN"
  printf %s "$word" >&8
  wait_until has_line other "$word"
  exec 8>&-
  end_of it
  status_is 0
  stderr_has "writer: ${#word} bytes in 1 transfers"
  end_of other
  status_is 0
}

# bats test_tags=writer,step:4
@test "writer: waits until the reader has seen the end, even of an empty input" {
  start_reader
  kill -STOP "$(pid_of other)"
  start it writer "$OBJECT" </dev/null
  waits it
  kill -CONT "$(pid_of other)"
  end_of it
  status_is 0
  stderr_has 'writer: 0 bytes in 0 transfers'
  end_of other
  status_is 0
  stdout_is ''
}

# bats test_tags=writer,step:5
@test "writer: may come first, and has the first turn" {
  random_word
  open_input
  start it writer "$OBJECT" <"$IN"
  wait_until waits_in "$(pid_of it)" '(readv?|poll|select6?)'
  printf %s "$word" >&8
  exec 8>&-
  waits it
  lab reader "$OBJECT"
  stdout_is "$word"
  end_of it
  status_is 0
}

# bats test_tags=writer,step:5
@test "writer: leaves the semaphores alone if a reader came first" {
  random_word
  start_reader
  run_program writer "$OBJECT" <<<"$word"
  status_is 0
  end_of other
  stdout_is "$word
"
}

# bats test_tags=writer,step:6
@test "writer: a second writer is refused, and told who is the first" {
  local pid
  start first writer "$OBJECT" <<<hello
  waits first
  pid=$(pid_inside "$(pid_of first)")
  run_program writer "$OBJECT"
  fails_with "$OBJECT"
  stderr_has "$pid"
  stderr_has "./unlink $OBJECT"
  exists "$OBJECT"
  kill -INT "$(pid_of first)"
  end_of first
}

@test "writer: makes the object if there is none, for its owner alone" {
  start it writer "$OBJECT" </dev/null
  wait_until exists "$OBJECT"
  [[ $(stat -c %a "$(shm "$OBJECT")") == 600 ]]
  lab reader "$OBJECT"
  end_of it
  status_is 0
}

@test "writer: an error ends it and removes the name, even if a reader made it" {
  start_reader
  run_program writer "$OBJECT" </
  fails_with read EISDIR
  is_gone "$OBJECT"
  kill -INT "$(pid_of other)"
  end_of other
}

### reader

# A writer that was there first has initialised the object.
start_writer() { # its input is standard input
  start_peer other writer "$OBJECT"
  waits other
}

# bats test_tags=reader,step:1
@test "reader: waits until there is something to print, and prints it at once" {
  random_word
  open_input
  start_peer other writer "$OBJECT" <"$IN"
  wait_until waits_in "$(pid_of other)" read
  start it reader "$OBJECT"
  waits it
  printf %s "$word" >&8
  wait_until has_line it "$word"
  waits it
  exec 8>&-
  end_of it
  status_is 0
  stdout_is "$word"
  stderr_has "reader: ${#word} bytes in 1 transfers"
}

# bats test_tags=reader,step:2
@test "reader: prints what the writer has put into the buffer" {
  random_word
  start_writer <<<"$word"
  run_program reader "$OBJECT"
  status_is 0
  stdout_is "$word
"
}

# bats test_tags=reader,step:2
@test "reader: a full output is an error, and the name is removed" {
  start_writer <<<hello
  STDOUT=/dev/full run_program reader "$OBJECT"
  fails_with write ENOSPC
  is_gone "$OBJECT"
  kill -INT "$(pid_of other)" || :
  end_of other
}

# bats test_tags=reader,step:3
@test "reader: 64 MiB of any bytes arrive intact" {
  prepare_data $((64 << 20))
  start_writer <"$DATA"
  start it reader "$OBJECT"
  end_of it
  status_is 0
  stdout_is_file "$DATA"
  stderr_has 'reader: 67108864 bytes in 16384 transfers'
  end_of other
  status_is 0
}

# bats test_tags=reader,step:3
@test "reader: the end is a turn, too: the writer can go on" {
  start_writer </dev/null
  run_program reader "$OBJECT"
  status_is 0
  stdout_is ''
  stderr_has 'reader: 0 bytes in 0 transfers'
  end_of other
  status_is 0
}

# bats test_tags=reader,step:4
@test "reader: may come first, and the first turn is the writer's" {
  random_word
  start it reader "$OBJECT"
  waits it
  start_peer other writer "$OBJECT" < <(printf %s "$word")
  end_of it
  status_is 0
  stdout_is "$word"
}

# bats test_tags=reader,step:5
@test "reader: a second reader is refused, and told who is the first" {
  local pid
  start first reader "$OBJECT"
  waits first
  pid=$(pid_inside "$(pid_of first)")
  run_program reader "$OBJECT"
  fails_with "$OBJECT"
  stderr_has "$pid"
  stderr_has "./unlink $OBJECT"
  exists "$OBJECT"
  kill -INT "$(pid_of first)"
  end_of first
}

@test "reader: makes the object if there is none, for its owner alone" {
  start it reader "$OBJECT"
  wait_until exists "$OBJECT"
  [[ $(stat -c %a "$(shm "$OBJECT")") == 600 ]]
  lab writer "$OBJECT"
  end_of it
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

@test "writer, reader: have the object mapped, readable, writable and shared" {
  for name in writer reader; do
    start it "$name" "$OBJECT" </dev/null
    waits it
    grep -q " rw-s .* $(shm "$OBJECT")\$" "/proc/$(pid_of it)/maps" ||
      flunk "a mapping rw-s of $(shm "$OBJECT")" \
        "$(cat "/proc/$(pid_of it)/maps")"
    kill -INT "$(pid_of it)"
    end_of it
  done
}

@test "writer, reader: give an object of 0 bytes its size" {
  for name in writer reader; do
    lab create "$OBJECT" 0
    start it "$name" "$OBJECT" </dev/null
    waits it
    [[ -s $(shm "$OBJECT") ]]
    kill -INT "$(pid_of it)"
    end_of it
  done
}

@test "writer, reader: that the object cannot have its size is an error" {
  for name in writer reader; do
    run_limited "$name" "$OBJECT"
    fails_with "ftruncate $OBJECT" EFBIG
    is_gone "$OBJECT"
  done
}

@test "writer, reader: each reports whom it waits for if it is alone" {
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

@test "writer, reader: a second one that is refused does not disturb the first" {
  start writer writer "$OBJECT" <<<hello
  waits writer
  run_program writer "$OBJECT"
  status_is 1
  start reader reader "$OBJECT"
  end_of reader
  stdout_is 'hello
'
  end_of writer
  status_is 0
  start reader reader "$OBJECT"
  waits reader
  run_program reader "$OBJECT"
  status_is 1
  start writer writer "$OBJECT" <<<hello
  end_of reader
  stdout_is 'hello
'
  end_of writer
  status_is 0
}

@test "writer, reader: the name is gone once either of them has ended" {
  start_peer other writer "$OBJECT" </dev/null
  waits other
  kill -STOP "$(pid_of other)"
  run_program reader "$OBJECT"
  status_is 0
  is_gone "$OBJECT"
  kill -CONT "$(pid_of other)"
  end_of other
  status_is 0
}

@test "writer, reader: alone, SIGINT and SIGTERM end it and remove the name" {
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

@test "writer, reader: the name is removed under the lock" {
  for name in writer reader; do
    start it "$name" "$OBJECT" </dev/null
    waits it
    hold_lock "$OBJECT"
    kill -INT "$(pid_of it)"
    wait_until waits_in "$(pid_of it)" flock
    exists "$OBJECT"
    exec 8>&-
    end_of holder
    rm "$IN"
    end_of it
    status_is 130
    is_gone "$OBJECT"
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
    fails_with "$OBJECT is used by $name $pid; if that has crashed: ./unlink $OBJECT"
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
    fails_with "$OBJECT is an object of another kind"
    cmp "$(shm "$OBJECT")" <(printf 'precious\0\0')
  done
  lab unlink "$OBJECT"
}

@test "writer, reader: continue if the name is removed, and leave a new one alone" {
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

@test "an object whose name is removed while they wait for the lock is not used" {
  local line
  for line in 'writer reader' 'reader writer' 'first first' 'producer consumer'
  do
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
    [[ $one == [wr]* ]] || lab unlink "$OBJECT"
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

@test "writer, reader: ten pairs, one after the other, meet at one name" {
  for i in {1..10}; do
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

# What inspect prints, except for the slots.
holds() { # EMPTY FULL MUTEX
  lab inspect "$OBJECT"
  [[ $(head -n 3 "$OUT") == "empty $1
full $2
mutex $3" ]] || flunk "empty $1, full $2, mutex $3" "$(show "$OUT")"
}

mutex_is_free() {
  lab inspect "$OBJECT"
  grep -qx 'mutex 1' "$OUT" || flunk 'mutex 1' "$(show "$OUT")"
}

# A semaphore that nobody has touched is free, too: something must have been done.
mutex_is_free_with() { # ITEMS that are in the buffer
  mutex_is_free
  [[ $(grep -c '^slot ' "$OUT") == "$1" ]] ||
    flunk "$1 items in the buffer" "$(show "$OUT")"
}

put_bytes() { # OFFSET FILE: what is on stdin
  dd of="$2" bs=1 seek="$1" conv=notrunc status=none
}

# Set the mutex to 0, as if a process had died that held it. Where it is in the
# buffer is found by trying.
take_mutex() { # sets MUTEX, its offset
  local size
  size=$(stat -c %s "$(shm "$OBJECT")")
  for ((MUTEX = 0; MUTEX < size; MUTEX += 4)); do
    cat "$(shm "$OBJECT")" >"$(shm "$OBJECT-try")"
    put_bytes "$MUTEX" "$(shm "$OBJECT-try")" < <(head -c 4 /dev/zero)
    lab inspect "$OBJECT-try"
    ! grep -q '^mutex 0$' "$OUT" || break
  done
  rm "$(shm "$OBJECT-try")"
  put_bytes "$MUTEX" "$(shm "$OBJECT")" < <(head -c 4 /dev/zero)
}

# The part of the buffer that the mutex protects: two numbers and eight items,
# at its end.
protected() { tail -c 72 "$(shm "$OBJECT")"; }

# A buffer without items that somebody else has initialised.
make_buffer() {
  lab producer 1 "$OBJECT"
  lab consumer 1 "$OBJECT"
}

# Take out what is left in the buffer, and remove it.
drain() { # COUNT
  lab consumer "$1" "$OBJECT"
  lab unlink "$OBJECT"
}

# bats test_tags=producer,step:1
@test "producer: waits when no slot is empty, until one is" {
  make_buffer
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
@test "producer: with each item there is one empty slot less" {
  make_buffer
  run_program producer 5 "$OBJECT"
  ends_well
  holds 3 5 1
  drain 5
}

# bats test_tags=producer,step:2
@test "producer: waits while another process has the mutex, and changes nothing" {
  lab producer 1 "$OBJECT"
  take_mutex
  protected >"$BATS_TEST_TMPDIR/before"
  start it producer 1 "$OBJECT"
  waits it
  holds 6 1 0
  cmp "$BATS_TEST_TMPDIR/before" <(protected) ||
    flunk 'no change until it has the mutex' 'the slots or numbers changed'
  kill -KILL "$(pid_of it)"
  end_of it
  lab unlink "$OBJECT"
}

# bats test_tags=producer,step:3
@test "producer: puts the items in order into the slots, the first after the last" {
  local pid
  lab producer 7 "$OBJECT"
  lab consumer 6 "$OBJECT"
  # shellcheck disable=SC2016
  run_command sh -c 'echo $$ && exec "$@"' sh "$PROGRAMS/producer" 3 "$OBJECT"
  ends_well
  pid=$(<"$OUT")
  lab inspect "$OBJECT"
  [[ $(tail -n +5 "$OUT") == "slot 7: item 1 of producer $pid
slot 0: item 2 of producer $pid
slot 1: item 3 of producer $pid" ]] ||
    flunk "items 1, 2 and 3 of producer $pid in slots 7, 0 and 1" \
      "$(show "$OUT")"
  lab unlink "$OBJECT"
}

# bats test_tags=producer,step:4
@test "producer: gives the mutex back after each item" {
  make_buffer
  run_program producer 8 "$OBJECT"
  ends_well
  mutex_is_free_with 8
  lab unlink "$OBJECT"
}

# bats test_tags=producer,step:5
@test "producer: wakes a waiting consumer for each item" {
  start_peer other consumer 2 "$OBJECT"
  waits other
  run_program producer 2 "$OBJECT"
  ends_well
  end_of other
  stdout_matches 'producer [0-9]+: item 1
producer [0-9]+: item 2'
  lab unlink "$OBJECT"
}

# bats test_tags=producer,step:6
@test "producer: may come first, and initialises the semaphores" {
  run_program producer 3 "$OBJECT"
  ends_well
  holds 5 3 1
  drain 3
}

# bats test_tags=producer,step:6
@test "producer: leaves the semaphores alone if it is not the first" {
  lab producer 3 "$OBJECT"
  run_program producer 3 "$OBJECT"
  ends_well
  holds 2 6 1
  drain 6
}

@test "producer: its items stay in the buffer when it has ended" {
  run_program producer 1 "$OBJECT"
  run_program producer 1 "$OBJECT"
  ends_well
  holds 6 2 1
  drain 2
}

@test "producer: SIGINT and SIGTERM end it while it waits, the items stay" {
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

@test "producer: one that is killed while it waits stops no other process" {
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
  make_buffer
  start it consumer 1 "$OBJECT"
  waits it
  start_peer other producer 1 "$OBJECT"
  end_of other
  end_of it
  ends_well
  stdout_is "producer $(own_pid_of other): item 1
"
  lab unlink "$OBJECT"
}

# bats test_tags=consumer,step:1
@test "consumer: with each item there is one full slot less" {
  lab producer 5 "$OBJECT"
  run_program consumer 2 "$OBJECT"
  ends_well
  holds 5 3 1
  drain 3
}

# bats test_tags=consumer,step:2
@test "consumer: waits while another process has the mutex, and changes nothing" {
  lab producer 2 "$OBJECT"
  take_mutex
  protected >"$BATS_TEST_TMPDIR/before"
  start it consumer 1 "$OBJECT"
  waits it
  holds 6 1 0
  cmp "$BATS_TEST_TMPDIR/before" <(protected) ||
    flunk 'no change until it has the mutex' 'the slots or numbers changed'
  kill -KILL "$(pid_of it)"
  end_of it
  stdout_is ''
  lab unlink "$OBJECT"
}

# Give the mutex back. A semaphore that is set like this wakes nobody, but a
# process that is stopped and continued looks again.
give_mutex() { # PID of the process that waits for it
  kill -STOP "$1"
  put_bytes "$MUTEX" "$(shm "$OBJECT")" < <(printf '\1\0\0\0')
  kill -CONT "$1"
}

# As if another consumer had held the mutex, and taken the first item.
# bats test_tags=consumer,step:2
@test "consumer: looks at the slots only once it has the mutex" {
  local size
  random_word
  start_peer other producer 2 "$OBJECT"
  end_of other
  take_mutex
  start it consumer 1 "$OBJECT"
  waits it
  size=$(stat -c %s "$(shm "$OBJECT")")
  put_bytes $((size - 64)) "$(shm "$OBJECT")" < <(protected | tail -c +17 | head -c 8)
  give_mutex "$(pid_of it)"
  end_of it
  ends_well
  stdout_is "producer $(own_pid_of other): item 2
"
  lab unlink "$OBJECT"
}

# bats test_tags=consumer,step:3
@test "consumer: takes the oldest items and prints them in order" {
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
  lab unlink "$OBJECT"
}

# bats test_tags=consumer,step:4
@test "consumer: gives the mutex back after each item" {
  lab producer 8 "$OBJECT"
  run_program consumer 7 "$OBJECT"
  ends_well
  mutex_is_free_with 1
  lab unlink "$OBJECT"
}

# bats test_tags=consumer,step:4
@test "consumer: gives the mutex back before it prints" {
  lab producer 1 "$OBJECT"
  fill_stdout
  STDOUT=$SLOW start it consumer 1 "$OBJECT"
  wait_until waits_in "$(pid_of it)" write
  mutex_is_free_with 0
  take_stdout
  end_of it
  ends_well
  lab unlink "$OBJECT"
}

# bats test_tags=consumer,step:5
@test "consumer: wakes a waiting producer for each slot" {
  make_buffer
  start_peer other producer 10 "$OBJECT"
  waits other
  run_program consumer 2 "$OBJECT"
  ends_well
  end_of other
  status_is 0
  holds 0 8 1
  drain 8
}

# bats test_tags=consumer,step:6
@test "consumer: may come first, and initialises the semaphores" {
  start it consumer 1 "$OBJECT"
  waits it
  holds 8 0 1
  lab producer 1 "$OBJECT"
  end_of it
  ends_well
  lab unlink "$OBJECT"
}

# bats test_tags=consumer,step:6
@test "consumer: leaves the semaphores alone if it is not the first" {
  lab producer 3 "$OBJECT"
  run_program consumer 1 "$OBJECT"
  ends_well
  holds 6 2 1
  drain 2
}

@test "consumer: SIGINT and SIGTERM end it while it waits, the buffer stays" {
  for signal in INT TERM; do
    start it consumer 1 "$OBJECT"
    waits it
    kill "-$signal" "$(pid_of it)"
    end_of it
    status_is $((128 + $(kill -l "$signal")))
    holds 8 0 1
    lab unlink "$OBJECT"
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
    # The numbers from each producer grow.
    awk '$4 <= last[$2] { exit 1 } { last[$2] = $4 }' "$OUT" ||
      flunk 'the items of each producer in order' "$(show "$OUT")"
    cat "$OUT" >>"$BATS_TEST_TMPDIR/all"
  done
  for i in 1 2 3; do
    seq -f "producer $(own_pid_of "p$i"): item %.0f" 2000
  done | sort | cmp - <(sort "$BATS_TEST_TMPDIR/all")
  holds 8 0 1
  lab unlink "$OBJECT"
}

@test "producer, consumer: wait while another process initialises the buffer" {
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
  lab unlink "$OBJECT"
}

@test "producer, consumer, inspect: another kind of object is left alone" {
  lab create "$OBJECT" 10
  lab write "$OBJECT" precious
  for line in 'producer 1' 'consumer 1' inspect; do
    # shellcheck disable=SC2086
    run_program $line "$OBJECT"
    fails_with "$OBJECT is an object of another kind"
    cmp "$(shm "$OBJECT")" <(printf 'precious\0\0')
  done
  lab unlink "$OBJECT"
}

@test "producer, consumer: that the buffer cannot have its size is an error" {
  # Objects of 0 bytes only, and so stderr must be a pipe.
  for name in producer consumer; do
    # shellcheck disable=SC2016
    run_command bash -c '(trap "" XFSZ; ulimit -f 0; exec "$@") 2>&1 >/dev/null |
      cat >&2; exit "${PIPESTATUS[0]}"' bash "$PROGRAMS/$name" 1 "$OBJECT"
    fails_with "ftruncate $OBJECT" EFBIG
    is_gone "$OBJECT"
  done
}

### race

# The object is named after the pid, which is not one of our names: if a race
# that was killed had left it, it would be there for ever.
start_race() { # ARG...
  start it race "$@"
  note_object
}

note_object() { # for teardown
  RACE=$(shm "/ipc-race-$(pid_inside "$(pid_of it)")") || :
}

teardown() {
  end_jobs
  rm -f ${RACE:+"$RACE"}
  nothing_is_left
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

@test "race: the object has room for the number" {
  run_program race 1
  ends_well
  stdout_matches 'expected 2, got [12]'
}

@test "race: that the object cannot have its size is an error" {
  # Objects of 0 bytes only, and so stderr must be a pipe.
  # shellcheck disable=SC2016
  run_command bash -c '(trap "" XFSZ; ulimit -f 0; exec "$1" 1) 2>&1 >/dev/null |
    cat >&2; exit "${PIPESTATUS[0]}"' bash "$PROGRAMS/race"
  fails_with 'ftruncate /ipc-race-' EFBIG
}

# bats test_tags=race,step:4
@test "race: parent and child add to the same number" {
  run_program race -s 1
  ends_well
  stdout_is 'expected 2, got 2
'
}

# bats test_tags=race,step:2
@test "race: with -s the first process may start at once" {
  run_program race -s 3
  ends_well
  stdout_is 'expected 6, got 6
'
}

# bats test_tags=race,step:3
@test "race: two processes add, one the child of the other" {
  start_race -s 2147483647
  wait_until has_children "$(pid_of it)" 1
  kill -TERM "$(children_of "$(pid_of it)")"
  kill -TERM "$(pid_of it)"
  end_of it
  status_is 143
}

# Stop the child, again and again, until it is stopped with the semaphore.
waits_for_stopped() { # PARENT CHILD
  kill -STOP "$2"
  waits_in "$1" futex || { kill -CONT "$2" && return 1; }
}

# bats test_tags=race,step:4
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

# bats test_tags=race,step:5
@test "race: waits for the child before it prints the sum" {
  run_program race -s 1000
  ends_well
  stdout_is 'expected 2000, got 2000
'
}

# bats test_tags=race,step:5
@test "race: that the child failed is an error" {
  # Without -s the parent can go on alone, but then it is not at work for long: it
  # begins once we look.
  # shellcheck disable=SC2016
  start_command it sh -c 'kill -STOP $$; exec "$@"' sh "$PROGRAMS/race" 1000000000
  wait_until is_stopped "$(pid_of it)"
  note_object
  kill -CONT "$(pid_of it)"
  wait_until has_children "$(pid_of it)" 1
  kill -KILL "$(children_of "$(pid_of it)")"
  end_of it
  fails_with 'the child failed'
}

# Make the object all zeros, and so the semaphore 0, while no process has it. (A
# process that has it posts it, and then this has to be done again.)
both_wait() { # PARENT CHILD
  local file
  file=$(find "/proc/$1/fd" -lname '/dev/shm/ipc-race-*')
  kill -STOP "$1" "$2"
  put_bytes 0 "$file" < <(head -c "$(stat -Lc %s "$file")" /dev/zero)
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

@test "race: without a semaphore, additions are lost" {
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
