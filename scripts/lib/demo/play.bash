# play.bash - plays a block of a transcript on terminals
#
# Who sources this sources the files beside it, sets $limit and, when it is to
# stop, $quit (a status), and defines
#     begin_block N...    these are the terminals
#     before_step         a command or input was shown, and is not typed yet
#     end_block           all has come, all commands have ended
#     key KEY             a key was pressed (an event of terminal 0)
# shellcheck shell=bash disable=SC2154 # the files above set these variables

# The last command of each terminal; whether the shells should end now.
declare -a command=()
ended=''

nothing_runs() { # N [EXPECTED]
  mismatch "$1" "${command[$1]:+the end of }${command[$1]:-no command}" "${@:2}"
}

nobody_reads() { # N
  nothing_runs "$1" 'a command that can read the input'
}

# Wait a moment for an event, and take it in.
take_event() {
  if [[ $quit ]]; then exit "$quit"; fi
  next_event || return 0
  if ((terminal == 0)); then
    key "$text"
    return
  fi
  case $event in
  +) take_line "$terminal" "$text" ;;
  start) [[ ! $text ]] || take_line "$terminal" "$text" ;;
  surprise) nobody_reads "$terminal" ;;
  prompt)
    [[ ! $ended ]] || nobody_reads "$terminal"
    [[ ! $text ]] || take_line "$terminal" "$text"
    take_status "$terminal" "$status"
    ;;
  .)
    [[ $ended ]] || mismatch "$terminal" "the end of the terminal's shell"
    ;;
  esac
}

# come STEP: all that should come before it has come. What can not come any
# more is a mismatch.
come() {
  local n
  for n in "${!first[@]}"; do
    if [[ ${activity[n]} == starting ]]; then return 1; fi
    if ! reached "$n" "$1"; then
      [[ ${activity[n]} == running || ${jobs[n]} != 0 ]] ||
        nothing_runs "$n"
      return 1
    fi
  done
}

# ready STEP: it may be done now
ready() {
  local n=${owner[$1]:-}
  come "$1" || return
  case ${mark[$1]:-} in
  '$') [[ ${activity[n]} == idle ]] ;;
  '<') [[ ${activity[n]} == running ]] ||
    nobody_reads "$n" ;;
  *) [[ ${activity[*]} != *running* ]] ;;
  esac
}

# late STEP: the time is up; say what STEP waits for
late() {
  local n within="within $limit s"
  for n in "${!first[@]}"; do
    if [[ ${activity[n]} == starting ]]; then
      mismatch "$n" "nothing $within" \
        "the start of ${command[n]:-its shell}"
    elif ! reached "$n" "$1"; then
      mismatch "$n" "nothing${partial[n]:+ but \"${partial[n]}\"}\
${last[n]:+ after \"${last[n]}\"} $within"
    fi
  done
  for n in ${owner[$1]:-"${!first[@]}"}; do
    [[ ${activity[n]} != running ]] ||
      mismatch "$n" "nothing $within" "the end of ${command[n]}"
  done
}

# await STEP: take in what happens until it may be done. Each line has its
# time; lines that "…" stands for have none.
await() {
  local deadline progress=''
  until ready "$1"; do
    if [[ $progress != "${places[*]} ${activity[*]}" ]]; then
      progress="${places[*]} ${activity[*]}"
      deadline=$((SECONDS + limit + 1))
    elif ((SECONDS >= deadline)); then
      late "$1"
    fi
    take_event
  done
}

# Those in the background, too.
await_commands() {
  local pids deadline=$((SECONDS + limit + 1))
  while pids=$(commands) && [[ $pids ]]; do
    ((SECONDS < deadline)) ||
      complain "${origin[-1]}" "processes that have not ended: $pids"
    take_event
  done
}

do_step() {
  local n=${owner[$1]}
  pass "$1"
  if [[ ${mark[$1]} == '$' ]]; then
    command[n]="\`${words[$1]}\`"
    type_command "$n" "${words[$1]}"
  else
    type_input "$n" "${words[$1]}"
  fi
}

# play FOLDER: the block, on new terminals with their shells in FOLDER
play() {
  local i n deadline
  start_comparing
  ended=''
  for n in "${!first[@]}"; do command[n]=''; done
  begin_block "${!first[@]}"
  open_terminals "$1" "${!first[@]}"
  for i in "${!words[@]}"; do
    [[ ${mark[i]} != '|' ]] || continue
    await "$i"
    take_partial "${owner[i]}"
    show "${owner[i]}" "${mark[i]}" "${words[i]}"
    before_step
    await "$i"
    do_step "$i"
  done
  await "${#words[@]}"
  await_commands
  end_block
  ended=1
  leave_shells
  deadline=$((SECONDS + limit))
  while ((${#input[@]} > 0 && SECONDS < deadline)); do take_event; done
  close_terminals
}
