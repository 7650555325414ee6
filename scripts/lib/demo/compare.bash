# compare.bash - compares what terminals print with what a transcript expects
#
# "…" makes several readings of the same output possible. So we keep all steps
# that may be the next one of a terminal: its places, in ascending order.
#
# Whoever sources this sources the files next to it.
# shellcheck shell=bash disable=SC2034,SC2154 # shared with those files

# following[i] is the next step of the same terminal, first[n] terminal n's
# first one. The end of the block counts as a step. passed[i]: it was typed.
declare -a following=() first=() passed=()

# Of each terminal: its places; whether an empty line has come that may be none;
# the line before.
declare -a places=() blank=() last=()

start_comparing() {
  local i n after
  first=() passed=()
  for ((i = ${#words[@]} - 1; i >= 0; i--)); do
    following[i]=${first[owner[i]]:-${#words[@]}}
    first[owner[i]]=$i
  done
  for n in "${!first[@]}"; do
    after=()
    arrive "${first[n]}"
    places[n]=${!after[*]} blank[n]='' last[n]=''
  done
}

# like LINE PATTERN: "…" in PATTERN is anything
like() {
  local glob=${2//\\/\\\\}
  glob=${glob//\*/\\*} glob=${glob//\?/\\?} glob=${glob//\[/\\[}
  # shellcheck disable=SC2254 # it is a pattern
  case $1 in ${glob//…/*}) ;; *) return 1 ;; esac
}

# Add a step to the caller's $after, with those that may be next as well: "…"
# may stand for no line at all, and input may have been typed.
arrive() {
  local i=$1
  after[i]=1
  while [[ ${passed[i]:-} || (${mark[i]:-} == '|' && ${words[i]} == …) ]]; do
    i=${following[i]}
    after[i]=1
  done
}

# advance N LINE: set the caller's $after to the places of terminal N then
advance() {
  local i
  after=()
  for i in ${places[$1]}; do
    [[ ${mark[i]:-} == '|' ]] || continue
    if [[ ${words[i]} == … ]]; then
      arrive "$i"
    elif like "$2" "${words[i]}"; then
      arrive "${following[i]}"
    fi
  done
}

# mismatch N GOT [EXPECTED]: by default, what the furthest reading expects
mismatch() {
  local i=${places[$1]##* } expected='no more output'
  if [[ ${mark[i]:-} == '|' ]]; then expected=${words[i]}; fi
  complain "${origin[i]:-${origin[-1]}}" "terminal $1
expected: ${3:-$expected}
got:      $2" "$i"
}

# take_line N LINE: the terminal has printed it
take_line() {
  local after
  advance "$1" "$2"
  # Where SIGINT ends a command, the shell ends the line. We know only at the
  # prompt whether an empty line is that or output.
  if [[ ${#after[@]} == 0 && ! $2 && ! ${blank[$1]} ]]; then
    blank[$1]=1
    return
  fi
  # "[1] 4121", "[1]+  Done ...": only if the transcript has it.
  if ((${#after[@]} == 0)) && is_job_notice "$2"; then return; fi
  show "$1" '|' "$2"
  if [[ ${blank[$1]} ]]; then mismatch "$1" 'an empty line'; fi
  if ((${#after[@]} == 0)); then mismatch "$1" "$2"; fi
  places[$1]=${!after[*]}
  last[$1]=$2
}

# What the shell prints about its jobs, when it likes.
is_job_notice() { # LINE
  [[ $1 =~ ^\[[0-9]+\](\ [0-9]+$|[-+\ ]\ +[A-Z]) ]]
}

# take_partial N: what has come of a line is all that comes
take_partial() {
  local line=${partial[$1]}
  partial[$1]=''
  [[ ! $line ]] || take_line "$1" "$line"
}

# take_status N STATUS: the command has ended
take_status() {
  [[ $2 != 130 ]] || blank[$1]=''
  if [[ ${blank[$1]} ]]; then mismatch "$1" 'an empty line'; fi
  [[ $2 == 0 ]] || take_line "$1" "[exit $2]"
}

# reached N STEP: all that terminal N should print before STEP has come
reached() {
  local after
  if ((${places[$1]##* } >= $2)); then return 0; fi
  [[ ${partial[$1]} ]] || return 1
  advance "$1" "${partial[$1]}"
  after=(-1 "${!after[@]}")
  ((after[-1] >= $2))
}

# pass STEP: it is done. Before a command all output has come; but a "…" may
# still take lines that were on their way when input was typed.
pass() {
  local n=${owner[$1]} i after=()
  passed[$1]=1
  if [[ ${mark[$1]} == '$' ]]; then places[n]=${following[$1]}; fi
  for i in ${places[n]}; do arrive "$i"; done
  places[n]=${!after[*]} last[n]=''
}
