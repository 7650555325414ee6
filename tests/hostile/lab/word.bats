#!/usr/bin/env bats
# A small lab for hostile submissions: one test for each way in which a program
# and its test exchange data.

load helper

# bats test_tags=reverse,step:1
@test "reverse: an argument goes in, and comes out backwards" {
  random_word
  run_program reverse "$word"
  stdout_is "$(rev <<<"$word")"$'\n'
  ends_well
}

# bats test_tags=copy,step:1
@test "copy: a file comes in at stdin" {
  random_file 100000 "$BATS_TEST_TMPDIR/data"
  run_program copy <"$BATS_TEST_TMPDIR/data"
  stdout_is_file "$BATS_TEST_TMPDIR/data"
  ends_well
}

# bats test_tags=keep,step:1
@test "keep: a file is left where the test looks for it" {
  random_file 100000 "$BATS_TEST_TMPDIR/data"
  run_program keep "$PLACE/kept" <"$BATS_TEST_TMPDIR/data"
  ends_well
  cmp "$BATS_TEST_TMPDIR/data" "$PLACE/kept" || flunk 'the data' 'other data'
  rm "$PLACE/kept"
}

# bats test_tags=listen,step:1
@test "listen: the other half is ours, and is killed by its pid" {
  random_word
  start it listen "$PLACE/fifo"
  wait_until test -p "$PLACE/fifo"
  start_peer other tell "$PLACE/fifo" "$word"
  wait_until has_line it "$word"
  kill -KILL "$(pid_of other)"
  end_of it
  stdout_is "$word"$'\n'
  ends_well
  rm -f "$PLACE/fifo.$(own_pid_of it)"
}
