#!/usr/bin/env bats
# What the grader says of submissions of known worth, for the lab LAB: a small
# part of scripts/trust, which has the rest.

bats_require_minimum_version 1.5.0

setup() {
  [[ -n ${LAB-} ]] || skip 'run by scripts/test, once for each lab'
  cd "$BATS_TEST_DIRNAME/../.." || return
}

exercises() { scripts/lib/tags "$LAB" | cut -f 2 | sort -u; }

@test "at least eight mutants, each with what it must lose" {
  local patch
  (($(find "tests/mutants/$LAB" -name '*.patch' | wc -l) >= 8))
  for patch in "tests/mutants/$LAB"/*.patch; do
    patch -s -p0 --dry-run <"$patch"
    [[ $(head -n 1 "$patch") != *:* ]]
    (($(grep -c '^Loses: [1-9][0-9]*$' "$patch") == 1))
    # Of the tests that are named, each is there; together they are worth no more.
    LOSES=$(sed -n 's/^Loses: //p' "$patch") awk -F '\t' -v patch="$patch" '
      NR == FNR { worth[$6] = $4; next }
      sub(/^Fails: /, "") { tests++; sum += worth[$0]
                            if (!($0 in worth)) print patch ": no test " $0 }
      END { if (!tests || sum > ENVIRON["LOSES"]) print patch ": loses " sum }
    ' <(scripts/lib/tags "$LAB") "$patch"
  done | { ! grep .; }
}

@test "at least three variants of each exercise" {
  local name
  for name in $(exercises); do
    (($(find "tests/variants/$LAB" -name "$name.c" | wc -l) >= 3)) ||
      echo "$name"
  done | { ! grep .; }
}

@test "a mutant loses what it must, a variant nothing" {
  LIMIT=20 run scripts/trust -q -j 2 "$LAB"
  echo "$output"
  ((status == 0))
  [[ ${lines[-1]} == '2 right, 0 wrong' ]]
}
