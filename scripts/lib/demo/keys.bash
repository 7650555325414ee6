# keys.bash - what somebody at the terminal wants
#
# read_keys, a process of its own, sends each key as an event of terminal 0.
# play.bash passes the event to key(), which answers it, or sets
#
#     entered      ENTER was pressed: the pending step may be typed
#     go           the block to play instead of the present one
#
# ^Z and fg arrive as signals, whose traps set $stop; play.bash then calls
# pause_demo or continue_demo.
#
# Whoever sources this sources the files next to it.
# shellcheck shell=bash disable=SC2034,SC2154 # shared with those files

keyboard='' our_settings='' their_settings='' stop=''
entered='' go='' typed='' # digits, so far

# From now on there is somebody who presses ENTER.
start_stepping() {
  stepping=1
  their_settings=$(stty -g)
  # What "read -sn 1" would set, and reset after each key.
  stty -echo -echok -echonl -icanon isig min 1 time 0
  our_settings=$(stty -g)
  read_keys <&0 >"/dev/fd/$events" &
  keyboard=$!
  tell_keeper "settings $our_settings $their_settings"
  tell_keeper "keyboard $keyboard"
  note 'ENTER next   b back   r repeat   l list   q quit   ? help'
}

read_keys() {
  local key
  trap '' INT
  close_other_descriptors ''
  while IFS= read -rsn 1 key; do printf '0+%s\n' "$key" || exit; done
  printf '0+q\n' # the terminal has gone
}

# Unless others have changed the settings since: a shell with job control does
# so when the demo stops or is killed.
restore_settings() {
  if [[ $our_settings && $(stty -g) == "$our_settings" ]]; then
    stty "$their_settings"
  fi
} 2>/dev/null

# The end, however it came: see keeper.
clean_up() {
  [[ ! $keyboard ]] || kill -s KILL "$keyboard" 2>/dev/null
  restore_settings
  end_all
  remove_objects
  unreserve
}

# Stop, as if nothing had caught ^Z. The time until the shell continues us does
# not count.
pause_demo() {
  local now=$SECONDS
  if [[ $stepping ]]; then
    kill -s STOP "$keyboard"
    (trap '' TTOU; restore_settings)
  fi
  trap - TSTP
  kill -s TSTP $$
  trap stop=stop TSTP
  SECONDS=$now
  stop='continue' # nothing stops us if there is no shell to continue us
}

continue_demo() {
  stop=''
  [[ $stepping ]] || return 0
  stty "$our_settings"
  kill -s CONT "$keyboard"
  show_pending
}

# key KEY: '' is ENTER
key() {
  local number=$typed
  typed=''
  case $1 in
  [0-9]) typed=$number$1; printf %s "$1" ;;
  '') if [[ $number ]]; then jump "$((10#$number))"; else entered=1; fi ;;
  b) back ;;
  r) go=$block ;;
  l) list_blocks; show_pending ;;
  q) exit 0 ;;
  '?') help; show_pending ;;
  esac
}

jump() { # NUMBER
  if (($1 >= 1 && $1 <= ${#block_title[@]})); then
    go=$(($1 - 1))
  else
    printf '\n'
    note "The blocks are numbered from 1 to ${#block_title[@]}."
    show_pending
  fi
}

# To the start of this block or, if nothing has been typed yet, the one before.
back() {
  go=$block
  [[ ! "${passed[*]}" ]] || return 0
  while ((go > 0)); do
    go=$((go - 1))
    [[ ${unwritten[go]-} ]] || break
  done
}

help() {
  note 'ENTER    type the command or the input that is shown
b        back to the start of this block, or to the block before
r        repeat this block
l        list the blocks
5 ENTER  go to block 5
q        quit'
}

# Those of this lab; of other labs only the numbers.
list_blocks() {
  local i lab='' first='' arrow
  printf '\n'
  for i in "${!block_title[@]}"; do
    if [[ ${block_lab[i]} != "$lab" ]]; then
      lab=${block_lab[i]} first=$((i + 1))
    fi
    if [[ $lab == "${block_lab[block]}" ]]; then
      arrow=' '
      if ((i == block)); then arrow='>'; fi
      printf '%s %7s  %s: %s\n' "$arrow" "$((i + 1))" "$lab" "${block_title[i]}"
    elif [[ ${block_lab[i + 1]-} != "$lab" ]]; then
      printf '  %7s  %s\n' "$first-$((i + 1))" "$lab"
    fi
  done
  printf '\n'
}

# Keys that were pressed before the step is shown do not count. Once it is shown,
# they do.
forget_keys() {
  [[ $stepping ]] || return 0
  for _ in {1..100}; do
    read -r -t 0 -u "$events" || break
    take_event
  done
  entered=''
}

await_enter() { until [[ $entered || $go ]]; do take_event; done; }
