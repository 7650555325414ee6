#!/usr/bin/env bats
# The grader's verdicts on submissions of known worth, for the lab LAB: a small
# part of scripts/trust, which does the rest.

bats_require_minimum_version 1.5.0

setup() {
  [[ -n ${LAB-} ]] || skip 'run by scripts/test, once for each lab'
  cd "$BATS_TEST_DIRNAME/../.." || return
}

exercises() { scripts/lib/tags --exercises "$LAB"; }

@test "there are at least eight mutants, each with the points that it must lose" {
  local patch
  (($(find "tests/mutants/$LAB" -name '*.patch' | wc -l) >= 8))
  for patch in "tests/mutants/$LAB"/*.patch; do
    patch -s -p0 --dry-run <"$patch"
    [[ $(head -n 1 "$patch") != *:* ]]
    (($(grep -c '^Loses: [1-9][0-9]*$' "$patch") == 1))
    # The tests that it names exist, and together are worth no more.
    LOSES=$(sed -n 's/^Loses: //p' "$patch") awk -F '\t' -v patch="$patch" '
      NR == FNR { worth[$8] = $6; next }
      sub(/^Fails: /, "") { tests++; sum += worth[$0]
                            if (!($0 in worth)) print patch ": no test " $0 }
      END { if (!tests || sum > ENVIRON["LOSES"]) print patch ": loses " sum }
    ' <(scripts/lib/tags "$LAB") "$patch"
  done | { ! grep .; }
}

@test "there are at least three variants of each exercise" {
  local name
  for name in $(exercises); do
    (($(find "tests/variants/$LAB" -name "$name.c" | wc -l) >= 3)) ||
      echo "$name"
  done | { ! grep .; }
}

@test "a mutant loses the points that it must, a variant loses none" {
  LIMIT=20 run scripts/trust -q -j 2 "$LAB"
  echo "$output"
  ((status == 0))
  [[ ${lines[-1]} == '2 right, 0 wrong' ]]
}
