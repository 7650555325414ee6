#!/usr/bin/env bats
# make check and make submit, in a student's copy.

bats_require_minimum_version 1.5.0

setup_file() {
  ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  export ROOT LIMIT=20
  unset LAB PROGRAM STEP TEST SEED VERBOSE
  "$ROOT/scripts/handout" "$BATS_FILE_TMPDIR" pipe fifo
  make -s -C "$BATS_FILE_TMPDIR/ipc-labs" -j 2 all build/labrun >/dev/null 2>&1
}

setup() {
  tree="$BATS_TEST_TMPDIR/a tree"
  cp -a "$BATS_FILE_TMPDIR/ipc-labs" "$tree"
}

# Put the code of these steps, or of all steps, into a program.
solve() { # LAB NAME [STEP...]
  local file=labs/$1/$2.c step open=()
  for step in $("$ROOT/scripts/lib/check/steps" "$ROOT/$file" | cut -f 1); do
    [[ $# == 2 || " ${*:3} " == *" $step "* ]] || open+=(-s "$step")
  done
  if ((${#open[@]} == 0)); then cat "$ROOT/$file"; else
    "$ROOT/scripts/lib/handout/cut" "${open[@]}" "$ROOT/$file"
  fi | sed 's|/\* STEP |/* TODO |' >"$tree/$file"
}

# Replace a word in a program.
spoil() { # FILE OLD NEW
  grep -qF -- "$2" "$tree/$1"
  sed -i "s/$2/$3/" "$tree/$1"
}

# The points of a program, or of all programs, by the tags of the tests.
worth() { # LAB [PROGRAM]
  "$ROOT/scripts/lib/tags" "$1" | awk -F '\t' -v program="${2-}" '
    program == "" || $4 == program { sum += $6 } END { print sum }'
}

line() { # PROGRAM GOT WHAT [LAB]: of the table
  printf '%-18s %2d of %2d points%s\n' "$1" "$2" "$(worth "${4:-pipe}" "$1")" \
    "${3:+  $3}"
}

check() { # LAB [VARIABLE=VALUE...]
  run make -s -C "$tree/labs/$1" check "${@:2}"
}

has() { # TEXT...
  local text
  for text; do [[ $output == *"$text"* ]] || { echo "no: $text"; echo "$output"; return 1; }; done
}

has_not() { # TEXT
  [[ $output != *"$1"* ]] || { echo "has: $1"; echo "$output"; return 1; }
}

@test "an exercise that has not been begun is one line, and nothing is run" {
  touch "$tree/labs/pipe/pipeline.c" # for the warnings about unused variables
  check pipe
  ((status != 0))
  [[ ${lines[0]} == "$(line parent_child 0 'not started')" ]]
  has "$(line capacity 0 'not started')" "0 of $(worth pipe) points" \
    'No exercise has been begun'
  has_not failed
  has_not warning
  ((${#lines[@]} <= 8))
}

@test "a copy with the solutions in it gets all points, and passes the rest" {
  for name in parent_child child_parent pipeline capacity; do solve pipe "$name"; done
  check pipe
  ((status == 0))
  local all
  all=$(worth pipe)
  has "$(line parent_child "$(worth pipe parent_child)" 'done')" \
    "$all of $all points" 'tests without points: 5 passed, 0 failed'
  has_not 'not done'
  has_not warning
  # The steps are shown if one asks for them.
  check pipe PROGRAM=capacity
  ((status == 0))
  all=$(worth pipe capacity)
  has "$all of $all points" '   5   1/1   done      '
}

@test "half done: it shows what is done, what is next, and the first failure" {
  LIMIT=3 # some programs wait in vain
  solve pipe parent_child 1 2 4 5 6 7
  check pipe
  ((status != 0))
  has "$(line parent_child 4)" \
    '   1   1/1   done      create the pipe before the fork' \
    '   2   0/1   not yet   fork.' \
    '   3   0/1   next      the child only reads.' \
    '   4   1/2   not yet   ' \
    "$(line capacity 0 'not started')" \
    "4 of $(worth pipe) points" \
    'The first that failed: parent_child, step 2, 1 point:' \
    'ran:      ./parent_child ' 'expected: exit status 0' \
    'waits in read() on a pipe' \
    'step 2 of parent_child: fork. From here on, two processes run this code.' \
    'see pipe(2), pipe(7)' 'Step 3 is not done yet: that may be why.' \
    'more tests failed'
  [[ $(grep -c 'expected:' <<<"$output") == 1 ]]
  # Only the words of the compiler or of a program may be wider than 80 columns.
  ! grep -vE '^  (ran|stderr|again):|^make' <<<"$output" | grep -E '.{81}' || return 1
  check pipe VERBOSE=1
  (($(grep -c 'expected:' <<<"$output") >= 4))
}

@test "a failure is shown with the step that the mistake is in" {
  solve pipe parent_child
  spoil labs/pipe/parent_child.c 'write_all(STDOUT_FILENO, buffer, count)' \
    'write_all(STDOUT_FILENO, "x", 1)'
  check pipe STEP=4 PROGRAM=parent_child
  ((status != 0))
  has '   4   1/2   next      copy the pipe to standard output' \
    'parent_child: the child prints the message and nothing else' \
    'got:      stdout: x' 'byte 1: expected ' "got 78 ('x')" \
    'step 4 of parent_child: copy the pipe to'
  has_not child_parent
}

@test "a failure shows the command as it can be typed, and what was waited for" {
  solve pipe parent_child
  spoil labs/pipe/parent_child.c 'if (write_all(STDOUT_FILENO, buffer, count) == -1)' \
    'if (write_all(STDOUT_FILENO, buffer, count) == -2)'
  check pipe PROGRAM=parent_child STEP=4
  has 'ran:      ./parent_child hello >/dev/full'
  solve pipe parent_child 1
  check pipe PROGRAM=parent_child STEP=2
  has 'expected: soon, child processes of '
}

@test "STEP and PROGRAM select tests; if there are none, that is a usage error" {
  solve pipe parent_child
  check pipe STEP=3 PROGRAM=parent_child
  ((status == 0))
  has '1 of 1 points' '   3   1/1   done'
  has_not '   2   '
  has_not 'without points'
  check pipe STEP=8 PROGRAM=parent_child
  ((status != 0))
  has 'check: pipe has no tests for PROGRAM=parent_child STEP=8'
  run "$tree/scripts/check" no-such-lab
  ((status == 2))
  run "$tree/scripts/check"
  ((status == 2))
}

@test "a program that does not compile is shown, and does not stop the others" {
  solve pipe parent_child
  solve pipe capacity
  check pipe PROGRAM=capacity
  ((status == 0))
  spoil labs/pipe/parent_child.c 'int status = 0' 'int status = 0 || 0 \&\& 1'
  spoil labs/pipe/capacity.c 'int main' 'oops main'
  check pipe
  has 'capacity does not compile:' oops 'parent_child.c:' warning: \
    "$(line capacity 0 'does not compile')" \
    "$(line parent_child "$(worth pipe parent_child)" 'done')"
  check pipe PROGRAM=capacity
  has_not 'has been begun'
  # A binary of an earlier source is not tested either, and does not remain.
  [[ ! -e $tree/labs/pipe/capacity ]]
}

@test "the two halves of a pair are tested with each other, and it says so" {
  solve fifo writer
  LIMIT=3 check fifo
  has 'Here your programs are tested with each other' "$(line reader 0 '' fifo)" \
    'It also runs your reader: not started.'
  solve fifo reader
  check fifo PROGRAM=reader
  ((status == 0))
  local all
  all=$(worth fifo reader)
  has "$all of $all points"
  spoil labs/fifo/reader.c 'write_all(STDOUT_FILENO' 'write_all(STDERR_FILENO'
  check fifo PROGRAM=writer
  ((status != 0))
  # The reader may be to blame, but these are the writer's points.
  has "of $(worth fifo writer) points"
}

# A lab whose tests end in every way.
many_outcomes() {
  sed 's/^|//' >"$tree/tests/pipe.bats" <<'END'
|load helper
|# bats test_tags=parent_child,step:1
|@test "one (1+1)* is [good]" { true; }
|# bats test_tags=parent_child,step:2,points:3
|@test "two" { skip 'no such device here'; }
|# bats test_tags=parent_child,step:3
|@test "three" {
|  test "$PROGRAMS" = nowhere
|}
|# bats test_tags=parent_child,step:10
|@test "ten" { true; }
|@test "parent_child with a word of its own" { flunk 'a good end' 'a bad one'; }
END
  rm -f "$tree"/labs/pipe/{child_parent,pipeline,capacity}.c
  solve pipe parent_child
}

@test "it shows skipped tests, and a failure that has no message of ours" {
  many_outcomes
  sed -i "s|TODO 3: |&$(printf 'very %.0s' {1..12})|" "$tree/labs/pipe/parent_child.c"
  check pipe
  has 'parent_child        2 of  6 points' '1 skipped: no such device here' \
    '   2   0/3   skipped' '   3   0/1   next ' '  10   1/1   done' 'step 3, 1 point' \
    'expected: three' 'step 3 of parent_child: very very' '2 of 6 points'
  has_not 'a bad one'
  has_not '$PROGRAMS' # the shell code of the test
  has_not 'in test file'
  has_not 'without points' # not before all points have been earned
  grep -qE '^   3 .{72}\.\.\.$' <<<"$output"
  check pipe VERBOSE=1
  has "\`test \"\$PROGRAMS\" = nowhere' failed"
}

# The parts of a failure that say what the program did.
failing_tests() {
  many_outcomes
  sed 's/^|//' >"$tree/tests/pipe.bats" <<'END'
|load helper
|# bats test_tags=parent_child,step:1
|@test "long" {
|  run_command head -c 131072 /dev/zero
|  stdout_is_file <(head -c 61441 /dev/zero; echo ABC)
|}
|# bats test_tags=parent_child,step:2
|@test "short" {
|  run_command printf '%s\n' one two
|  stdout_is $'one\ntwo\nthree\n'
|}
|# bats test_tags=parent_child,step:3
|@test "crash" {
|  run_command sh -c 'kill -BUS $$'
|  touch "$PLACE/left" # by the program, say: not a failure of its own
|  status_is 0
|}
|# bats test_tags=parent_child,step:4
|@test "slow" {
|  LIMIT=1 run_command sleep 20
|  status_is 143
|}
|# bats test_tags=parent_child,step:5
|@test "job" {
|  start_command it sh -c 'kill -SEGV $$'
|  wait_until waits_in "$(pid_of it)" '(readv?|poll|select6?)'
|}
|# bats test_tags=parent_child,step:6
|@test "waits" {
|  start_command it sleep 20
|  LIMIT=1
|  wait_until waits_in "$(pid_of it)" '(readv?|poll|select6?)'
|}
|# bats test_tags=parent_child,step:7
|@test "it's one of many" {
|  [[ $TEST || $SEED == 4711 ]]
|  kill "$BASHPID$BASHPID"
|}
|@test "left" { touch "$PLACE/left"; }
END
}

@test "a failure says where bytes differ, how a program died, what it waits for" {
  failing_tests
  check pipe VERBOSE=1
  has "byte 61442: expected 41 ('A'), got 00 ('\\0')" \
    'expected: stdout: one\ntwo\nthree\n' 'got:      stdout: one\ntwo\n' \
    "byte 9: expected 74 ('t'), got end of file" \
    'got:      killed by SIGBUS (exit status 135)' \
    'expected: killed by SIGTERM (exit status 143)' \
    'got:      did not end within 1 s' \
    'ended:    sh: killed by SIGSEGV (exit status 139)' \
    'waits in read(), poll() or select()' 'ran:      sleep 20 &' \
    'waits in clock_nanosleep()'
  [[ $(grep -c 'expected: ' <<<"$output") == "$(grep -c '  again: ' <<<"$output")" ]]
  # No line is long, and what an aborted test leaves is not a second failure.
  ! grep -E '.{221}' <<<"$output" || return 1
  has_not 'nothing is left behind'
}

@test "TEST and SEED run one test again, as the last line of a failure says" {
  failing_tests
  check pipe TEST='of many' SEED=4711
  ((status != 0))
  has '0 of 1 points' "expected: it's one of many"
  has_not 'No such process'
  local again
  again=$(grep -ve '^$' -e '^make.*: ' <<<"$output" | tail -n 1)
  [[ $again == "  again:    make check TEST='it'\\''s one of many' SEED=4711" ]]
  run bash -c "cd \"\$1\" && ${again#*: }" bash "$tree/labs/pipe"
  has '0 of 1 points' "$again"
  # A test without points, too.
  check pipe TEST=left
  ((status != 0))
  has 'tests without points: 0 passed, 1 failed' 'expected: nothing is left behind' \
    "again:    make check TEST='left' SEED="
  has_not 'of 0 points'
  check pipe TEST='no such title'
  ((status != 0))
  has 'check: pipe has no tests for PROGRAM= STEP= TEST=no such title'
}

@test "a step that is missing, and the other half, are named if not selected, too" {
  LIMIT=3
  solve pipe parent_child 1 2 4 5 6 7
  check pipe PROGRAM=parent_child STEP=2
  has 'Step 3 is not done yet: that may be why.'
  solve fifo writer
  solve fifo reader 1 2
  check fifo PROGRAM=writer
  has 'It also runs your reader, which this run has not tested.'
}

@test "the compiler's warnings about an exercise are shown each time" {
  solve pipe capacity 1
  sed -i 's/^int main.*/static int odd(int n) { if (n = 1) return 1; return 0; }\n&/' \
    "$tree/labs/pipe/capacity.c"
  for _ in 1 2; do
    check pipe PROGRAM=capacity
    has 'capacity.c:' 'warning: ' '-Wparentheses'
    has_not Wunused
  done
  check pipe PROGRAM=parent_child
  has_not warning
}

@test "tests without points are run once all points are earned, and cost none" {
  many_outcomes
  sed -i '/step:[23]/,/}/d' "$tree/tests/pipe.bats"
  check pipe
  ((status == 0))
  has '2 of 2 points' 'tests without points: 0 passed, 1 failed' \
    'The first that failed: no points:' 'got:      a bad one'
}

@test "tests that did not run to their end have failed" {
  many_outcomes
  sed -i 's/{ true; }/{ kill -KILL $PPID $$; }/' "$tree/tests/pipe.bats"
  check pipe
  ((status != 0))
  has '0 of 6 points' 'The first that failed: parent_child, step 1'
}

@test "a starter that differs only in spaces counts as begun" {
  sed -i 's/$/ /' "$tree/labs/pipe/parent_child.c"
  run "$tree/scripts/lib/check/exercises" pipe
  [[ ${lines[0]} == $'parent_child\tbegun' && ${lines[1]} == $'child_parent\tuntouched' ]]
  solve pipe parent_child
  rm "$tree/labs/pipe/capacity.c" "$tree/tests/starters"
  run "$tree/scripts/lib/check/exercises" pipe
  [[ $output == $'parent_child\tfilled\nchild_parent\tuntouched\npipeline\tuntouched\ncapacity\tmissing' ]]
}

@test "steps: prints the text of a comment on several lines, and if there is code" {
  printf '%s\n' '    /* TODO 1: one' '     * and   more. */' '    code();' '' \
    '    /* TODO 2: two. */' '' '    other();' '    /* STEP 10: ten. */' '}' \
    >"$BATS_TEST_TMPDIR/x.c"
  run "$tree/scripts/lib/check/steps" "$BATS_TEST_TMPDIR/x.c"
  [[ $output == $'1\tcode\tone and   more.\n2\tempty\ttwo.\n10\tempty\tten.' ]]
}

@test "submit: packs the exercises and nothing else, and lists them" {
  solve pipe parent_child
  solve pipe pipeline 1
  echo 'int main(void) { }' >"$tree/labs/pipe/mine.c"
  rm "$tree/labs/pipe/capacity.c"
  USER='../a b' run make -s -C "$tree/labs/pipe" submit STEP=1
  ((status == 0))
  has "$(($(worth pipe parent_child) + 1)) of $(worth pipe) points" 'pipe-_._a_b.tar.gz contains' '  labs/pipe/parent_child.c' \
    '  labs/pipe/child_parent.c (not started)' \
    '  labs/pipe/capacity.c is missing: not packed' 'You have not earned all points yet'
  [[ $(tar -tzf "$tree/pipe-_._a_b.tar.gz" | sort) == \
    'labs/pipe/child_parent.c
labs/pipe/parent_child.c
labs/pipe/pipeline.c' ]]
  mkdir "$BATS_TEST_TMPDIR/unpacked"
  tar -C "$BATS_TEST_TMPDIR/unpacked" -xzf "$tree/pipe-_._a_b.tar.gz"
  diff -r "$BATS_TEST_TMPDIR/unpacked/labs/pipe" "$tree/labs/pipe" |
    grep -v '^Only in .*/a tree/' && return 1
  run "$tree/scripts/submit" no-such-lab
  ((status == 2))
}
