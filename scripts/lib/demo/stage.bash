# stage.bash - shows a demo: as plain text, step by step, or in tmux panes
#
# Who sources this sets $check and $lab, and sources document.bash and
# play.bash.
# shellcheck shell=bash disable=SC2154 # the files above set these variables

stepping='' keyboard='' tty_settings='' enters=0
declare -a pane=() screen=()

# From now on there is somebody who presses ENTER.
start_stepping() {
  stepping=1
  tty_settings=$(stty -g)
  stty -echo -icanon min 1 time 0
  tell_keys <&0 >&"$events" &
  keyboard=$!
  echo 'ENTER goes on, q leaves.'
}

stop_stepping() {
  [[ $stepping ]] || return 0
  kill "$keyboard" 2>/dev/null
  wait "$keyboard" # it restores the settings that it has found
  stty "$tty_settings"
}

tell_keys() {
  local key
  trap '' INT
  while IFS= read -rsn 1 key; do printf '0+%s\n' "$key"; done
  printf '0+q\n'
}

key() {
  case $1 in
  q) exit 0 ;;
  '') enters=$((enters + 1)) ;;
  esac
}

await_enter() {
  while ((enters == 0)); do take_event; done
  enters=$((enters - 1))
}

# open_panes N...: below this one, side by side
open_panes() {
  local n reply split=(-v -l 75% -t "$TMUX_PANE") left=$#
  for n; do
    # They end with us, however we end.
    if ! reply=$(tmux split-window -d "${split[@]}" \
      -P -F '#{pane_id} #{pane_tty}' \
      "stty -echo; exec tail --pid=$$ -f /dev/null"); then
      close_panes
      return
    fi
    pane[n]=${reply% *} screen[n]=${reply#* }
    printf 'terminal %s\n\n' "$n" >"${screen[n]}"
    left=$((left - 1))
    split=(-h -l "$((100 * left / (left + 1)))%" -t "${pane[n]}")
  done
}

close_panes() {
  local n
  for n in "${!pane[@]}"; do
    tmux kill-pane -t "${pane[n]}" 2>/dev/null || true
  done
  pane=() screen=()
}

begin_block() {
  [[ ! $check ]] || return 0
  printf '\n== %s: %s\n\n' "$lab" "$heading"
  if [[ $stepping && $# -gt 1 && ${TMUX_PANE:-} ]]; then open_panes "$@"; fi
}

show() {
  if [[ $check ]]; then
    return
  elif [[ ${screen[$1]:-} ]]; then
    numbered='' print_step "$@" >"${screen[$1]}" || true
  else
    print_step "$@"
  fi
}

before_step() {
  [[ ! $stepping ]] || await_enter
}

# What the panes show goes away with them.
end_block() {
  ((${#pane[@]} > 0)) || return 0
  await_enter
  close_panes
}
