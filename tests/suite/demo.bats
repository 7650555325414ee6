#!/usr/bin/env bats
# scripts/demo: transcripts are checked and played as they stand.
# shellcheck disable=SC2016 # the shells on the terminals expand these

load ../helper

WORD=ipc-w$$ # a name that no other suite uses

teardown() {
  [[ -z ${SOCKET-} ]] || tmux -S "$SOCKET" kill-server 2>/dev/null || :
  end_jobs
  nothing_is_left
}

# Every test has labs of its own; labrun notices whatever a demo leaves behind.
# Several suites may run at once: so a demo starts with a number that is this
# test's (see names.bash).
handout() { # [LAB]: its README is standard input
  TREE="$BATS_TEST_TMPDIR/a tree"
  mkdir -p "$TREE/scripts/lib" "$TREE/labs/${1:-one}" "$TREE/slides"
  cp "$ROOT/scripts/demo" "$TREE/scripts"
  cp "$ROOT/scripts/clean" "$TREE/scripts"
  cp -r "$ROOT/scripts/lib/demo" "$TREE/scripts/lib"
  export IPC_DEMO_FIRST=$((1000000 + $$))
  printf 'print-labs:\n\t@echo one two\n' >"$TREE/Makefile"
  cat >"$TREE/labs/${1:-one}/README.md"
}

transcript() { # the same, of one block with the lines from standard input
  handout < <(printf '# Title\n\n## Try it\n\n```console\n'; cat; echo '```')
}

demo() { # [ARG...]
  run_command "$TREE/scripts/demo" "$@"
}

holds() {
  demo -c one
  ends_well
}

fails() { # EXPECTED GOT: which stand in the message
  demo -c one
  status_is 1
  stderr_has "expected: $1"
  stderr_has "got:      $2"
}

# The same for what comes late, in two parts: each takes its time.
start_late() { # ID
  mv "$TREE" "$BATS_TEST_TMPDIR/tree $1"
  start_command "$1" env LIMIT=3 "$BATS_TEST_TMPDIR/tree $1/scripts/demo" -c one
}

ends_late() { # ID EXPECTED GOT
  end_of "$1"
  status_is 1
  stderr_has "expected: $2"
  stderr_has "got:      $3"
}

# A demo on a terminal of its own; press sends keys to it.
start_on_terminal() { # [COMMAND]: what the terminal's shell does afterwards
  local script="trap : INT; cd '$BATS_TEST_TMPDIR'; stty -g >before; echo \$PPID >script
    sh -c 'echo \$\$ >pid; exec \"\$0\" one' '$TREE/scripts/demo'
    status=\$?; ${1-}
    stty -g >after; exit \$status"
  open_terminal "$script"
}

open_terminal() { # SCRIPT: what its shell does
  mkfifo "$BATS_TEST_TMPDIR/keys"
  exec {keys}<>"$BATS_TEST_TMPDIR/keys"
  # With a FIFO "hold", labrun's command outlives script(1), if that is killed.
  # shellcheck disable=SC2016
  start_command demo sh -c 'script -qefc "$1" /dev/null; status=$?
    [ ! -p "$2" ] || read line <"$2"
    exit "$status"' sh "$1" "$BATS_TEST_TMPDIR/hold" <"$BATS_TEST_TMPDIR/keys"
}

# Nothing of it runs any more: not what it plays, nor itself.
demo_has_ended() {
  local found
  # shellcheck disable=SC2062 # the patterns are stdin, these are files
  found=$(printf '%s\n' "IPC_DEMO=$IPC_DEMO_FIRST" "$TREE/scripts/demo" \
    "$TREE/scripts/lib/demo/keeper" |
    grep -lsxzF -f - /proc/[0-9]*/environ /proc/[0-9]*/cmdline) || :
  [[ ! $found ]]
}

terminal_is_as_before() {
  cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
}

shows_times() { # COUNT TEXT
  (($(grep -cF -- "$2" "$BATS_TEST_TMPDIR/demo.out") == $1))
}

press() { printf %b "$1" >&"$keys"; }

shows() { # TEXT
  wait_until grep -qF -- "$1" "$BATS_TEST_TMPDIR/demo.out"
}

### What holds and what does not

@test "a transcript that holds passes in silence" {
  transcript <<'EOF'
$ echo hello; echo; echo "  [a] *?\\ "
hello

  [a] *?\ 
$ exit_with() { return $1; }; exit_with 3
[exit 3]
$ pwd; echo error >&2
…/labs/one
error
EOF
  holds
  [[ ! -s $OUT ]]
}

@test "another line than expected fails, and is shown with its place" {
  transcript <<'EOF'
$ echo one; echo two
one
three
EOF
  fails three two
  stderr_has 'labs/one/README.md:8: terminal 1'
  stderr_has '  > three'
}

@test "a line too few fails" {
  transcript <<<$'$ echo one\none\ntwo'
  fails two 'the end of `echo one`'
}

@test "a line too many fails" {
  transcript <<<$'$ echo one; echo two\none'
  fails 'no more output' two
}

@test "an empty line too many fails" {
  transcript <<<$'$ echo one; echo\none'
  fails 'no more output' 'an empty line'
}

@test "a line with the right beginning fails" {
  transcript <<<$'$ echo one two\none'
  fails one 'one two'
}

@test "the other order within a terminal fails" {
  transcript <<<$'$ echo two; echo one\none\ntwo'
  fails one two
}

@test "a status that is not written fails" {
  transcript <<<$'$ echo one; false\none'
  fails 'no more output' '[exit 1]'
}

@test "another status than written fails" {
  transcript <<<$'$ (exit 3)\n[exit 2]'
  fails '[exit 2]' '[exit 3]'
}

@test "a status that is written, and 0, fails" {
  transcript <<<$'$ echo one\none\n[exit 1]'
  fails '[exit 1]' 'the end of `echo one`'
}

@test "what does not come in time fails" {
  transcript <<<$'$ echo one; echo; printf part; cat\none\n\ntwo\n< ^D'
  start_late line
  transcript <<<$'$ echo one; cat\none'
  start_late end
  transcript <<<$'$ echo "one\none'
  start_late start
  transcript <<<$'$ sleep 1000 &\n[1] …'
  start_late background
  ends_late line two 'nothing but "part" within 3 s'
  ends_late end 'the end of `echo one; cat`' 'nothing within 3 s'
  ends_late start 'the start of `echo "one`' 'nothing within 3 s'
  end_of background
  status_is 1
  stderr_has 'processes that have not ended: '
}

@test "input for a command that has ended fails" {
  transcript <<<$'$ echo one\none\n< two'
  demo -c one
  status_is 1
  stderr_has '< two'
}

@test "input where nothing was started fails" {
  transcript <<<$'1$ true\n2< two'
  fails 'a command that can read the input' 'no command'
}

@test "a shell that ends fails" {
  transcript <<<$'$ exec true\none'
  fails one "the end of the terminal's shell"
}

@test "the first line that does not hold is enough, in any block" {
  handout <<'EOF'
```console
$ echo one
one
```
```sh
# no heading, $ no command
```
- here:
  ```console
  $ echo two
  three
  ```
EOF
  fails three two
  stderr_has 'README.md:11:'
}

@test "a line of no terminal in a block with numbers is pointed out" {
  transcript <<<$'1$ echo one\none'
  demo -c one
  status_is 1
  stderr_has 'README.md:7: this is not a line of a transcript: one'
}

### The language of transcripts

@test "… is anything within a line" {
  transcript <<<$'$ echo pid 4121 of 4122\npid … of …\n$ echo x\nx…\n$ echo x\n…x'
  holds
}

@test "… does not stand for the rest of its line" {
  transcript <<<$'$ echo pid 4121 ended\npid … started'
  fails 'pid … started' 'pid 4121 ended'
}

@test "… alone is any number of lines, also none" {
  transcript <<'EOF'
$ seq 5
…
1
…
4
…
5
…
EOF
  holds
}

@test "… alone stands for as many lines as the next ones leave" {
  transcript <<'EOF'
$ echo a 1; echo a 2; echo a 3; echo b
…
a …
b
EOF
  holds
}

@test "… alone does not make up for a line that is missing" {
  transcript <<<$'$ seq 5\n…\n6\n…'
  fails 6 'the end of `seq 5`'
}

@test "lines of input and keys are typed" {
  transcript <<'EOF'
$ cat
< one
one
< two
two
< ^D
$ sleep 1000
< ^C
[exit 130]
$ sleep 1000 | sleep 1000
< ^C
[exit 130]
$ while :; do :; done
< ^C
[exit 130]
$ sh -c 'trap "echo caught; exit 5" INT; echo ready; read line'
ready
< ^C
caught
[exit 5]
EOF
  holds
}

@test "a last line without a newline is a line" {
  transcript <<<$'$ printf one\none\n$ printf two; false\ntwo\n[exit 1]'
  holds
}

@test "input may follow a line without a newline" {
  transcript <<'EOF'
$ printf 'name? '; read name; echo "hello $name"
name? 
< world
hello world
EOF
  holds
}

@test "… alone also stands for lines that come after input was typed" {
  transcript <<<$'$ sort; echo end\n< b\n…\n< a\n…\n< ^D\na\n…\nend'
  holds
}

@test "a command is typed once all lines above it have come" {
  transcript <<'EOF'
1$ read line; echo go >flag; echo "got $line"; cat
2$ cat flag
2| cat: flag: No such file or directory
2| [exit 1]
1< something
1| got something
2$ cat flag
2| go
1< ^D
EOF
  holds
}

@test "between terminals the order of lines does not count" {
  transcript <<'EOF'
1$ mkfifo queue; echo ready; read line <queue; echo "$line"; read line; echo 1
1| ready
2$ echo one >queue; echo two
2| two
1| one
1< go
2$ echo three
1| 1
2| three
EOF
  holds
}

@test "a job in the background may print later" {
  transcript <<'EOF'
1$ mkfifo queue; echo ready
1| ready
1$ cat queue &
1| [1] …
2$ echo hello >queue
1| hello
EOF
  holds
}

@test "what the shell prints about jobs need not be written" {
  transcript <<'EOF'
$ true &
[1] …
$ while kill -0 $! 2>/dev/null; do :; done
$ echo next
next
$ sleep 1000 &
$ ps -o args= -p $!
sleep 1000
$ kill $!
$ wait $!
[exit 143]
EOF
  holds
  demo one
  ends_well
  [[ $(tail -n 5 "$OUT") == '$ ps -o args= -p $!
sleep 1000
$ kill $!
$ wait $!
[exit 143]' ]]
  run ! grep -qE '^\[1\].*(sleep|Done|Term)' "$OUT"
}

@test "programs have the descriptors 0 to 2, and the same environment always" {
  transcript <<'EOF'
$ ls /proc/self/fd; test -t 0 && test -t 1 && test -t 2
0  1  2  3
$ echo $HOME $TERM $LC_ALL $MAKEFLAGS; stty size
/ dumb C.UTF-8
24 80
EOF
  MAKEFLAGS=n HOME=/nowhere holds
}

@test "a caller that ignores SIGINT makes no difference" {
  transcript <<<$'$ sleep 1000\n< ^C\n[exit 130]'
  run_command bash -c 'trap "" INT; exec "$@"' bash "$TREE/scripts/demo" -c one
  ends_well
}

### Names

@test "a check uses names and ports of its own" {
  transcript <<'EOF'
$ echo /tmp/ipc-hello /ipc-hello 127.0.0.1:7000 7001 70000 epic-7
/tmp/ipc-hello /ipc-hello 127.0.0.1:7000 7001 70000 epic-7
$ echo /tmp/ipc-* ipc''-hello 700''0 7''0000 epic''-7; touch /tmp/ipc-hello
…
$ rm /tmp/ipc-hello
EOF
  holds
  sed -i 's/^…$/none/' "$TREE/labs/one/README.md"
  demo -c one
  status_is 1
  grep -qE '^got: .* ipc-hello 7000 70000 epic-7$' "$ERR"
  grep -qE 'touch /tmp/ipc-[0-9]{4}-hello$' "$ERR"
  grep -qE '127.0.0.1:[23][0-9]{3}0 [23][0-9]{3}1 70000 epic-7$' "$ERR"
}

@test "what a check leaves in /tmp and /dev/shm is removed" {
  transcript <<<$'$ touch /tmp/ipc-a /dev/shm/ipc-b; ls -d /tmp/ipc-*\nx'
  fails x /tmp/ipc-
  local file
  file=$(grep -o '/tmp/ipc-[0-9]*-a' "$ERR" | head -n 1)
  [[ $file && ! -e $file && ! -e ${file%-a} && ! -e /dev/shm/${file#/tmp/} ]]
}

@test "two checks of the same transcript at once do not meet" {
  transcript <<'EOF'
1$ mkfifo /tmp/ipc-meet; echo ready; cat /tmp/ipc-meet; rm /tmp/ipc-meet
1| ready
2$ read line; echo one >/tmp/ipc-meet
2< go
1| one
EOF
  start_command a "$TREE/scripts/demo" -c one
  start_command b "$TREE/scripts/demo" -c one
  end_of a
  ends_well
  end_of b
  ends_well
}

@test "a demo uses the names that are written" {
  transcript <<<$'$ echo /tmp/ipc-hello 7000\n…'
  demo one
  ends_well
  grep -qx '/tmp/ipc-hello 7000' "$OUT"
}

@test "what an interrupted demo left is removed first" {
  transcript <<<$'$ mkfifo /tmp/'"$WORD"$'\n$ rm /tmp/'"$WORD"
  mkfifo "/tmp/$WORD" "/tmp/$WORD.4121" "/tmp/${WORD}x"
  demo one
  rm "/tmp/${WORD}x" # another name
  ends_well
  grep -qx "removed /tmp/$WORD, left behind by an interrupted demo" "$OUT"
  grep -qx '$ mkfifo /tmp/'"$WORD" "$OUT"
  [[ ! -e /tmp/$WORD && ! -e /tmp/$WORD.4121 ]]
}

@test "a process that an interrupted demo left is ended first" {
  transcript <<<$'$ echo one\none'
  start_command left env "IPC_DEMO=$IPC_DEMO_FIRST" sleep 1000
  demo one
  ends_well
  grep -qx "ended what still ran of an interrupted demo: $(pid_of left)" "$OUT"
  end_of left
  status_is 137
}

@test "a name that is in use is replaced, wherever it is typed or expected" {
  transcript <<<$'$ echo /tmp/'"$WORD"$' 7000\n/tmp/'"$WORD 7000"
  mkfifo "/tmp/$WORD"
  exec 8<>"/tmp/$WORD"
  demo one
  exec 8>&-
  rm "/tmp/$WORD"
  ends_well
  grep -qE "^/tmp/$WORD is in use: this demo uses ports 7[0-9]{2}0-" "$OUT"
  grep -qE "^\\$ echo /tmp/ipc-7[0-9]{2}-${WORD#ipc-} 7[0-9]{2}0$" "$OUT"
  grep -qE "^/tmp/ipc-7[0-9]{2}-${WORD#ipc-} 7[0-9]{2}0$" "$OUT"
}

@test "a file that is not ours to remove is in use" {
  transcript <<<$'$ echo /tmp/'"$WORD"$'\n…'
  echo text >"/tmp/$WORD"
  demo one
  rm "/tmp/$WORD"
  ends_well
  grep -q "^/tmp/$WORD is in use" "$OUT"
}

other_fifo() { # sets other
  for other in /tmp/ipc-7[0-9][0-9]"-${WORD#ipc-}"; do
    [[ ! -p $other ]] || return 0
  done
  return 1
}

@test "two demos at once use different names" {
  transcript <<EOF
$ mkfifo /tmp/$WORD; echo made; read line </tmp/$WORD; rm /tmp/$WORD
made
EOF
  start_command a "$TREE/scripts/demo" one
  wait_until test -p "/tmp/$WORD"
  start_command b "$TREE/scripts/demo" one
  wait_until other_fifo
  echo >"/tmp/$WORD"
  echo >"$other"
  end_of b
  ends_well
  grep -q '^another demo is running: this demo uses' "$OUT"
  end_of a
  ends_well
}

@test "a transcript that leaves an object behind fails" {
  transcript <<<"\$ touch /tmp/$WORD"
  demo -c one
  status_is 1
  stderr_has 'this transcript leaves /tmp/ipc-'
}

### Straight through

@test "a demo prints what is typed and what comes, as in the transcript" {
  handout <<'EOF'
# Lab
## Try it
```console
$ cat
< one
o…e
< ^D
$ printf two; false
…
[exit 1]
```
## Two
```console
1$ cat
2$ echo; echo 2
2| 
2| …2
1< ^D
```
EOF
  demo one
  ends_well
  stdout_is '
== 1 one: Try it

$ cat
< one
one
< ^D
$ printf two; false
two
[exit 1]

== 2 one: Two

1$ cat
2$ echo; echo 2
2|
2| 2
1< ^D
'
}

@test "a demo that goes otherwise fails, after what has come" {
  transcript <<<$'$ echo one; echo two\none\nthree'
  demo one
  status_is 1
  [[ $(tail -n 1 "$OUT") == two ]]
  stderr_has 'expected: three'
}

@test "without a lab all are played, in the order of the Makefile" {
  handout two <<<$'# Two\n```console\n$ echo II\nII\n```'
  handout one <<<$'# One\n```console\n$ echo I\nI\n```'
  demo
  ends_well
  [[ $(grep '==' "$OUT") == $'== 1 one: One\n== 2 two: Two' ]]
}

@test "a check takes the slides, too, and those about all labs" {
  handout <<<'# One'
  printf '```console\n$ cd one; pwd\n%s/labs/one\n```\n' "$TREE" \
    >"$TREE/slides/overview.md"
  demo -c overview
  ends_well
  printf '```console\n$ echo one\ntwo\n```\n' >"$TREE/slides/one.md"
  fails two one
  stderr_has slides/one.md:3
}

@test "usage" {
  handout <<<'# One'
  demo --help
  status_is 0
  stdout_is $'usage: demo [-c | --check] [LAB...]\n'
  demo -x
  status_is 2
  stderr_has 'usage: demo'
  demo three
  status_is 1
  stderr_has 'demo: there is no lab three'
}

@test "without script(1) a demo says so" {
  handout <<<'# One'
  mkdir "$BATS_TEST_TMPDIR/bin"
  local tool
  for tool in bash dirname mktemp mkfifo rm; do
    ln -s "$(command -v "$tool")" "$BATS_TEST_TMPDIR/bin"
  done
  run_command env PATH="$BATS_TEST_TMPDIR/bin" bash "$TREE/scripts/demo" one
  status_is 1
  stderr_has 'demo: script is missing'
}

### Step by step

@test "on a terminal each command waits for ENTER" {
  transcript <<<$'$ touch first\n$ touch second\n$ touch third'
  start_on_terminal
  shows '$ touch first'
  press '\n'
  shows '$ touch second'
  [[ -e $TREE/labs/one/first && ! -e $TREE/labs/one/second ]]
  press 'x\n'
  shows '$ touch third'
  press q
  end_of demo
  status_is 0
  [[ -e $TREE/labs/one/second && ! -e $TREE/labs/one/third ]]
}

@test "after the last step the terminal is as it was" {
  transcript <<<$'$ echo one\none'
  start_on_terminal
  shows '$ echo one'
  press '\n'
  end_of demo
  status_is 0
  terminal_is_as_before
}

@test "ENTER twice does not skip a step: what is typed ahead is discarded" {
  transcript <<<$'$ touch first; read line <fifo\n$ touch second'
  mkfifo "$TREE/labs/one/fifo"
  start_on_terminal
  shows '$ touch first'
  press '\n'
  wait_until test -e "$TREE/labs/one/first"
  press '\n\n?'
  shows 'ENTER    type' # so those before it have arrived
  echo >"$TREE/labs/one/fifo"
  shows '$ touch second'
  press q
  end_of demo
  status_is 0
  [[ ! -e $TREE/labs/one/second ]]
}

blocks() { # three, in two labs
  handout two <<<$'# Two\nThree. It is the last.\n```console\n$ echo III >>log\n```'
  handout one <<'EOF'
# One
A message; see [the manual](x.md)
and `man`. More text.

A second paragraph:

```console
$ echo I >>log
$ echo I >>log
```
## Heading
```console
$ echo II >>log
```
EOF
}

@test "a block has the sentence or the heading that precedes it as its title" {
  blocks
  demo one
  ends_well
  [[ $(grep '^==' "$OUT") == \
    $'== 1 one: A second paragraph\n== 2 one: Heading' ]]
  sed -i '/^A second/d' "$TREE/labs/one/README.md"
  demo one
  [[ $(grep '^== 1' "$OUT") == '== 1 one: A message; see the manual and man' ]]
}

@test "b goes back to the start of the block, or to the one before" {
  blocks
  start_on_terminal
  shows '$ echo I >>log'
  press '\n'
  wait_until shows_times 2 '$ echo I >>log'
  press b
  wait_until shows_times 3 '$ echo I >>log'
  press '\n'
  wait_until shows_times 4 '$ echo I >>log'
  press '\n'
  shows '$ echo II'
  press b
  wait_until shows_times 5 '$ echo I >>log'
  press q
  end_of demo
  status_is 0
  [[ $(<"$TREE/labs/one/log") == $'I\nI\nI' ]]
}

@test "r repeats a block, l lists them, and a number goes to one" {
  blocks
  start_on_terminal
  shows '$ echo I >>log'
  press '\n'
  wait_until shows_times 2 '$ echo I >>log'
  press r
  wait_until shows_times 2 '== 1 one'
  press '2\n'
  shows '== 2 one: Heading'
  press l
  shows '        1  one: A second paragraph'
  shows '>       2  one: Heading'
  press '9\n'
  shows 'numbered from 1 to 2'
  press q
  end_of demo
  status_is 0
  [[ $(<"$TREE/labs/one/log") == I ]]
}

@test "a block that is abandoned leaves nothing to the next one" {
  transcript <<EOF
1$ mkfifo /tmp/$WORD; cat /tmp/$WORD
2$ ls /tmp/$WORD
2| /tmp/$WORD
EOF
  start_on_terminal
  shows '1$'
  press '\n'
  shows '2$'
  wait_until test -p "/tmp/$WORD"
  press r
  wait_until shows_times 2 '1$ mkfifo'
  [[ ! -e /tmp/$WORD ]]
  press q
  end_of demo
  status_is 0
}

@test "commands, input and titles stand out on a terminal" {
  transcript <<<$'$ echo one; cat\none\n< two\ntwo\n< ^D'
  start_on_terminal
  shows $'\e[1;4m== 1 one: Try it\e[m'
  shows $'\e[1m$ echo one; cat\e[m'
  press '\n'
  shows $'\e[1;32m< two\e[m'
  grep -qx $'one\r' "$BATS_TEST_TMPDIR/demo.out"
  press q
  end_of demo
  status_is 0
}

@test "nothing stands out with NO_COLOR, or on a terminal that cannot do it" {
  transcript <<<$'$ echo one\none'
  NO_COLOR=1 start_on_terminal
  shows '$ echo one'
  press q
  end_of demo
  status_is 0
  rm "$BATS_TEST_TMPDIR/keys"
  cp "$OUT" "$BATS_TEST_TMPDIR/first"
  TERM=dumb start_on_terminal
  shows '$ echo one'
  press q
  end_of demo
  status_is 0
  cat "$BATS_TEST_TMPDIR/first" >>"$OUT"
  ! grep -q $'\e' "$OUT"
}

### The end

# The servers of a demo; labrun's status 123 would say that one has stayed.
serve() { # [COMMAND]: and that one, which prints "ready"
  transcript <<EOF
1$ ${1:-echo ready}
1| ready
2$ sh -c 'trap "touch removed; exit" INT TERM; echo ready; cat; read line'
2| ready
3$ (cat) | cat & echo started; sleep 1000
3| started
EOF
}

start_servers() { # on a terminal
  start_on_terminal
  for step in 1 2 3; do
    shows "$step\$"
    press '\n'
  done
  shows '3| started'
}

@test "q leaves nothing running, not even what ignores SIGTERM" {
  serve "(trap '' HUP INT TERM; echo ready; while :; do read -r line; done)"
  start_servers
  press q
  end_of demo
  status_is 0
  [[ -e $TREE/labs/one/removed ]]
}

@test "^C leaves nothing running, and the terminal as it was" {
  serve
  start_servers
  press '\003'
  end_of demo
  status_is 130
  terminal_is_as_before
}

@test "SIGTERM leaves nothing running" {
  serve
  start_command demo "$TREE/scripts/demo" one
  shows '3| started'
  kill "$(pid_of demo)"
  end_of demo
  status_is 143
}

@test "a transcript that does not hold leaves nothing running" {
  serve
  sed -i 's/^3| .*/3| nothing/' "$TREE/labs/one/README.md"
  fails nothing started
}

# What a demo has made when it is interrupted; labrun cannot see objects.
holds_object() {
  transcript <<EOF
1$ touch /tmp/$WORD /dev/shm/$WORD; (trap '' HUP INT TERM; cat; cat)
2$ cat </tmp/$WORD /dev/null
EOF
}

start_holding() { # [COMMAND]
  start_on_terminal "$@"
  shows '1$'
  press '\n'
  wait_until test -e "/dev/shm/$WORD"
}

nothing_remains() {
  wait_until demo_has_ended
  [[ ! -e /tmp/$WORD && ! -e /dev/shm/$WORD ]]
  [[ ! -e /tmp/ipc-$IPC_DEMO_FIRST ]]
}

@test "objects that a demo has made are removed when it is interrupted" {
  holds_object
  start_holding
  press '\003'
  end_of demo
  status_is 130
  nothing_remains
  terminal_is_as_before
}

@test "a demo that is killed leaves nothing, and the terminal as it was" {
  holds_object
  mkfifo "$BATS_TEST_TMPDIR/end"
  start_holding 'read line <end'
  kill -s KILL "$(<"$BATS_TEST_TMPDIR/pid")"
  nothing_remains
  echo >"$BATS_TEST_TMPDIR/end"
  end_of demo
  status_is 137
  terminal_is_as_before
}

@test "a demo whose terminal is closed leaves nothing" {
  holds_object
  mkfifo "$BATS_TEST_TMPDIR/hold"
  start_holding
  kill -s KILL "$(<"$BATS_TEST_TMPDIR/script")"
  nothing_remains
  echo >"$BATS_TEST_TMPDIR/hold"
  end_of demo
  status_is 137
}

@test "^Z and fg: the shell has its terminal, then the demo has" {
  transcript <<<$'$ touch first\n$ touch second'
  HISTFILE=/dev/null open_terminal 'exec bash --norc --noprofile -i'
  press "cd '$BATS_TEST_TMPDIR'; stty -g >before\\n"
  wait_until test -s "$BATS_TEST_TMPDIR/before"
  # Not the shell's own child, as with make: the shell is told before it.
  press "sh -c '\"\$0\" one; :' '$TREE/scripts/demo'\\n"
  shows '$ touch first'
  press '\032'
  shows Stopped
  press 'stty -g >during\n'
  wait_until test -s "$BATS_TEST_TMPDIR/during"
  cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/during"
  press 'fg\n'
  wait_until shows_times 2 '$ touch first'
  press '\n'
  shows '$ touch second'
  [[ -e $TREE/labs/one/first ]]
  press q
  wait_until demo_has_ended
  press 'stty -g >after; exit 0\n'
  end_of demo
  status_is 0
  terminal_is_as_before
}

@test "a reader that goes away ends a demo" {
  transcript <<<$'$ seq 5000\n…'
  run_command bash -c '"$1" one | head -n 5; exit "${PIPESTATUS[0]}"' bash \
    "$TREE/scripts/demo"
  status_is 141
}

### tmux

tmux_start() { # the demo in a server of its own
  command -v tmux >/dev/null || skip 'tmux is missing'
  SOCKET=$BATS_TEST_TMPDIR/tmux
  tmux -S "$SOCKET" -f /dev/null new-session -d -x 120 -y 40 \
    "'$TREE/scripts/demo' one; echo \$? >'$BATS_TEST_TMPDIR/status'; cat" 3>&-
  # shellcheck disable=SC2034,SC2154 # it ends with the test, as helper's jobs do
  JOB[tmux]=$(tmux -S "$SOCKET" display-message -p '#{pid}')
}

has_panes() { (($(tmux -S "$SOCKET" list-panes | wc -l) == $1)); }

pane_has() { # PANE LINE
  tmux -S "$SOCKET" capture-pane -p -t "%$1" | grep -qxF -- "$2"
}

pane_shows() { # PANE TEXT
  tmux -S "$SOCKET" capture-pane -p -t "%$1" | grep -qF -- "$2"
}

tmux_press() { tmux -S "$SOCKET" send-keys -t %0 "$@"; }

@test "in tmux each terminal is a pane, until ENTER ends the block" {
  handout <<'EOF'
```console
1$ echo one; cat
1| one
2$ echo two
2| two
1< ^D
```
```console
$ touch first
$ touch second
```
EOF
  tmux_start
  wait_until pane_has 1 '$ echo one; cat'
  has_panes 3
  tmux_press Enter
  wait_until pane_has 1 one
  wait_until pane_has 2 '$ echo two'
  tmux_press Enter
  wait_until pane_has 2 two
  wait_until pane_has 1 '< ^D'
  tmux_press Enter
  wait_until pane_has 0 'ENTER closes these terminals'
  tmux_press Enter
  wait_until pane_has 0 '$ touch first'
  has_panes 1
  tmux_press Enter
  wait_until pane_has 0 '$ touch second'
  has_panes 1
  tmux_press q
  wait_until grep -qx 0 "$BATS_TEST_TMPDIR/status"
  [[ -e $TREE/labs/one/first && ! -e $TREE/labs/one/second ]]
}

@test "in tmux q removes the panes, and leaves nothing running" {
  transcript <<<$'1$ echo $$ >shell; cat\n2$ echo two\n2| two\n1< ^D'
  tmux_start
  wait_until pane_has 1 '$ echo $$ >shell; cat'
  tmux_press Enter
  wait_until pane_has 2 '$ echo two'
  wait_until test -s "$TREE/labs/one/shell"
  tmux_press q
  wait_until grep -qx 0 "$BATS_TEST_TMPDIR/status"
  wait_until has_panes 1
  wait_until test ! -e "/proc/$(<"$TREE/labs/one/shell")"
}

@test "in tmux a demo ends with its session, or its pane" {
  holds_object
  start_command waits sleep 1000 # wait_until needs something that runs
  local command
  for command in kill-session 'kill-pane -t %0'; do
    tmux_start
    wait_until pane_shows 1 '$ touch'
    tmux_press Enter
    wait_until test -e "/dev/shm/$WORD"
    # shellcheck disable=SC2086
    tmux -S "$SOCKET" $command
    nothing_remains
    tmux -S "$SOCKET" kill-server 2>/dev/null || :
    wait_until server_has_ended
  done
}

server_has_ended() { ! tmux -S "$SOCKET" list-sessions &>/dev/null; }
