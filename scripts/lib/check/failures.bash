# failures.bash - how scripts/check prints the failures of a lab, in $work
#
# shellcheck shell=bash disable=SC2154 # work and lab are those of scripts/check

print_failure() { # DETAILS PROGRAM STEP POINTS NAME NOTE, as in table.awk
  local file=$1 lines again about='no points'
  [[ $2 == - ]] || about="$2, step $3, $4 point"
  [[ $2 == - || $4 == 1 ]] || about+=s
  printf '%s:\n  %s\n\n' "$about" "$5"
  [[ -e $file ]] || file=$work/bats.$2 # the tests ended before this one
  lines=$(failure_in "$file")
  again=$(grep '^again: ' <<<"$lines") || :
  sed "/^again: /d; s|^\(ran: *\)labs/$lab/|\1./|; s/^/  /" <<<"$lines"
  [[ $lines == *"step $3 of $2"* || $2 == - ]] ||
    awk -F '\t' -v name="$2" -v step="$3" '$1 == "step" && $2 == name &&
      $3 == step { print "step " step " of " name ": " $5 }' "$work/exercises" |
    fold -s -w 78 | sed 's/^/  /'
  printf '%b\n' "${6:+\n$6}"
  [[ ! $again ]] || printf '  %s\n\n' "$again"
}

# What failure.bash in tests/helper/ has printed. Before that, bats quotes a line
# of the test, which is for its author; a test that was killed prints no more.
failure_in() { # FILE
  if [[ ${VERBOSE-} ]]; then
    cat "$1"
  elif grep -q '^expected: ' "$1"; then
    awk '/^(ran|expected): / { found = 1 } found; /^(again|seed): / { exit }' "$1"
  else
    grep -vE "^ *(\(?(from function|in (test )?file) |\`.*' failed)" "$1" || :
  fi
}

print_failures() {
  local failure n=0 count
  count=$(wc -l <"$work/failures")
  while IFS=$'\t' read -r -a failure; do
    ((n > 0)) || echo
    [[ ${VERBOSE-} ]] || printf "The first that failed: "
    print_failure "${failure[@]:1:5}" "${failure[6]-}"
    n=$((n + 1))
    [[ ${VERBOSE-} ]] || break
  done < <(sort -s -n "$work/failures")
  ((count <= n)) || echo "$((count - n)) more tests failed; VERBOSE=1 shows all."
}
