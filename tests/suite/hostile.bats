#!/usr/bin/env bats
# Submissions that attack the grader, in tests/hostile: each gets the verdict that
# its first comment asks for, costs no other program a point, and leaves nothing.
#
# HOSTILE_MODES  some of bwrap, unshare and uid, or "all": try every attack in
#                each of them (default: the main ones, in the best that works)

bats_require_minimum_version 1.5.0
load hostile

# Those that are tried every time: each takes another way.
MAIN=(guess input link pid_file read trace nest change say_ok survivor
  memory_hidden leave fill solution binary-0 stop stop_beside kernel)

setup_file() {
  local mode
  if [[ ! ${HOSTILE_MODES-} ]]; then
    MODES=$("$ROOT/scripts/lib/grade/sandbox/find") || skip 'no sandbox works here'
    ATTACKS=${MAIN[*]}
  else
    MODES=${HOSTILE_MODES/all/$(possible_modes)}
    ATTACKS=$(attacks)
  fi
  WORK=$(mktemp -d -t ipc-hostile.XXXXXX)
  export WORK MODES ATTACKS TREE=$WORK/tree
  make_tree
  # Most of them only wait to be ended.
  for mode in $MODES; do
    xargs -n 1 -P 4 <<<"$ATTACKS" \
      bash -c '. "$1" && attack "$2" "$3"' _ "$BATS_TEST_DIRNAME/hostile.bash" "$mode"
  done
}

teardown_file() { rm -rf "$WORK"; }

setup() { cd "$BATS_TEST_TMPDIR" || return; }

is_empty() {
  local found
  found=$(cat)
  [[ -z $found ]] || { echo "$found"; return 1; }
}

### Programs

@test "each attack gets the verdict that its first comment asks for" {
  local name
  for name in $ATTACKS; do
    # shellcheck disable=SC2086
    check "$name" $MODES
  done | is_empty
}

@test "a program that stops its watchdog is ended, and the test goes on to judge it" {
  local mode
  for mode in $MODES; do
    grep '"program":"reverse"' "$(result "$mode" stop)" | grep -q 'expected: '
    grep '"program":"listen"' "$(result "$mode" stop_beside kernel)" | grep -q 'expected: '
  done
}

@test "a report shows nothing that an attack has read, nor the grader's folder" {
  grep -lE 'random_word|root:|/ipc-(grade|hostile)\.' "$WORK/results"/*.json |
    is_empty
}

@test "an attack leaves nothing: no processes, objects, or files" {
  {
    find "$WORK/tmp" /tmp /var/tmp /dev/shm /dev/mqueue -maxdepth 1 \
      \( -path "$WORK/tmp/*" -o -name 'hostile*' -o -name sem.hostile \) 2>/dev/null
    # The key is "host".
    grep -hE "^ *$((0x686f7374)) " /proc/sysvipc/* || :
    grep -lx hostile /proc/[0-9]*/comm 2>/dev/null || :
    find /proc/[0-9]*/exe -maxdepth 0 -lname "$WORK/*" 2>/dev/null || :
  } | is_empty
}

@test "a right submission keeps full marks during the worst attacks" {
  local name mode=${MODES%% *}
  write_right "$WORK/submissions/right"
  # shellcheck disable=SC2030
  for name in fork_bomb memory_many kill_all; do
    attack "$mode" "$name" &
  done
  # On a busy machine everything takes longer.
  LIMIT=20 grade "$mode" right
  wait
  [[ $(score "$mode" right) == '4 of 4' ]]
  for name in fork_bomb memory_many kill_all; do check "$name" "$mode"; done | is_empty
}

### Submissions: only a regular file with the right name is taken

# The files that are taken and contain C (an archive has only the path of a link).
taken() { # SUBMISSION
  rm -rf taken
  mkdir taken
  "$TREE/scripts/lib/grade/unpack" word "$1" taken 2>errors || return
  (cd taken && grep -l '^int' -- * 2>/dev/null) || :
}

# In a folder, and in each kind of archive that can contain it.
is_taken() { # EXPECTED FOLDER [tar|zip]...
  [[ $(taken "$2") == "$1" ]]
  for kind in "${@:3}"; do
    rm -f archive.*
    case $kind in
      tar) tar -C "$2" -czf archive.tar.gz . ;;
      zip) command -v zip unzip >/dev/null || continue
        (cd "$2" && zip -qry ../archive.zip .) ;;
    esac
    [[ $(taken archive.*) == "$1" ]]
  done
}

@test "links, folders and FIFOs are not taken" {
  mkdir it other
  echo 'int x;' >other/reverse.c
  echo 'int y;' >it/copy.c
  ln -s ../other/reverse.c it/reverse.c
  mkdir it/keep.c
  is_taken copy.c it tar zip
  mkfifo it/listen.c
  is_taken copy.c it tar
}

@test "a symlink in place of labs, or of the lab, is not followed" {
  mkdir -p it elsewhere/word
  echo 'int x;' >elsewhere/word/reverse.c
  ln -s ../elsewhere it/labs
  is_taken '' it tar zip
  rm it/labs
  mkdir it/labs
  ln -s ../../elsewhere/word it/labs/word
  is_taken '' it tar zip
}

@test "names with newlines, quotes and leading dashes do no harm" {
  mkdir -p it/-d it/--checkpoint-action=exec=touch\ hostile 'it/*'
  echo 'int x;' >it/reverse.c
  echo 'int y;' | tee it/-d/copy.c it/$'copy.c\n' it/$'\ncopy.c' it/\'\"copy.c \
    it/-copy.c it/--checkpoint-action=exec=touch\ hostile/keep.c >'it/*/listen.c'
  rm -r 'it/*' it/--check*
  is_taken reverse.c it tar zip
  [[ ! -e hostile ]]
}

@test "a member with .. or an absolute name is neither taken nor extracted" {
  mkdir -p it/a/b
  echo 'int x;' >it/reverse.c
  echo 'int y;' >copy.c
  (cd it/a/b && tar -Pczf ../../../it.tar.gz ../../../copy.c "$PWD/../../reverse.c")
  rm copy.c
  [[ -z $(taken it.tar.gz) && ! -e copy.c ]]
}

@test "a hard link or a device in an archive is not taken" {
  mkdir it
  echo 'int x;' >it/a
  ln it/a it/reverse.c
  ((EUID != 0)) || mknod it/copy.c c 1 5 2>/dev/null || :
  tar -C it -czf it.tar.gz ./a ./reverse.c
  [[ -z $(taken it.tar.gz) ]]
  [[ ! -e it/copy.c ]] || tar -C it -czf it.tar.gz ./copy.c
  [[ -z $(taken it.tar.gz) ]]
}

@test "a source of 1 GB is left out, even if it is compressed" {
  mkdir it
  echo 'int x;' >it/copy.c
  truncate -s 1G it/reverse.c
  is_taken copy.c it
  grep -qF 'reverse.c is larger than' errors
  truncate -s 100M it/reverse.c
  is_taken copy.c it tar zip
}

@test "an archive with a password does not stop the grader" {
  command -v zip unzip >/dev/null || skip 'zip or unzip is missing'
  echo 'int x;' >reverse.c
  zip -qP secret it.zip reverse.c
  [[ -z $(taken it.zip) ]]
}

@test "an archive with too many members is an error, not a score" {
  mkdir it
  (cd it && seq -f file%.0f 12000 | xargs touch)
  tar -C it -czf it.tar.gz .
  run -3 "$TREE/scripts/lib/grade/unpack" word it.tar.gz taken
  head -c 50M /dev/zero | gzip >zeros.tar.gz
  [[ -z $(taken zeros.tar.gz) ]]
}

@test "a binary or an object file is not accepted as a source" {
  local mode=${MODES%% *}
  mkdir "$WORK/submissions/elf"
  cp /bin/true "$WORK/submissions/elf/reverse.c"
  "${CC:-cc}" -c -I"$TREE/labs/word" -I"$ROOT/common" \
    -o "$WORK/submissions/elf/copy.c" "$HOSTILE/lab/copy.c"
  grade "$mode" elf
  [[ $(score "$mode" elf) == '0 of 4' ]]
  [[ $(outcome "$mode" elf reverse) == error ]]
  [[ $(outcome "$mode" elf copy) == error ]]
}

@test "the name of a submission cannot forge a line of the report" {
  local name=$'it\nscore 4\nsandbox none"}' mode=${MODES%% *}
  mkdir "$name"
  cp "$TREE/labs/word/reverse.c" "$name"
  "$TREE/scripts/grade" --sandbox "$mode" word "$name" >text
  grep -qx 'lab word, submission it score 4 sandbox none"}.*' text
  ! grep -qx 'score 4' text || false
}
