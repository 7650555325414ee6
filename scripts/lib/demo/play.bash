# play.bash - plays a block of a transcript on terminals
#
# play takes events from the terminals and from the keyboard, compares output
# with the transcript (compare.bash), shows it (stage.bash) and types commands
# and input (terminals.bash).
#
# Whoever sources this sources the files next to it, and sets $limit. A signal
# sets $quit (a status) or $stop; a key sets $go, which ends the block early.
# shellcheck shell=bash disable=SC2154 # the files above set these variables

# The last command of each terminal; whether the shells should end now.
declare -a command=()
leaving=''

nothing_runs() { # N [EXPECTED]
  mismatch "$1" "${command[$1]:+the end of }${command[$1]:-no command}" "${@:2}"
}

nobody_reads() { # N
  nothing_runs "$1" 'a command that can read the input'
}

# Wait a moment for an event, and handle it.
take_event() {
  if [[ $quit ]]; then exit "$quit"; fi
  [[ $stop != stop ]] || pause_demo
  [[ $stop != continue ]] || continue_demo
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
    [[ ! $leaving ]] || nobody_reads "$terminal"
    [[ ! $text ]] || take_line "$terminal" "$text"
    take_status "$terminal" "$status"
    ;;
  .)
    [[ $leaving ]] || mismatch "$terminal" "the end of the terminal's shell"
    ;;
  esac
}

# complete STEP: all output above it has arrived. What can no longer arrive is a
# mismatch.
complete() {
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
  complete "$1" || return
  case ${mark[$1]:-} in
  '$') [[ ${activity[n]} == idle ]] ;;
  '<') [[ ${activity[n]} == running ]] ||
    nobody_reads "$n" ;;
  *) [[ ${activity[*]} != *running* ]] ;;
  esac
}

# late STEP: the time is up; report what STEP waits for
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

# await STEP: handle events until it may be done. Each line has its time; lines
# that "…" stands for have none.
await() {
  local deadline progress=''
  until [[ $go ]] || ready "$1"; do
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
  while [[ ! $go ]] && pids=$(commands) && [[ $pids ]]; do
    ((SECONDS < deadline)) ||
      complain "${origin[-1]}" "processes that have not ended: $pids"
    take_event
  done
}

expect_no_objects() {
  local object
  for object in "${objects[@]}"; do
    ! object_exists "$object" ||
      complain "${origin[-1]}" "this transcript leaves $object behind"
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

# play FOLDER: the loaded block, on new terminals with their shells in FOLDER
play() {
  local n
  start_comparing
  leaving='' go=''
  for n in "${!first[@]}"; do command[n]=''; done
  begin_block "${!first[@]}"
  open_terminals "$1" "${!first[@]}"
  play_steps
  if [[ ! $go ]]; then
    await "${#words[@]}"
    await_commands
    [[ ! $check ]] || expect_no_objects
    end_block
    end_shells
  fi
  close_terminals
  close_panes
  remove_objects
}

play_steps() {
  local i
  for i in "${!words[@]}"; do
    [[ ${mark[i]} != '|' ]] || continue
    await "$i"
    [[ ! $go ]] || return 0
    take_partial "${owner[i]}"
    forget_keys
    show "${owner[i]}" "${mark[i]}" "${words[i]}"
    before_step "$i"
    await "$i"
    [[ ! $go ]] || return 0
    do_step "$i"
  done
}

end_shells() {
  local deadline=$((SECONDS + limit))
  leaving=1
  leave_shells
  while ((${#input[@]} > 0 && SECONDS < deadline)); do take_event; done
}
