# tiny.bash - make a tree that has only the tiny lab
#
# shellcheck shell=bash

# Each script works on the tree that its path leads to.
make_tree() { # sets TREE; the lab is called tiny
  local ours
  ours=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  TREE=$BATS_TEST_TMPDIR/tree
  mkdir -p "$TREE/labs/tiny" "$TREE/tests"
  ln -s "$ours"/{common,scripts,build} "$TREE"
  ln -s "$ours/tests/"{helper{,.bash},labrun} "$TREE/tests"
  cp "$ours/tests/suite/tiny/"*.c "$TREE/labs/tiny"
  cp "$ours/tests/suite/tiny/tiny.bats" "$TREE/tests"
  echo 'include ../../common/lab.mk' >"$TREE/labs/tiny/Makefile"
  sed 's/^LABS := .*/LABS := tiny/' "$ours/Makefile" >"$TREE/Makefile"
}

# Submit the reference, which a test may then change.
make_submission() { # NAME: sets SUBMISSION
  SUBMISSION=$BATS_TEST_TMPDIR/$1
  mkdir "$SUBMISSION"
  cp "$TREE/labs/tiny/"*.c "$SUBMISSION"
}
