# terminals.bash - terminals with a shell each, to play transcripts on
#
# Every terminal is a pseudoterminal made by script(1). One pipe, $events,
# carries what happens on all of them, one line per event: the terminal's
# number, then
#
#     +TEXT   the end of a line of output
#     -TEXT   a part of a line that has not ended yet
#     .       the shell has ended
#
# Terminal 0 is the keyboard (keys.bash). Only next_event reads the pipe.
#
# The shell writes MARK at each prompt, before a status, and when it starts a
# command: so one can tell where the output ends.
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the files around it

readonly MARK=$'\036'

# What each terminal does: starting (its shell, or a command), running, idle.
# How many jobs its shell has in the background; a line that has not ended.
declare -a activity=() jobs=() shell=() input=() partial=()
senders=() # the processes that run send_events

# A pipe that needs no name, open at both ends, in $fd. (Not <(:), although it
# is shorter: bash may miss the end of a process that is this short.)
make_pipe() {
  local folder
  folder=$(mktemp -d)
  mkfifo "$folder/pipe"
  exec {fd}<>"$folder/pipe"
  rm -r "$folder"
}

make_pipe
events=$fd begun=''
make_pipe
never=$fd # where nothing ever comes

# Programs on the terminals have the descriptors 0, 1 and 2 only. Nobody but us
# holds a descriptor of our pipes: what we start sees it if we are killed.
close_other_descriptors() { # EXCEPT
  local fd
  for fd in /proc/self/fd/*; do
    fd=${fd##*/}
    if ((fd > 2)) && [[ $fd != "$1" ]]; then exec {fd}>&-; fi
  done
}

# Become a terminal with a shell, in the folder $1. The environment is the same
# for everybody, and SIGINT, which is ignored here, has its usual effect. A ^C
# where we run must not reach script(1): so it gets a session of its own.
shell_on_terminal() {
  trap '' HUP INT TERM
  cd "$1" || exit
  close_other_descriptors ''
  # shellcheck disable=SC2016 # the shell on the terminal expands these
  exec env -i --default-signal PATH="$PATH" HOME=/ SHELL=/bin/sh \
    TERM=dumb LC_ALL=C.UTF-8 HISTFILE= MAILCHECK= IPC_DEMO="$number" \
    PS0="$MARK"$'\n' PS1="$MARK"'$? $$ \j'$'\n' PS2= \
    setsid script -qfec 'stty -echo -onlcr rows 24 cols 80
      exec bash --norc --noprofile --noediting -i' /dev/null
}

# Send standard input as events of terminal $1. A line that has not ended after
# a moment is sent as far as it is there.
send_events() {
  local first rest
  trap '' HUP INT TERM
  close_other_descriptors ''
  while IFS= read -r -N 1 first; do
    if [[ $first == $'\n' ]]; then
      printf '%s+\n' "$1"
    elif IFS= read -r -t 0.2 rest; then
      printf '%s+%s\n' "$1" "$first$rest"
    else
      printf '%s-%s\n' "$1" "$first$rest"
    fi || exit
  done
  printf '%s.\n' "$1"
}

# open_terminals FOLDER NUMBER...
open_terminals() {
  local folder=$1 n fd
  shift
  for n; do
    make_pipe
    input[n]=$fd activity[n]=starting jobs[n]=0 shell[n]='' partial[n]=''
    shell_on_terminal "$folder" <"/dev/fd/$fd" 2>&1 |
      send_events "$n" >"/dev/fd/$events" &
    senders+=("$!")
  done
}

# Wait a moment for an event; set $terminal, $event and $text, which is all of
# the line. A mark makes the event "prompt", with the status in $status, or
# "start" ("surprise" where the shell took input for a command); $text is then
# what stood before the mark.
next_event() {
  local line mark
  if ! IFS= read -r -t 0.3 -u "$events" line; then
    begun+=$line # the time may be up in the middle of a line
    return 1
  fi
  line=$begun$line begun=''
  terminal=${line:0:1} event=${line:1:1}
  text=${partial[terminal]:-}${line:2} partial[terminal]=''
  case $event in
  -) partial[terminal]=$text ;;
  .) forget_terminal "$terminal" ;;
  esac
  [[ $event == + && $text == *"$MARK"* ]] || return 0
  mark=${text#*"$MARK"} text=${text%%"$MARK"*}
  if [[ $mark ]]; then
    event=prompt activity[terminal]=idle
    read -r status "shell[terminal]" "jobs[terminal]" <<<"$mark"
  else
    event=start
    [[ ${activity[terminal]} == starting ]] || event=surprise
    activity[terminal]=running
  fi
}

forget_terminal() {
  local fd=${input[$1]:-}
  [[ ! $fd ]] || exec {fd}>&-
  unset "input[$1]" "shell[$1]" "activity[$1]"
}

# type_command NUMBER TEXT
type_command() {
  activity[$1]=starting
  printf '%s\n' "$2" >&"${input[$1]}"
}

# type_key NUMBER ^LETTER
type_key() {
  local code
  printf -v code '%o' $(($(printf '%d' "'${2:1}") - 64))
  printf '%b' "\\0$code" >&"${input[$1]}"
}

# type_input NUMBER TEXT: ^C and the like are keys
type_input() {
  if [[ $2 =~ ^\^[A-Z\\]$ ]]; then
    # A builtin command never gets the foreground.
    for _ in {1..30}; do
      if foreground "$1"; then break; fi
      read -r -t 0.01 -u "$never" || true
    done
    type_key "$1" "$2"
  else
    printf '%s\n' "$2" >&"${input[$1]}"
  fi
}

# leave_shells: silently, unlike with exit
leave_shells() {
  local n
  for n in "${!input[@]}"; do type_command "$n" 'exec true'; done
}

# close_terminals: at the end of a block, or in the middle of it. send_events may
# be waiting for room in the pipe of events: it is killed.
close_terminals() {
  local n deadline
  ((${#input[@]} == 0)) || end_all
  deadline=$((SECONDS + 3))
  while ((${#input[@]} > 0 && SECONDS < deadline)); do
    next_event || true
  done
  ((${#input[@]} == 0)) || kill -s KILL "${senders[@]}" || true
  for n in "${!input[@]}"; do forget_terminal "$n"; done
  wait "${senders[@]}" || true
  senders=()
  # What they have sent is not about the terminals of the next block.
  while read -r -t 0 -u "$events"; do next_event || true; done
} 2>/dev/null
