#!/usr/bin/env bats
# Submissions that attack, in tests/hostile: each gets the verdict that its first
# comment asks for, costs no other program a point, and leaves nothing.
#
# HOSTILE_MODES  "all", or some of bwrap, unshare and uid: every attack in each of
#                them; if it is not set, the main ones in the best that works here

bats_require_minimum_version 1.5.0
load hostile

# Those that are tried every time.
MAIN=(guess input link pid_file read trace nest change say_ok daemon survivor
  memory_hidden leave fill solution binary-0 include-0 array)

setup_file() {
  local mode names
  if [[ ! ${HOSTILE_MODES-} ]]; then
    MODES=$("$ROOT/scripts/sandbox" --find) || skip 'no sandbox works here'
    names=("${MAIN[@]}")
  else
    MODES=${HOSTILE_MODES/all/bwrap unshare uid}
    mapfile -t names < <(attacks)
  fi
  WORK=$(mktemp -d -t ipc-hostile.XXXXXX)
  export WORK MODES TREE=$WORK/tree
  chmod 711 "$WORK"
  mkdir -m 711 "$WORK/tmp"
  make_tree
  # Most of them wait to be ended most of the time.
  for mode in $MODES; do
    printf '%s\n' "${names[@]}" | xargs -P 4 -I {} \
      bash -c ". \"\$1\" && attack $mode {}" _ "$BATS_TEST_DIRNAME/hostile.bash"
  done
}

teardown_file() { rm -rf "$WORK"; }

is_empty() {
  local found
  found=$(cat)
  [[ -z $found ]] || { echo "$found"; return 1; }
}

@test "the verdicts are as each attack's first comment says" {
  for name in $(attacks); do check "$name"; done | is_empty
}
