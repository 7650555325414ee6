# stage.bash - shows a demo: as plain text, or in tmux panes
#
# Everything is written to stdout or, for a terminal with a pane, to the pane's
# terminal. Commands, input and output look different if stdout is a terminal.
#
# Whoever sources this sets $check, $stepping and $block, and sources
# document.bash and keys.bash.
# shellcheck shell=bash disable=SC2154 # the files above set these variables

declare -a pane=() screen=()
pending='' # the step that is shown, and waits for ENTER

bold='' green='' faint='' underlined='' plain=''
if [[ -t 1 && ${TERM:-dumb} != dumb && ! ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' green=$'\e[1;32m' faint=$'\e[2m'
  underlined=$'\e[1;4m' plain=$'\e[m'
fi

note() { printf '%s\n' "$faint$1$plain"; }

# open_panes N...: below this one, side by side
open_panes() {
  local n fd reply split=(-v -l 75% -t "$TMUX_PANE") left=$#
  for n; do
    # They end with us, however we end.
    if ! reply=$(tmux split-window -d "${split[@]}" \
      -P -F '#{pane_id} #{pane_tty}' \
      "stty -echo; exec tail --pid=$$ -f /dev/null"); then
      close_panes
      return
    fi
    exec {fd}>"${reply#* }"
    pane[n]=${reply% *} screen[n]=$fd
    printf '%s\n\n' "${underlined}terminal $n$plain" >&"$fd"
    left=$((left - 1))
    split=(-h -l "$((100 * left / (left + 1)))%" -t "${pane[n]}")
  done
}

close_panes() {
  local n fd
  for n in "${!pane[@]}"; do
    tmux kill-pane -t "${pane[n]}" 2>/dev/null || true
    fd=${screen[n]}
    exec {fd}>&-
  done
  pane=() screen=()
}

begin_block() { # N...: its terminals
  [[ ! $check ]] || return 0
  printf '\n%s\n\n' \
    "$underlined== $((block + 1)) ${block_lab[block]}: ${block_title[block]}$plain"
  if [[ $stepping && $# -gt 1 && ${TMUX_PANE:-} ]]; then open_panes "$@"; fi
}

show() { # N MARK TEXT
  local style=''
  case $2 in
  '$') style=$bold ;;
  '<') style=$green ;;
  esac
  if [[ $check ]]; then
    return
  elif [[ ${screen[$1]:-} ]]; then
    numbered='' print_styled "$style" "$@" >&"${screen[$1]}" || true
  else
    print_styled "$style" "$@" 2>/dev/null # if stdout is closed, SIGPIPE ends us
  fi
}

print_styled() { # STYLE N MARK TEXT
  if [[ $1 ]]; then
    printf '%s\n' "$1$(print_step "${@:2}")$plain"
  else
    print_step "${@:2}"
  fi
}

show_pending() {
  [[ ! $pending ]] ||
    show "${owner[pending]}" "${mark[pending]}" "${words[pending]}"
}

before_step() { # STEP: it has been shown, and is not typed yet
  [[ $stepping ]] || return 0
  pending=$1
  await_enter
  pending=''
}

# The panes disappear with what they show.
end_block() {
  ((${#pane[@]} > 0)) || return 0
  forget_keys
  note 'ENTER closes these terminals'
  await_enter
  close_panes
}
