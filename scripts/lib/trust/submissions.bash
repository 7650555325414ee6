# submissions.bash - the submissions that scripts/trust makes for $lab, in $work
#
# Each is noted by expect, which describes what it must get.
# shellcheck shell=bash disable=SC2154 # lab and work are those of scripts/trust

make_references() { # RUNS
  local run name
  for ((run = 1; run <= $1; run++)); do
    new_submission "reference-$run"
    for name in $(exercises); do
      cp "labs/$lab/$name.c" "$work/$lab/reference-$run"
      # The seed depends on the source.
      echo "/* $run $RANDOM */" >>"$work/$lab/reference-$run/$name.c"
    done
    expect "reference-$run" - 0
  done
}

make_variants() {
  local folder name
  for folder in "tests/variants/$lab"/*/; do
    name=variant-$(basename "$folder")
    new_submission "$name"
    cp "$folder"*.c "$work/$lab/$name"
    expect "$name" - 0
  done
}

make_unfinished() {
  local name step
  for name in $(exercises); do
    new_submission "starter-$name"
    scripts/lib/handout/cut "labs/$lab/$name.c" >"$work/$lab/starter-$name/$name.c"
    # An unchanged starter would not even be tried.
    echo '/* Mine. */' >>"$work/$lab/starter-$name/$name.c"
    expect "starter-$name" "$name" all
    new_submission "idle-$name"
    echo 'int main(void) { return 0; }' >"$work/$lab/idle-$name/$name.c"
    expect "idle-$name" "$name" all
    for step in $(scripts/lib/check/steps "labs/$lab/$name.c" | cut -f 1); do
      new_submission "without-$name-$step"
      scripts/lib/handout/cut -s "$step" "labs/$lab/$name.c" \
        >"$work/$lab/without-$name-$step/$name.c"
      expect "without-$name-$step" "$name" some "step $step"
    done
  done
}

# The mutant that loses least, since it is graded fastest, and a variant of the
# same program.
make_sample() {
  local name patch
  patch=$(grep -H '^Loses: ' "tests/mutants/$lab"/*.patch | sort -t : -k 3n |
    head -n 1 | cut -d : -f 1)
  make_mutant "$patch"
  name=$(sed -n 's|^--- labs/[^/]*/\(.*\)\.c$|\1|p' "$patch")
  new_submission variant
  cp "$(find "tests/variants/$lab" -name "$name.c" | sort | head -n 1)" \
    "$work/$lab/variant"
  expect variant "$name" 0
}

make_mutant() { # PATCH
  local name program fails
  name=mutant-$(basename "$1" .patch)
  program=$(sed -n 's|^--- labs/[^/]*/\(.*\)\.c$|\1|p' "$1")
  new_submission "$name"
  patch -s -o "$work/$lab/$name/$program.c" "labs/$lab/$program.c" "$1"
  mapfile -t fails < <(sed -n 's/^Fails: //p' "$1")
  expect "$name" "$program" "$(sed -n 's/^Loses: //p' "$1")" "${fails[@]}"
}

make_mutants() {
  local patch
  for patch in "tests/mutants/$lab"/*.patch; do
    make_mutant "$patch"
  done
}
