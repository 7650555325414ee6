#!/usr/bin/env bats
# scripts/grade: every submission gets the score that it is worth, and a reason.

bats_require_minimum_version 1.5.0
load tiny

setup() {
  make_tree
  make_submission it
  cd "$BATS_TEST_TMPDIR" || return
}

grade() { "$TREE/scripts/grade" "$@" 3>&-; }

# In the JSON, each test is one line.
outcome_of() { # TITLE: of a test in the file json
  grep -F "\"name\":\"$1" json | sed 's/.*"outcome":"\([a-z]*\)".*/\1/'
}

score() { sed -n 's/.*"score":\([0-9]*\),"max":\([0-9]*\).*/\1 of \2/p' json; }

grade_to_json() { # [OPTION...]: writes the file json
  grade --format json --output json "$@" tiny "$SUBMISSION"
}

put() { cat >"$SUBMISSION/$1.c"; } # NAME: submit the source on stdin

# A teacher's own test, next to ours; its body is on stdin.
add_test() { # TAGS TITLE
  { echo 'load helper'
    echo "# bats test_tags=$1"
    echo "@test \"$2\" {"
    cat
    echo '}'; } >"$TREE/tests/tiny.mine.bats"
}

### Wrong calls

@test "wrong arguments are a usage error" {
  for line in '' tiny 'tiny a b' '--format xml tiny it' '--seed x tiny it' \
    '--sandbox vm tiny it' '--format' '-x tiny it'; do
    # shellcheck disable=SC2086
    run -2 --separate-stderr grade $line
    [[ $stderr == usage:* && -z $output ]]
  done
}

@test "a submission that cannot be graded: exit status 3, a message, and no score" {
  echo no archive >bad.tar.gz
  echo no archive >bad.zip
  mkfifo fifo.tar.gz
  for line in 'no-lab it' 'tiny no-submission' 'tiny bad.tar.gz' 'tiny bad.zip' \
    'tiny fifo.tar.gz' 'tiny json'; do
    # shellcheck disable=SC2086
    run -3 --separate-stderr grade --format json --output json $line
    [[ -n $stderr && -z $output && ! -e json ]]
  done
}

@test "a grader that is ended reports it, and leaves no score and nothing running" {
  cat >"$SUBMISSION/say.c" <<<'int main(void) { for (;;); }'
  export TMPDIR=$BATS_TEST_TMPDIR/tmp
  mkdir "$TMPDIR"
  "$TREE/scripts/grade" --format json --output json tiny "$SUBMISSION" 2>err 3>&- &
  local pid=$!
  mkfifo nothing
  # The program runs once there is a file for its output.
  until compgen -G "$TMPDIR/ipc-grade.*/tmp/bats-run-*/test/1/out" >/dev/null; do
    read -rt 0.05 <>nothing || :
  done
  kill -TERM "$pid"
  status=0
  wait "$pid" || status=$?
  ((status == 3))
  grep -q 'grade: ended by a signal' err
  [[ ! -e json && -z $(ls "$TMPDIR") ]]
}

### What is submitted

@test "folders and archives are equal, with files at the top or in labs/LAB" {
  grade_to_json
  mv json expected
  [[ $(sed -n 's/.*"score":\([0-9]*\),.*/\1/p' expected) == 6 ]]
  mkdir -p whole/labs/tiny
  mv it/*.c whole/labs/tiny
  tar -czf whole.tar.gz whole
  tar -C whole -czf labs.tgz labs
  tar -C whole/labs/tiny -czf top.tar.gz .
  archives=(whole.tar.gz labs.tgz top.tar.gz)
  if command -v zip unzip >/dev/null; then
    zip -qr whole.zip whole
    archives+=(whole.zip)
  fi
  for SUBMISSION in whole "${archives[@]}"; do
    grade_to_json
    diff <(sed 's/"submission":"[^"]*"//' expected) \
      <(sed 's/"submission":"[^"]*"//' json)
  done
}

unpack() { # SUBMISSION: what is taken is in the folder taken
  rm -rf taken
  mkdir taken
  "$TREE/scripts/lib/grade/unpack" tiny "$1" taken
}

# In a folder, and in each kind of archive: both exercises are taken.
is_found() { # FOLDER
  local submission
  rm -f it.tar.gz it.zip
  tar -czf it.tar.gz "$1"
  ! command -v zip unzip >/dev/null || zip -qr it.zip "$1"
  for submission in "$1" it.tar.gz it.zip; do
    [[ -e $submission ]] || continue
    unpack "$submission"
    for name in hear say; do cmp "taken/$name.c" "$TREE/labs/tiny/$name.c"; done
  done
}

@test "sources that are packed too deep are found, whatever the folders are called" {
  mkdir -p 'packed/Müller \[1]*'
  mv it 'packed/Müller \[1]*/tiny'
  is_found packed
  mkdir -p packed/a/b/c
  mv packed/M*/tiny packed/a/b/c
  is_found packed/a
  mv packed/a/b/c/tiny packed/a/b/c/final
  is_found packed/a
}

@test "of several sources, the least deep one is taken, and none of another lab" {
  mkdir -p "$TREE/labs/other" it/{old,.hidden,z}
  mv it/*.c it/z
  mkdir it/z/{other,deep}
  touch it/.hidden/{say,hear}.c it/z/{other,deep}/{say,hear}.c
  is_found it
  mkdir it/other
  touch it/other/{say,hear}.c
  is_found it
  # In labs/LAB, or in LAB, it is rather the one.
  mkdir -p it/{y,labs}
  touch it/y/{say,hear}.c
  mv it/z it/tiny
  is_found it
  mv it/tiny it/labs
  is_found it
}

@test "two sources, either of which might be the right one: not graded, but named" {
  mkdir it/{new,old}
  cp it/say.c it/new
  mv it/say.c it/old
  for submission in it it.tar.gz; do
    tar -czf it.tar.gz it
    run -3 --separate-stderr grade tiny "$submission"
    [[ -z $output && $stderr =~ which\ is\ to\ be\ graded:.*(new|old)/say.c\ and\ .*(new|old)/say.c ]]
  done
}

@test "a folder with an archive in it, as some systems hand them out" {
  mkdir it_42_file
  tar -czf it_42_file/it.tar.gz it
  unpack it_42_file
  cmp taken/say.c it/say.c
  cp it_42_file/{it,it-2}.tar.gz
  run -3 unpack it_42_file
}

@test "a submission without any exercise is not graded; what was looked for is named" {
  mv it/say.c it/Say.c
  rm it/hear.c
  tar -czf it.tar.gz it
  mkdir it/say.c
  for submission in it it.tar.gz; do
    run -3 --separate-stderr grade --format json --output json tiny "$submission"
    [[ $stderr == *"no tiny exercise in $submission: looked for "*say.c* ]]
    [[ -z $output && ! -e json ]]
  done
}

@test "a missing program costs its own points, and is named" {
  rm it/say.c
  grade_to_json
  [[ $(score) == '2 of 6' ]]
  (($(grep -c '"build":"missing"' json) == 1))
}

@test "an unchanged starter counts as not started, and no test runs it" {
  "$TREE/scripts/lib/handout/cut" "$TREE/labs/tiny/say.c" | put say
  grade_to_json
  [[ $(score) == '2 of 6' ]]
  grep -q '"name":"say","build":"ok","messages":"not started"' json
}

@test "a program that does not compile: its messages are reported; it costs no other" {
  put say <<<'int main(void) { return "'
  grade_to_json
  [[ $(score) == '2 of 6' ]]
  grep '"name":"say","build":"failed"' json | grep -q 'missing terminating'
  [[ $(outcome_of say: | sort -u) == error && $(outcome_of hear:) == pass ]]
}

@test "only the exercises are taken, and no headers" {
  echo '#error mine' | tee "$SUBMISSION/err.h" "$SUBMISSION/io.h" \
    "$SUBMISSION/Makefile" >/dev/null
  grade_to_json
  [[ $(score) == '6 of 6' ]]
}

### How a test ends

@test "outcomes: fail, timeout, crash, leak" {
  put say <<<'int main(void) { return 0; }'
  grade_to_json
  [[ $(outcome_of say: | sort -u) == fail ]]
  put say <<<'#include <unistd.h>
int main(void) { for (;;) sleep(1); }'
  LIMIT=1 grade_to_json
  [[ $(outcome_of say: | sort -u) == timeout ]]
  put say <<<'#include <stdlib.h>
int main(void) { abort(); }'
  grade_to_json
  [[ $(outcome_of say: | sort -u) == crash ]]
  put say <<<'#include <stdio.h>
#include <unistd.h>
int main(int argc, char *argv[])
{ if (argc && fork() == 0) for (;;) pause(); printf("%s", argv[1]); }'
  grade_to_json
  [[ $(outcome_of 'say: prints') == leak ]]
}

@test "a wait for something that does not happen is a time-out, and not repeated" {
  add_test hear,points:1 'hear: waits' <<'END'
  mkdir "${OUTCOME%/*}/seen" 2>/dev/null || return 0
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  start it hear <"$BATS_TEST_TMPDIR/in"
  LIMIT=1 wait_until has_line it nothing
END
  grade_to_json
  [[ $(outcome_of 'hear: waits') == timeout ]]
}

@test "a test that fails once and then passes is a race, which gets no points" {
  add_test say,points:2 'say: another time' <<'END'
  mkdir "${OUTCOME%/*}/seen" 2>/dev/null && flunk 'another time' 'the first'
  run_program say x
  ends_well
END
  grade_to_json
  [[ $(outcome_of 'say: another time') == race && $(score) == '6 of 8' ]]
  grep -qF '"feedback":"passed 2 of 3\n' json
}

@test "all tests together have a limit: the tests that remain are not run" {
  add_test say,points:1 'say: takes too long' <<<'  read -rt 60 <>"$NOTHING" || :'
  { echo '# bats test_tags=say,points:1'
    echo '@test "say: not run" {'
    echo '  flunk this that'
    echo '}'; } >>"$TREE/tests/tiny.mine.bats"
  TOTAL=5 grade_to_json
  [[ $(outcome_of 'say: takes too long') == timeout ]]
  [[ $(outcome_of 'say: not run') == timeout ]]
  grep -F '"name":"say: not run"' json | grep -q 'not run: all tests together took'
}

@test "a skipped test does not count" {
  add_test say,points:2 'say: skipped' <<<'  skip "not here"'
  grade_to_json
  [[ $(outcome_of 'say: skipped') == skipped && $(score) == '6 of 6' ]]
}

@test "feedback: the command as in the lab, expected, got, step, man page, seed" {
  put say <<<'#include <stdio.h>
int main(void)
{ puts("guess"); for (int i = 0; i < 200000; i++) putchar(120); }'
  grade --seed 7 --output text tiny "$SUBMISSION"
  grep -qE '\| ran: +labs/tiny/say [a-z]+' text
  grep -qE '\| expected: +stdout: [a-z]+$' text
  grep -qE '\| got: +stdout: guess\\nx+\.\.\.$' text
  ! grep -E '.{230}' text || false
  grep -qE '\| .*step 1.*' text
  grep -qF 'write(2)' text
  grep -qE '\| again: +make check TEST='"'say: .*' SEED=7$" text
  ! grep -F ipc-grade text || false
}

### What tests may know

@test "the same submission gets the same seed again, any other another" {
  put say <<<'int main(void) { return 0; }'
  grade_to_json
  cp json first
  grade_to_json
  cmp json first
  mv it another
  SUBMISSION=another
  grade_to_json
  diff <(sed 's/"submission":"[^"]*"//' first) \
    <(sed 's/"submission":"[^"]*"//' json)
  put say <<<'int main(void) { return  0; }'
  grade_to_json
  [[ $(grep -o '"seed":[0-9]*' json) != $(grep -o '"seed":[0-9]*' first) ]]
  ! diff -q <(grep -o 'expected:[^n]*' json) <(grep -o 'expected:[^n]*' first)
}

@test "the other half is ours: a wrong say does not cost hear any points" {
  put say <<<'int main(void) { return 0; }'
  grade_to_json
  [[ $(outcome_of hear:) == pass && $(score) == '2 of 6' ]]
}

@test "a teacher's hidden test counts, and a student sees only its title" {
  add_test say,hidden,points:4 'say: an exam question' <<'END'
  run_program say x
  stdout_is secret
END
  grade --output text tiny "$SUBMISSION"
  grep -q '6 of 10 points' text
  grep -q 'an exam question' text
  ! grep secret text || false
}

### The sandbox

modes() { # the sandboxes that may work here
  ! command -v bwrap >/dev/null || echo bwrap
  ((EUID)) || echo unshare
  ((EUID)) || echo uid
}

@test "in every sandbox, the reference gets all points" {
  [[ -n $(modes) ]] || skip 'neither bubblewrap nor root'
  for mode in $(modes); do
    grade_to_json --sandbox "$mode"
    [[ $(score) == '6 of 6' ]]
    grep -q "\"sandbox\":\"$mode\"" json
  done
}

@test "in every sandbox, each path may contain spaces" {
  [[ -n $(modes) ]] || skip 'neither bubblewrap nor root'
  chmod a+x "$BATS_RUN_TMPDIR" # for the users of the sandbox
  mkdir 't m p'
  export TMPDIR="$PWD/t m p"
  mv "$TREE" 'a tree'
  mv "$SUBMISSION" 'a submission'
  TREE="$PWD/a tree" SUBMISSION="$PWD/a submission"
  for mode in $(modes); do
    grade_to_json --sandbox "$mode"
    [[ $(score) == '6 of 6' ]]
  done
}

@test "the inner room has its own pids, loopback and objects, and none of our files" {
  command -v bwrap >/dev/null || ((EUID == 0)) || skip 'neither bubblewrap nor root'
  ls /dev/shm >before
  for mode in $(modes | grep -vx uid); do
    # shellcheck disable=SC2016
    run -0 "$TREE/scripts/lib/grade/sandbox/run" "$mode" "$PWD/box" -- bash -c '
      "$SANDBOX" bash -c "
        echo pids: /proc/[0-9]*
        echo networks: \$(tail -n +3 /proc/net/dev | cut -d: -f1)
        echo capabilities: \$(sed -n \"s/^CapEff:.//p\" /proc/self/status)
        >/dev/shm/inside
        ls $1 /root /home
        echo x >/usr/x
      " 2>&1
      ls /dev/shm' bash "$TREE"
    echo "$output"
    (($(grep '^pids:' <<<"$output" | wc -w) <= 4))
    grep -qx 'networks: lo' <<<"$output"
    grep -qx 'capabilities: 0*' <<<"$output"
    grep -q "cannot access '$TREE'" <<<"$output"
    grep -q '/usr/x: Read-only' <<<"$output"
    # The outer room sees what the program has created; the machine does not.
    grep -qx inside <<<"$output"
    [[ ! -e /dev/shm/inside ]]
  done
}

@test "nothing is graded without a sandbox, unless --unsafe is given" {
  ((EUID)) || skip 'root always has one'
  PATH=$(dirname "$(command -v bash)") run -3 grade tiny "$SUBMISSION"
}

### Trust

# The tiny lab with a mutant and a variant.
make_trust() { # LOSS
  mkdir -p "$TREE"/tests/{mutants,variants/one}/tiny "$TREE/tests/variants/tiny/one"
  cp "$TREE"/labs/tiny/*.c "$TREE/tests/variants/tiny/one"
  sed 's/write_all(STDOUT_FILENO, argv\[1\], strlen(argv\[1\])) == -1/write_all(1, argv[1], strlen(argv[1])) == 1/' \
    "$TREE/labs/tiny/say.c" >changed.c
  { echo 'It takes success for an error.'
    echo 'Fails: say: a full output is an error'
    echo "Loses: $1"
    diff -u --label labs/tiny/say.c --label labs/tiny/say.c \
      "$TREE/labs/tiny/say.c" changed.c || :; } \
    >"$TREE/tests/mutants/tiny/unchecked.patch"
}

@test "trust: the score of each submission whose worth is known, and if it is right" {
  make_trust 1
  run -0 "$TREE/scripts/trust" -r 2 tiny
  [[ ${lines[-1]} == '10 right, 0 wrong' ]]
  for line in 'reference-1 +6 of 6 +6 +right' 'variant-one +6 of 6 +6 +right' \
    'without-say-1 +0 of 4 +less +right' 'starter-hear +0 of 2 +0 +right' \
    'mutant-unchecked +3 of 4 +3 +right'; do
    grep -qE "^tiny +$line" <<<"$output"
  done
}

@test "trust: a mutant that loses other points than it must is wrong" {
  make_trust 2
  run -1 "$TREE/scripts/trust" -q tiny
  grep -qE '^tiny +mutant-unchecked +3 of 4 +2 +WRONG' <<<"$output"
  [[ ${lines[-1]} == '1 right, 1 wrong' ]]
}
