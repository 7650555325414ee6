# hostile.bash - grade what is in tests/hostile
#
#   WORK   where everything is, with the tree of the small lab in $WORK/tree
#   MODES  the sandboxes to try
#
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
HOSTILE=$ROOT/tests/hostile TREE=${WORK-}/tree

# Seconds that a program may take, here, and a grader.
LIMIT=2 LONGEST=250

# What @PATH@ stands for, a submission each.
declare -A PATHS=(
  [include]='../suite/tests/word.bats /dev/zero @TREE@/tests/word.bats
    /dev/stdin /proc/self/environ /proc/self/cmdline /proc/1/environ /etc/shadow
    /proc/self/root@TREE@/tests/word.bats'
  [binary]='../peers/reverse @TREE@/labs/word/reverse /proc/self/exe
    /proc/self/cwd/labs/word/reverse ../peers.reverse/reverse'
)

### A grader for the small lab

make_tree() { # as a teacher has it whose folders nobody else can enter
  mkdir -p "$TREE"/{labs,tests}
  chmod 700 "$TREE"
  ln -s "$ROOT"/{common,scripts,build} "$TREE"
  ln -s "$ROOT"/tests/{helper.bash,*.[ch]} "$TREE/tests"
  sed 's/^LABS := .*/LABS := word/' "$ROOT/Makefile" >"$TREE/Makefile"
  cp -r "$HOSTILE/lab" "$TREE/labs/word"
  mv "$TREE/labs/word/word.bats" "$TREE/tests"
  echo 'include ../../common/lab.mk' >"$TREE/labs/word/Makefile"
  make -s -C "$TREE" word build/labrun
}

grade() { # MODE SUBMISSION RESULT: json, and RESULT.errors and .status beside it
  local status=0
  LIMIT=$LIMIT TMPDIR=$WORK/tmp timeout -k 5 "$LONGEST" "$TREE/scripts/grade" \
    --sandbox "$1" --format json word "$2" >"$3" 2>"$3.errors" 3>&- || status=$?
  echo "$status" >"$3.status"
}

score() { sed -n 's/.*"score":\([0-9]*\),"max":\([0-9]*\).*/\1 of \2/p' "$1"; } # FILE

outcome() { # FILE PROGRAM
  sed -n "s/.*\"program\":\"$2\".*\"outcome\":\"\([a-z]*\)\".*/\1/p" "$1"
}

### Attacks: the name of one is that of its source, with a number if it has paths

attacks() {
  local file name i paths
  for file in "$HOSTILE"/*.c; do
    name=$(basename "$file" .c)
    read -r -d '' -a paths <<<"${PATHS[$name]-}" || :
    ((${#paths[@]})) || echo "$name"
    for i in "${!paths[@]}"; do echo "$name-$i"; done
  done
}

header() { # NAME KEY: what the first comment says
  sed -n "s/^ \* $2: //p" "$HOSTILE/${1%-*}.c"
}

# With a right program beside it, that must keep its point.
write_submission() { # NAME DIR
  local paths as witness=copy
  as=$(header "$1" 'Submitted as')
  [[ $as != copy ]] || witness=reverse
  mkdir "$2"
  read -r -d '' -a paths <<<"${PATHS[${1%-*}]-}" || :
  sed "s|@PATH@|${paths[${1##*-}]-}|; s|@TREE@|$TREE|" "$HOSTILE/${1%-*}.c" \
    >"$2/$as.c"
  [[ $(header "$1" Alone) ]] || cp "$HOSTILE/lab/$witness.c" "$2"
}

attack() { # MODE NAME
  [[ $(header "$2" Levels) =~ ^(|.*"$1".*)$ ]] || return 0
  [[ -d $WORK/$2 ]] || write_submission "$2" "$WORK/$2"
  grade "$1" "$WORK/$2" "$WORK/$2.$1"
}

# What is wrong with the verdicts on NAME, or nothing.
check() { # NAME
  local wanted file mode got
  wanted=$(header "$1" Verdict)
  for mode in $MODES; do
    file=$WORK/$1.$mode
    [[ -e $file ]] || continue
    got="$(score "$file"), $(outcome "$file" "$(header "$1" 'Submitted as')")"
    [[ $got == "$wanted" && $(<"$file.status") == 0 ]] || {
      echo "$1, $mode: $got, not $wanted; exit status $(<"$file.status")"
      tail -n 3 "$file.errors"
    }
  done
}

