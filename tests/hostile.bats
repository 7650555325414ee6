#!/usr/bin/env bats
# Submissions that attack, in tests/hostile: each gets the verdict that its first
# comment asks for, costs no other program a point, and leaves nothing.
#
# HOSTILE_MODES  "all", or some of bwrap, unshare and uid: every attack in each of
#                them; if it is not set, the main ones in the best that works here

bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
HOSTILE=$BATS_TEST_DIRNAME/hostile

# Seconds that a program may take, here, and that a grader may.
LIMIT=2 LONGEST=200

# What attacks while others are graded.
WORST=(fork_bomb memory_many kill_all)
MAIN=(guess input link pid_file read trace nest change say_ok daemon survivor
  memory_hidden leave wait_here solution-0 binary-1 include-2 array)

# What @PATH@ stands for, one submission each.
declare -A PATHS=(
  [include]="@TREE@/tests/word.bats ../suite/tests/word.bats /dev/zero
    /dev/stdin /proc/self/environ /proc/self/cmdline /proc/1/environ /etc/shadow
    /proc/self/root@TREE@/tests/word.bats"
  [binary]="@TREE@/labs/word/reverse ../peers/reverse /proc/self/exe
    /proc/self/cwd/labs/word/reverse ../peers.reverse/reverse"
)

### A grader for the small lab

make_tree() { # sets tree: as a teacher has it whose folders others cannot enter
  tree=$BATS_FILE_TMPDIR/tree
  mkdir -p -m 700 "$tree"/{build,labs,scripts,tests}
  chmod 700 "$tree"
  ln -s "$ROOT/common" "$tree"
  ln -s "$ROOT"/scripts/* "$tree/scripts"
  ln -s "$ROOT"/tests/{helper.bash,*.[ch]} "$tree/tests"
  sed 's/^LABS := .*/LABS := word/' "$ROOT/Makefile" >"$tree/Makefile"
  cp -r "$HOSTILE/lab" "$tree/labs/word"
  mv "$tree/labs/word/word.bats" "$tree/tests"
  # How a report looks is not what is tested here.
  rm -f "$tree/scripts/report"
  printf '%s\n' '#!/bin/sh' 'cd "$2" && cat tests messages/* feedback/*' \
    >"$tree/scripts/report"
  chmod +x "$tree/scripts/report"
  make -s -C "$tree" word build/labrun
}

header() { # NAME KEY: what the first comment says
  sed -n "s/^ \* $2: //p" "$(source_of "$1")"
}

source_of() { # NAME, such as include-2
  ls "$HOSTILE/${1%-[0-9]*}.c" "$HOSTILE/build/${1%-[0-9]*}.c" 2>/dev/null
}

# With a right program beside it, that must keep its point.
write_submission() { # NAME DIR
  local path as witness=copy
  as=$(header "$1" 'Submitted as')
  [[ $as != copy ]] || witness=reverse
  mkdir -p "$2"
  read -r -d '' -a path <<<"${PATHS[${1%-*}]-}" || :
  path=${path[${1##*-}]-}
  sed "s|@PATH@|$path|; s|@TREE@|$tree|" "$(source_of "$1")" >"$2/$as.c"
  [[ $(header "$1" Alone) ]] || cp "$HOSTILE/lab/$witness.c" "$2"
}

grade() { # MODE SUBMISSION RESULT: the report, and its errors and status beside it
  local status=0
  LIMIT=$LIMIT TMPDIR=$BATS_FILE_TMPDIR/work timeout -k 5 "$LONGEST" \
    "$tree/scripts/grade" --sandbox "$1" word "$2" >"$3" 2>"$3.errors" 3>&- ||
    status=$?
  echo "$status" >"$3.status"
}

attack() { # MODE NAME
  local dir=$BATS_FILE_TMPDIR/$2
  [[ $(header "$2" Levels) =~ ^(|.*"$1".*)$ ]] || return 0
  [[ -d $dir ]] || write_submission "$2" "$dir"
  grade "$1" "$dir" "$dir.$1"
}

setup_file() {
  local mode name names=()
  read -ra modes <<<"${HOSTILE_MODES:-$("$ROOT/scripts/sandbox" --find)}" ||
    skip 'no sandbox works here'
  export modes="${modes[*]/all/bwrap unshare uid}" tree
  make_tree
  mkdir -m 755 "$BATS_FILE_TMPDIR/work"
  ls -d /tmp/* /dev/shm/* >"$BATS_FILE_TMPDIR/before"
}
