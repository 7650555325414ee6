# hostile.bash - grade the submissions in tests/hostile
#
#   WORK     a folder for everything; the tree of the small lab is $WORK/tree
#   MODES    the sandboxes to try the attacks in
#   ATTACKS  their names: that of the source, and a number if it takes paths
#
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
HOSTILE=$ROOT/tests/hostile TREE=${WORK-}/tree

# Seconds that a program may take, and the grader.
LIMIT=2 LONGEST=300

# What @PATH@ stands for: one submission for each path.
declare -A PATHS=(
  [include]='../suite/tests/word.bats /dev/zero @TREE@/tests/word.bats
    /dev/stdin /proc/self/environ /proc/self/cmdline /proc/1/environ /etc/shadow
    /proc/self/root@TREE@/tests/word.bats'
  [binary]='../peers/reverse @TREE@/labs/word/reverse /proc/self/exe
    /proc/self/cwd/labs/word/reverse ../peers.reverse/reverse'
)

possible_modes() {
  ! command -v bwrap >/dev/null || printf 'bwrap '
  ((EUID)) || printf 'unshare uid'
}

make_tree() { # in a folder that no other user can enter
  chmod 711 "$WORK"
  mkdir -m 711 "$WORK/tmp"
  mkdir -m 700 "$WORK"/{results,submissions} "$TREE"
  mkdir "$TREE"/{labs,tests}
  ln -s "$ROOT"/{common,scripts,build} "$TREE"
  ln -s "$ROOT"/tests/{helper{,.bash},labrun} "$TREE/tests"
  sed 's/^LABS := .*/LABS := word/' "$ROOT/Makefile" >"$TREE/Makefile"
  cp -r "$HOSTILE/lab" "$TREE/labs/word"
  mv "$TREE/labs/word/word.bats" "$TREE/tests"
  echo 'include ../../common/lab.mk' >"$TREE/labs/word/Makefile"
  make -s -C "$TREE" word build/labrun
}

# A result is json, with NAME.errors and NAME.status beside it.
result() { echo "$WORK/results/$2.$1.json"; } # MODE NAME

grade() { # MODE NAME: of a submission in $WORK/submissions
  local file status=0
  file=$(result "$1" "$2")
  LIMIT=$LIMIT TMPDIR=$WORK/tmp timeout -k 5 "$LONGEST" "$TREE/scripts/grade" \
    --sandbox "$1" --format json word "$WORK/submissions/$2" \
    >"$file" 2>"$file.errors" 3>&- || status=$?
  echo "$status" >"$file.status"
}

score() { # MODE NAME
  sed -n 's/.*"score":\([0-9]*\),"max":\([0-9]*\).*/\1 of \2/p' "$(result "$@")"
}

outcome() { # MODE NAME PROGRAM
  sed -n "s/.*\"program\":\"$3\".*\"outcome\":\"\([a-z]*\)\".*/\1/p" \
    "$(result "$1" "$2")"
}

### Attacks

attacks() {
  local file name i paths
  for file in "$HOSTILE"/*.c; do
    name=$(basename "$file" .c)
    read -r -d '' -a paths <<<"${PATHS[$name]-}" || :
    ((${#paths[@]})) || echo "$name"
    for i in "${!paths[@]}"; do echo "$name-$i"; done
  done
}

header() { # NAME KEY: prints the value in the first comment
  sed -n "s/^ \* $2: //p" "$HOSTILE/${1%-*}.c"
}

write_right() { # DIR
  mkdir -p "$1"
  cp "$HOSTILE"/lab/{reverse,copy,keep,listen}.c "$1"
}

# It comes with a right program, which must keep its point.
write_attack() { # NAME DIR
  local paths as witness=copy
  as=$(header "$1" 'Submitted as')
  [[ $as != copy ]] || witness=reverse
  mkdir -p "$2"
  read -r -d '' -a paths <<<"${PATHS[${1%-*}]-}" || :
  sed "s|@PATH@|${paths[${1##*-}]-}|; s|@TREE@|$TREE|" "$HOSTILE/${1%-*}.c" \
    >"$2/$as.c"
  [[ $(header "$1" Alone) ]] || cp "$HOSTILE/lab/$witness.c" "$2"
}

applies() { # MODE NAME
  [[ ! $(header "$2" "Except $1") ]]
}

attack() { # MODE NAME
  applies "$1" "$2" || return 0
  write_attack "$2" "$WORK/submissions/$2"
  grade "$1" "$2"
}

# What is wrong with the verdicts on NAME, or nothing.
check() { # NAME MODE...
  local wanted mode got outcome status
  wanted=$(header "$1" Verdict)
  for mode in "${@:2}"; do
    applies "$mode" "$1" || continue
    status=$(<"$(result "$mode" "$1").status")
    got=$(score "$mode" "$1")
    outcome=$(outcome "$mode" "$1" "$(header "$1" 'Submitted as')")
    # It may be one of several: "1 of 4, fail or timeout".
    [[ $wanted == "$got, "* && " ${wanted#*,} " == *" $outcome "* && $status == 0 ]] || {
      echo "$1, $mode: $got, $outcome, not $wanted; exit status $status"
      tail -n 3 "$(result "$mode" "$1").errors"
    }
  done
}
