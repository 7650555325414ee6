#!/usr/bin/env bats
# scripts/handout: what the students' copy contains, and what it does not.

bats_require_minimum_version 1.5.0

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  out=$BATS_TEST_TMPDIR/out
  tree=$out/ipc-labs
}

# A copy that a test may change; it is not a git repository.
copy_suite() { # LAB...
  local lab
  suite="$BATS_TEST_TMPDIR/a suite"
  mkdir -p "$suite"/{labs,tests}
  cp -r "$root"/{Makefile,README.md,LICENSE,.gitignore,common,scripts} "$suite"
  cp -r "$root"/tests/{helper{,.bash},labrun} "$suite/tests"
  cp "$root/labs/README.md" "$suite/labs"
  for lab; do
    mkdir "$suite/labs/$lab"
    cp "$root/labs/$lab"/{Makefile,*.[ch],*.md} "$suite/labs/$lab"
    cp "$root/tests/$lab".bats "$suite/tests"
  done
}

build_handout() { # LAB...: of the copy
  "$suite/scripts/handout" "$out" "$@"
}

@test "no STEP and no line of a step is in it, each TODO is" {
  local file steps
  read -ra labs < <(make -s -C "$root" print-labs)
  "$root/scripts/handout" "$out" "${labs[@]}"
  ! grep -rn '/\* STEP ' "$tree/labs" "$tree/tests" || return 1
  for file in "$root"/labs/*/*.c; do
    cmp <("$root/scripts/lib/handout/cut" "$file") "$tree/${file#"$root/"}"
    steps=$("$root/scripts/lib/check/steps" "$file" | wc -l)
    (("$(grep -c '/\* TODO ' "$tree/${file#"$root/"}")" == steps))
    diff "$file" "$tree/${file#"$root/"}" | sed -n 's/^< *//p' |
      grep -E '.{25}' | grep -v STEP >>"$BATS_TEST_TMPDIR/solution" || :
  done
  (($(wc -l <"$BATS_TEST_TMPDIR/solution") > 20))
  ! grep -rnFf "$BATS_TEST_TMPDIR/solution" "$tree" --include='*.md' \
    --include='*.bats' --include='*.bash' || return 1
}

@test "it refers to nothing that it does not contain" {
  local labs
  read -ra labs < <(make -s -C "$root" print-labs)
  "$root/scripts/handout" "$out" "${labs[@]}"
  # Except that the demo plays slides and answers if they exist.
  ! grep -rnE 'slides/|scripts/(handout|grade|trust)|lib/(handout|grade)|answers\.md' \
    "$tree" --exclude=demo || return 1
  ! grep -rnE 'make (handout|gradescope|trust)|every-lab|tests/suite|git checkout' \
    "$tree" || return 1
}

@test "it has the rooms that a student needs, and no others" {
  "$root/scripts/handout" "$out" pipe
  (cd "$tree" && find . -mindepth 1 -maxdepth 2 ! -name '*.[ch]' | sort) \
    >"$BATS_TEST_TMPDIR/list"
  diff "$BATS_TEST_TMPDIR/list" - <<'END'
./.gitignore
./LICENSE
./Makefile
./README.md
./common
./common/lab.mk
./labs
./labs/README.md
./labs/pipe
./scripts
./scripts/bats
./scripts/check
./scripts/clean
./scripts/demo
./scripts/doctor
./scripts/lib
./scripts/submit
./scripts/why
./tests
./tests/helper
./tests/helper.bash
./tests/labrun
./tests/pipe.bats
./tests/starters
END
  [[ $(make -s -C "$tree" print-labs) == pipe ]]
  ! grep -n 'labs/fifo/README\|nstructor' "$tree/README.md" || return 1
  [[ $(make -s -C "$tree" help) != *"make handout"* ]]
  tar -tzf "$out/ipc-labs.tar.gz" | sed 's|/$||' | sort |
    diff - <(cd "$out" && find ipc-labs | LC_ALL=C sort)
}

@test "every starter compiles, and is as its checksum says" {
  "$root/scripts/handout" "$out" pipe
  make -s -C "$tree/labs/pipe" >/dev/null 2>&1
  (cd "$tree" && sha256sum --quiet -c tests/starters)
  [[ $(cut -c 67- "$tree/tests/starters") == 'labs/pipe/capacity.c
labs/pipe/child_parent.c
labs/pipe/parent_child.c
labs/pipe/pipeline.c' ]]
}

@test "it is the same byte for byte, wherever, whenever and by whomever it is made" {
  copy_suite pipe
  build_handout pipe
  mv "$out" "$BATS_TEST_TMPDIR/first"
  find "$suite" -exec touch -d 2001-02-03 {} +
  find "$suite" -type f -exec chmod g+w,o-r {} +
  mv "$suite" "$suite again"
  suite+=' again'
  (
    umask 077
    cd /
    LC_ALL=C.UTF-8 TZ=Asia/Tokyo build_handout pipe
  )
  cmp "$BATS_TEST_TMPDIR/first/ipc-labs.tar.gz" "$out/ipc-labs.tar.gz"
  # No trace of its maker, or of the order in the file system.
  ! tar -tvzf "$out/ipc-labs.tar.gz" | grep -v " 0/0 " || return 1
  tar -tzf "$out/ipc-labs.tar.gz" | tr / "\001" | LC_ALL=C sort -c
  diff -r "$BATS_TEST_TMPDIR/first" "$out"
  [[ $(stat -c %a "$tree" "$tree/scripts/check" "$tree/Makefile" |
    tr '\n' ' ') == '755 755 644 ' ]]
}

@test "with git and without, it contains sources, and no other file that lies about" {
  copy_suite pipe
  build_handout pipe
  mv "$out" "$BATS_TEST_TMPDIR/clean"
  if command -v git >/dev/null; then
    git -C "$suite" init -q
    git -C "$suite" add -A
    echo 'int main(void) { }' >"$suite/labs/pipe/untracked.c"
    build_handout pipe
    cmp "$BATS_TEST_TMPDIR/clean/ipc-labs.tar.gz" "$out/ipc-labs.tar.gz"
    rm -rf "$suite/.git" "$suite/labs/pipe/untracked.c"
  fi
  local junk
  for junk in eof.c~ '#eof.c#' .eof.c.swp eof.o eof core eof.c.orig; do
    echo junk >"$suite/labs/pipe/$junk"
  done
  mkdir "$suite/build"
  cp "$suite/common/io.c" "$suite/build"
  echo junk >"$suite/scripts/check~"
  ln -s /etc/passwd "$suite/common/link.c"
  build_handout pipe
  diff -r "$BATS_TEST_TMPDIR/clean" "$out"
}

# So that bats does not take them for tests of this file.
unquote() { sed -E 's/^[|] ?//'; }

@test "hidden tests are cut out; a file that has no others is left out" {
  copy_suite fifo
  unquote >"$suite/tests/fifo.mine.bats" <<'END'
| load helper
|
| # What is shown.
| # bats test_tags=writer,step:1,points:2
| @test "shown" {
|   true
| }
|
| # What is secret.
| # bats test_tags=writer,step:2,hidden
| @test "secret" {
|   echo 'a secret }'
| }
|
| # bats test_tags=hidden,writer,step:3
| @test "another secret" { true; }
|
| @test "shown, too" { true; }
END
  printf 'load helper\n# bats test_tags=writer,step:1,hidden\n%s\n' '@test "secret" { false; }' \
    >"$suite/tests/fifo.secret.bats"
  printf '# bats file_tags=hidden\n%s\n' '@test "secret" { false; }' \
    >"$suite/tests/fifo.more.bats"
  build_handout fifo
  ! grep -rnw secret "$tree" || return 1
  diff "$tree/tests/fifo.mine.bats" - < <(unquote <<"END"
| load helper
|
| # What is shown.
| # bats test_tags=writer,step:1,points:2
| @test "shown" {
|   true
| }
|
|
|
| @test "shown, too" { true; }
END
  )
  [[ $(cd "$tree/tests" && echo fifo*) == 'fifo.bats fifo.mine.bats' ]]
}

@test "a hidden test that cannot be cut out is an error" {
  copy_suite fifo
  unquote >"$suite/tests/fifo.mine.bats" <<'END'
| # bats test_tags=hidden
| @test "secret" {
|   cat <<END_OF_TEXT
| }
| END_OF_TEXT
|   if true; then false; fi
| }
|
| @test "shown" { true; }
END
  run build_handout fifo
  ((status == 1))
  [[ $output == *'tests/fifo.mine.bats: cannot cut'* ]]
}

@test "make handout takes the labs in LABS, and no others" {
  copy_suite pipe fifo
  make -s -C "$suite" handout LABS=fifo
  [[ $(cd "$suite/build/handout/ipc-labs/labs" && ls -d -- */) == fifo/ ]]
  run "$suite/scripts/handout" "$out" no-such-lab
  ((status == 1))
  [[ $output == *'no lab no-such-lab'* ]]
}

@test "make demo names the programs that have steps to do, and plays the others" {
  command -v script >/dev/null || skip 'script is missing (util-linux)'
  "$root/scripts/handout" "$out" pipe
  cat >"$tree/labs/pipe/README.md" <<'END'
## First

```console
$ ./parent_child hello
hello
```

## Second

```console
$ ./self hello
sent 5 bytes
received 5 bytes: hello
```
END
  run make -s -C "$tree" demo LAB=pipe </dev/null
  ((status == 0))
  [[ $output == *'First: not played, since parent_child has steps'* ]]
  [[ $output == *'received 5 bytes: hello'* ]]
  cp "$root/labs/pipe/parent_child.c" "$tree/labs/pipe"
  run make -s -C "$tree" demo LAB=pipe </dev/null
  ((status == 0))
  [[ $output != *'not played'* && $output == *$'\nhello'* ]]
}
