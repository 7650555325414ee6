#!/usr/bin/env bats
# The suite as a whole: its build, its scripts, and the order of the course.

bats_require_minimum_version 1.5.0

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  cd "$root" || return
}

copy_suite() { # a copy that a test may change
  copy=$BATS_TEST_TMPDIR/copy
  mkdir "$copy"
  cp -r Makefile common labs scripts tests "$copy"
  make -s -C "$copy" clean >/dev/null
}

### The build

@test "the programs compile without a warning, with every compiler installed" {
  local cc flags
  flags=(-std=c17 -Wall -Wextra -Wpedantic -Wshadow -Wvla -Werror -Icommon)
  for cc in gcc clang musl-gcc; do
    command -v "$cc" >/dev/null || continue
    for lab in labs/*/; do
      for file in "$lab"*.c; do
        "$cc" "${flags[@]}" -O2 "-I$lab" -c -o /dev/null "$file"
      done
    done
    for file in common/*.c tests/labrun/*.c; do
      "$cc" "${flags[@]}" -O2 -c -o /dev/null "$file"
    done
  done
}

@test "a program that does not compile fails the build; the others are built" {
  copy_suite
  echo 'int main(void) { return oops; }' >"$copy/labs/pipe/self.c"
  run make -s -j 4 -C "$copy"
  ((status != 0))
  [[ ! -e $copy/labs/pipe/self ]]
  [[ -x $copy/labs/pipe/shared && -x $copy/labs/fifo/reader ]]
}

@test "a new .c file in a lab is built without editing a Makefile" {
  copy_suite
  cp "$copy/labs/pipe/eof.c" "$copy/labs/pipe/mine.c"
  make -s -C "$copy/labs/pipe"
  "$copy/labs/pipe/mine" | grep -q EPIPE
}

@test "everything is rebuilt if the flags have changed" {
  copy_suite
  make -s -C "$copy" pipe
  [[ -z $(make -s -C "$copy" pipe) ]]
  make -C "$copy" pipe CFLAGS=-O0 | grep -q -- '-O0.* self'
}

@test "make clean removes what make built, and nothing else" {
  copy_suite
  find "$copy" | sort >"$BATS_TEST_TMPDIR/before"
  make -s -C "$copy" build/labrun all
  make -s -C "$copy" clean
  find "$copy" | sort | diff "$BATS_TEST_TMPDIR/before" -
}

@test "make help lists the targets" {
  run make -s help
  for target in demo test clean; do [[ $output == *"make $target"* ]]; done
}

### The scripts

@test "every script has a usage line: --help prints it; a wrong option exits with 2" {
  local script
  for script in scripts/*; do
    [[ -f $script && -x $script ]] || continue
    [[ $("$script" --help) == "usage: ${script##*/}"* ]]
    [[ $script == scripts/bats ]] || { # passes its options on
      run "$script" --no-such-option
      ((status == 2))
    }
  done
}

@test "shellcheck finds nothing in the scripts, and none has more than 200 lines" {
  command -v shellcheck >/dev/null || skip 'shellcheck is not installed'
  find scripts tests .ci -type f \( -perm -u+x -o -name '*.bash' \) -print0 |
    xargs -0 grep -lZE '^#!.*bash|shellcheck shell=bash' |
    xargs -0 shellcheck -x -S warning
  # It does not see the variables that the helper sets.
  shellcheck -s bash -S warning -e SC2154 tests/{,*/}*.bats
  find scripts .ci -type f ! -name '*.md' -exec wc -l {} + |
    awk '$2 != "total" && $1 > 200 { print; bad = 1 } END { exit bad }'
}

@test "every script stops at an error, an unset variable and a failed pipe" {
  local script
  for script in $(grep -rlE '^#!.*bash' scripts .ci); do
    # The keeper of a demo cleans up whatever fails.
    [[ $script != */keeper ]] || continue
    grep -qx 'set -euo pipefail' "$script" || { echo "$script"; false; }
  done
}

@test "every command runs in the C locale: the output of tools is parsed" {
  [[ -z $(find scripts -maxdepth 1 -type f -exec grep -LxE 'export LC_ALL=C( #.*)?' {} +) ]]
  grep -qxE 'export LC_ALL=C( #.*)?' tests/helper.bash
}

### The tags of tests

# bats must not take these for tests of this file.
write_tests() { # sets file
  file=$BATS_TEST_TMPDIR/x.bats
  sed 's/^| \?//' >"$file"
}

@test "tags: a record for each test, with its lines, from its comment to its end" {
  write_tests <<'END'
| #!/usr/bin/env bats
| load helper
|
| helper() {
|   true
| }
|
| # About it.
| # bats test_tags=one,step:2,points:3
| @test "one: {braces} and a \"quote\"" {
|   # bats test_tags=none,step:9
|   true
| }
|
| # bats test_tags=one, step:3 ,hidden
|
| @test "one" { true; }
| @test "one: more" {
| }
END
  run -0 scripts/lib/tags "$file"
  diff - <(echo "$output") <<END
$file	8	13	one	2	3	shown	one: {braces} and a "quote"
$file	15	17	one	3	1	hidden	one
$file	18	19	-	-	0	shown	one: more
END
}

@test "tags: those of a file hold for the tests below them" {
  write_tests <<'END'
| # bats file_tags=hidden,one
| # bats test_tags=step:1
| @test "a" { true; }
| @test "b" { true; }
END
  run -0 scripts/lib/tags "$file"
  diff - <(echo "$output") <<END
$file	2	3	one	1	1	hidden	a
$file	4	4	one	-	0	hidden	b
END
}

@test "tags: a test without an end is an error" {
  write_tests <<'END'
| @test "a" {
|   true
|   }
END
  run -1 scripts/lib/tags "$file"
  [[ $output == "tags: $file: no } at the beginning of a line ends: a" ]]
}

@test "tags: no other script reads them" {
  ! grep -rnE 'test_tags|file_tags|\^@test|/@test' scripts tests/helper* \
    tests/every-lab --exclude=tags | grep -vE 'bash -n|sed -E .s/\^@test|#   # bats test_tags' ||
    return 1
}

### The order of the course

rows() { # FILE: of the table of labs; the first cell is a link to the lab
  sed -nE 's/^\| *\[([a-z]+)\]\((labs\/)?\1\/README\.md\).*/\1/p' "$1"
}

@test "the tables of labs and the map of the overview are in the order of LABS" {
  local labs
  labs=$(make -s print-labs | tr ' ' '\n')
  diff <(echo "$labs") <(rows README.md)
  diff <(echo "$labs") <(rows labs/README.md)
  # The map is a block whose first column has these names, and no others.
  awk -v labs=" $(tr '\n' ' ' <<<"$labs")" '
    /^```/ { if (is_map && names == labs) found = 1; is_map = !is_map; names = " "; next }
    is_map && sub(/^ +/, "") { sub(/   *.*/, ""); names = names $0 " " }
    END { exit !found }' slides/overview.md
}

@test "cut: a step becomes a TODO; its code is removed, the rest stays" {
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

@test "bats: a recent version is fetched if none is installed" {
  command -v npm >/dev/null || command -v dpkg-deb >/dev/null ||
    skip 'neither npm nor apt is installed'
  copy_suite
  mkdir "$BATS_TEST_TMPDIR/bin"
  printf '#!/bin/sh\necho Bats 1.7.0\n' >"$BATS_TEST_TMPDIR/bin/bats"
  chmod +x "$BATS_TEST_TMPDIR/bin/bats"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  run "$copy/scripts/bats" --version
  # Without a network, it lists what to install.
  if ((status != 0)); then
    [[ $output == *'apt install bats'* ]]
    skip 'nothing could be fetched'
  fi
  [[ $output =~ Bats\ 1\.([89]|[1-9][0-9]) ]]
}

@test "bats: an old release is never kept, and never in the way of a new one" {
  copy_suite
  mkdir -p "$BATS_TEST_TMPDIR/bin" "$copy/build/bats/bin"
  cd "$BATS_TEST_TMPDIR/bin"
  printf '#!/bin/sh\necho Bats 1.2.1\n' >bats
  chmod +x bats
  cp bats "$copy/build/bats/bin/bats"
  # Of apt, which has no newer one; npm has it later.
  cat >apt-get <<'END'
#!/bin/sh
case $* in *download*) : >bats_1.2.1_all.deb ;; esac
END
  cat >dpkg-deb <<END
#!/bin/sh
mkdir -p "\$3/usr/bin" && cp "$PWD/bats" "\$3/usr/bin/bats"
END
  printf '#!/bin/sh\nexit 1\n' >npm
  chmod +x apt-get dpkg-deb npm
  PATH=$PWD:$PATH
  run -1 "$copy/scripts/bats" --where
  [[ $output == *'apt install bats'* ]]
  cat >npm <<'END'
#!/bin/sh
while [ "$1" != --prefix ]; do shift; done
mkdir -p "$2/node_modules/bats/bin"
printf '#!/bin/sh\necho Bats 1.11.1\n' >"$2/node_modules/bats/bin/bats"
chmod +x "$2/node_modules/bats/bin/bats"
END
  run -0 "$copy/scripts/bats" --where
  [[ ${lines[-1]} == "$copy/build/bats/bin/bats" ]]
  [[ $("$copy/build/bats/bin/bats") == 'Bats 1.11.1' ]]
}

@test "half of all programs have at most 60 lines" {
  wc -l labs/*/*.c | sed '$d' | sort -n | awk '
    { lines[NR] = $1 }
    END { median = (lines[int((NR + 1) / 2)] + lines[int(NR / 2) + 1]) / 2
          if (median <= 60) exit 0
          print "the median is " median " lines"
          exit 1 }'
}

@test "slides/README.md has the minutes of each deck: the sum of its notes" {
  local deck
  for deck in slides/*.md; do
    [[ $deck != slides/README.md ]] || continue
    # The note on the first slide is about the whole deck.
    awk -v deck="$(basename "$deck" .md)" '
      /^---$/ { slide++ }
      slide > 2 && match($0, /^[0-9]+ minutes?[.,]/) { sum += $1 }
      END { print deck, sum }' "$deck"
  done | diff <(sed -nE 's/^\| ([a-z]+) \| ([0-9]+) \|.*/\1 \2/p' slides/README.md |
    sort) -
}

### The test runner itself

# A suite of one lab, with one test in each file.
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
  # The transcripts of the overview are run, too.
  good=$(($(wc -w <<<"$files") + 2))
}

@test "test: the last line has the counts; the exit status is 0 if no test failed" {
  small_suite
  echo '@test "later" { skip "not here"; }' >>"$small/tests/one.bats"
  run "$small/scripts/test"
  ((status == 0))
  [[ ${lines[-1]} == "$good passed, 0 failed, 1 skipped" ]]
  [[ $output == *'skipped: not here'* ]]
}

@test "test: a failed test is shown and counted, and the exit status is not 0" {
  small_suite
  echo '@test "bad" { echo because; false; }' >>"$small/tests/one.bats"
  run "$small/scripts/test"
  ((status != 0))
  [[ ${lines[-1]} == "$good passed, 1 failed, 0 skipped" ]]
  [[ $output == *'not ok 2 bad'*'because'* ]]
}

@test "test: a file that ends before all its tests have run counts as failed" {
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
