#!/usr/bin/env bats
# What holds for the suite as a whole: its build and its scripts.

bats_require_minimum_version 1.5.0

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  cd "$root" || return
}

copy_suite() { # a copy that may be broken
  copy=$BATS_TEST_TMPDIR/copy
  mkdir "$copy"
  cp -r Makefile common labs scripts tests "$copy"
  make -s -C "$copy" clean >/dev/null
}

### The build

@test "the programs compile without a warning, by every compiler that is here" {
  local cc flags
  flags=(-std=c17 -Wall -Wextra -Wpedantic -Wshadow -Wvla -Werror -Icommon)
  for cc in gcc clang musl-gcc; do
    command -v "$cc" >/dev/null || continue
    for lab in labs/*; do
      for file in "$lab"/*.c; do
        "$cc" "${flags[@]}" -O2 "-I$lab" -c -o /dev/null "$file"
      done
    done
    for file in common/*.c tests/labrun/*.c; do
      "$cc" "${flags[@]}" -O2 -c -o /dev/null "$file"
    done
  done
}

@test "a program that does not compile fails the build, the others are built" {
  copy_suite
  echo 'int main(void) { return oops; }' >"$copy/labs/pipe/self.c"
  run make -s -j 4 -C "$copy"
  ((status != 0))
  [[ ! -e $copy/labs/pipe/self ]]
  [[ -x $copy/labs/pipe/shared && -x $copy/labs/fifo/reader ]]
}

@test "a new .c file in a lab is built, without touching a Makefile" {
  copy_suite
  cp "$copy/labs/pipe/eof.c" "$copy/labs/pipe/mine.c"
  make -s -C "$copy/labs/pipe"
  "$copy/labs/pipe/mine" | grep -q EPIPE
}

@test "other flags than last time build everything anew" {
  copy_suite
  make -s -C "$copy" pipe
  [[ -z $(make -s -C "$copy" pipe) ]]
  make -C "$copy" pipe CFLAGS=-O0 | grep -q -- '-O0.* self'
}

@test "make clean leaves what was there before" {
  copy_suite
  find "$copy" | sort >"$BATS_TEST_TMPDIR/before"
  make -s -C "$copy" build/labrun all
  make -s -C "$copy" clean
  find "$copy" | sort | diff "$BATS_TEST_TMPDIR/before" -
}

@test "make help names every target that a user types" {
  run make -s help
  for target in demo test clean; do [[ $output == *"make $target"* ]]; done
}

### The scripts

@test "every script has a usage line: --help on stdout, wrong words exit 2" {
  local script
  for script in scripts/*; do
    [[ -f $script && -x $script ]] || continue
    [[ $("$script" --help) == "usage: ${script##*/}"* ]]
    [[ $script == scripts/bats ]] || { # which hands its options on
      run "$script" --no-such-option
      ((status == 2))
    }
  done
}

@test "the scripts are clean by shellcheck, and none passes 200 lines" {
  command -v shellcheck >/dev/null || skip 'shellcheck is not here'
  find scripts tests .ci -type f \( -perm -u+x -o -name '*.bash' \) -print0 |
    xargs -0 grep -lZE '^#!.*bash|shellcheck shell=bash' |
    xargs -0 shellcheck -x -S warning
  # Variables that the helper sets are not seen there.
  shellcheck -s bash -S warning -e SC2154 tests/{,*/}*.bats
  wc -l scripts/* .ci/run 2>/dev/null |
    awk '$2 != "total" && $1 > 200 { print; bad = 1 } END { exit bad }'
}

@test "handout: a step becomes a TODO, its code is gone, the rest stays" {
  cat >"$BATS_TEST_TMPDIR/x.c" <<'EOF'
int main(void)
{
    int a = 0;

    /* STEP 1: why
     * and what. */
    a = 1;
    if (a)
        a = 2;

    for (;;) {
        /* STEP 2: the last in a block. */
        a = 3;
    }
    /* STEP 12: not 1, nor 2. */
    return a;
}
EOF
  run scripts/lib/handout/cut "$BATS_TEST_TMPDIR/x.c"
  [[ $output == 'int main(void)
{
    int a = 0;

    /* TODO 1: why
     * and what. */

    for (;;) {
        /* TODO 2: the last in a block. */
    }
    /* TODO 12: not 1, nor 2. */
}' ]]
  run scripts/lib/handout/cut -s 1 "$BATS_TEST_TMPDIR/x.c"
  [[ $output == *'TODO 1'* && $output == *'STEP 2'*'a = 3;'*'return a;'* ]]
}

@test "bats: a bats that is too old, or none, is replaced by a fetched one" {
  command -v npm >/dev/null || command -v dpkg-deb >/dev/null ||
    skip 'neither npm nor apt is here'
  copy_suite
  mkdir "$BATS_TEST_TMPDIR/bin"
  printf '#!/bin/sh\necho Bats 1.7.0\n' >"$BATS_TEST_TMPDIR/bin/bats"
  chmod +x "$BATS_TEST_TMPDIR/bin/bats"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  run "$copy/scripts/bats" --version
  # Without a network there is nothing to fetch; then it says what to install.
  if ((status != 0)); then
    [[ $output == *'apt install bats'* ]]
    skip 'nothing could be fetched'
  fi
  [[ $output =~ Bats\ 1\.([89]|[1-9][0-9]) ]]
}

### The test runner itself

# A suite of one lab, with these tests in its files.
small_suite() {
  small=$BATS_TEST_TMPDIR/small
  mkdir -p "$small"/{labs/one,tests/{every-lab,suite,labrun}}
  cp -r scripts "$small"
  printf 'print-labs:\n\t@echo one\n' >"$small/Makefile"
  local file files
  local for_each_lab suite
  eval "$(grep -E '^(for_each_lab|suite)\+?=' scripts/test)"
  files="${for_each_lab[*]} ${suite[*]}"
  for file in one $files; do
    echo '@test "good" { true; }' >"$small/tests/$file.bats"
  done
  # The transcripts are run for the overview, too.
  good=$(($(wc -w <<<"$files") + 2))
}

@test "test: the last line counts, and the exit status is 0 if none failed" {
  small_suite
  echo '@test "later" { skip "not here"; }' >>"$small/tests/one.bats"
  run "$small/scripts/test"
  ((status == 0))
  [[ ${lines[-1]} == "$good passed, 0 failed, 1 skipped" ]]
  [[ $output == *'skipped: not here'* ]]
}

@test "test: a failed test is shown, counted, and the exit status is not 0" {
  small_suite
  echo '@test "bad" { echo because; false; }' >>"$small/tests/one.bats"
  run "$small/scripts/test"
  ((status != 0))
  [[ ${lines[-1]} == "$good passed, 1 failed, 0 skipped" ]]
  [[ $output == *'not ok 2 bad'*'because'* ]]
}

@test "test: a file that ends before all its tests have run has failed" {
  small_suite
  echo '@test "gone" { kill -KILL "$PPID" $$; }' >>"$small/tests/one.bats"
  echo 'syntax error (' >"$small/tests/every-lab/rules.bats"
  run "$small/scripts/test" one
  ((status != 0))
  [[ ! ${lines[-1]} =~ ' 0 failed' ]]
  [[ $output == *'one rules'*'not ok'* || $output == *'one.rules'* ]]
}

@test "test: a lab that does not exist is a usage error" {
  run scripts/test no-such-lab
  ((status == 2))
  [[ $output == *'no lab no-such-lab'* ]]
}
