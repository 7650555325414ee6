#!/usr/bin/env bats
# A lab of two programs, for the tests of the grader: see tests/suite/tiny.bash.

load helper

# bats test_tags=say,step:1,points:3
@test "say: prints its argument" {
  random_word
  run_program say "$word"
  ends_well
  stdout_is "$word"
}

# bats test_tags=say,step:1
@test "say: a full output is an error" {
  STDOUT=/dev/full run_program say "hello"
  fails_with 'write to stdout' ENOSPC
}

# bats test_tags=hear,step:1,points:2
@test "hear: prints what say sends" {
  mkfifo "$BATS_TEST_TMPDIR/in"
  exec 8<>"$BATS_TEST_TMPDIR/in"
  random_word
  start it hear <"$BATS_TEST_TMPDIR/in"
  run_command "$PEER/say" "$word"
  cat "$OUT" >&8
  wait_until has_line it "$word"
  exec 8>&-
  end_of it
  ends_well
}
