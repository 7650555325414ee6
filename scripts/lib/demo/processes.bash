# processes.bash - what runs on the terminals
#
# Who sources this sources terminals.bash.
# shellcheck shell=bash disable=SC2154 # terminals.bash sets these variables

# The process $1 as /proc/PID/stat has it, in $stat: state, parent, group,
# session, terminal, the terminal's foreground group, ...
read_stat() {
  stat=''
  { IFS= read -r -d '' stat <"/proc/$1/stat" || true; } 2>/dev/null
  read -ra stat <<<"${stat##*) }"
}

# Has terminal $1 been given to a command? While the shell forks, a ^C may hit
# the shell only, or a child that forgets it. A child that has not called exec
# yet has its stack where the shell has it.
foreground() {
  local pid group stack found='' stat
  read_stat "${shell[$1]}"
  group=${stat[5]:-} stack=${stat[25]:-}
  [[ ${stat[0]:-} == S && $group != "${stat[2]}" ]] || return 1
  for pid in /proc/[0-9]*; do
    read_stat "${pid#/proc/}"
    [[ ${stat[2]:-} == "$group" ]] || continue
    [[ ${stat[0]} == S || ${stat[25]} != "$stack" ]] || return 1
    found=1
  done
  [[ $found ]]
}

# The processes in the sessions of the terminals, except the shells.
commands() {
  local pid stat
  for pid in /proc/[0-9]*; do
    pid=${pid#/proc/}
    read_stat "$pid"
    [[ ${stat[0]:-Z} != Z && ${stat[3]} != "$pid" ]] || continue
    [[ " ${shell[*]} " != *" ${stat[3]} "* ]] || printf '%s ' "$pid"
  done
}

# Whoever is still there: a server that gets SIGTERM removes what it has made,
# others are killed.
end_commands() {
  local n signal pids
  for n in "${!input[@]}"; do
    [[ ${activity[n]} == idle ]] || type_key "$n" ^C
  done
  for signal in TERM KILL; do
    read -ra pids <<<"$(commands)"
    ((${#pids[@]} > 0)) || return 0
    kill -s "$signal" "${pids[@]}" 2>/dev/null || true
    kill -s CONT "${pids[@]}" 2>/dev/null || true
    for _ in {1..20}; do
      [[ $(commands) ]] || return 0
      read -r -t 0.05 -u "$never" || true
    done
  done
}
