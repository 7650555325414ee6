# processes.bash - the processes that run on the terminals
#
# Each terminal's script(1), its shell, and what the shell starts have
# IPC_DEMO=$number in their environment. Both scripts/demo and its keeper find
# them by that, whatever session or parent they have.
#
# Whoever sources this sets $number.
# shellcheck shell=bash disable=SC2154 # terminals.bash and names.bash set these

declare -a killed=() # the pids of the commands that we have ended

# The process $1 as /proc/PID/stat shows it, in $stat: state, parent, group,
# session, terminal, the terminal's foreground group, ...
read_stat() {
  stat=''
  { IFS= read -r -d '' stat <"/proc/$1/stat" || true; } 2>/dev/null
  read -ra stat <<<"${stat##*) }"
}

# Has terminal $1 been given to a command? While the shell forks, a ^C may reach
# only the shell, or a child that discards it. A child that has not called exec
# yet has its stack at the same address as the shell.
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

# The pids of everything on our terminals. (Zombies have no environment.)
marked() {
  local files
  files=$(grep -lsxz "IPC_DEMO=$number" /proc/[0-9]*/environ) || : # some ended
  files=${files//\/environ/}
  [[ ! $files ]] || printf '%s\n' "${files//\/proc\//}"
}

# The same without the leaders of sessions, which are script(1) and the shells.
commands() {
  local pid stat
  for pid in $(marked); do
    read_stat "$pid"
    [[ ${stat[0]:-Z} == Z || ${stat[3]} == "$pid" ]] || printf '%s ' "$pid"
  done
}

# End the commands: a server that receives SIGTERM removes what it has made; a
# process that ignores it is killed.
end_commands() {
  local signal pids
  for signal in TERM KILL; do
    read -ra pids <<<"$(commands)"
    ((${#pids[@]} > 0)) || return 0
    killed+=("${pids[@]}")
    kill -s "$signal" "${pids[@]}" 2>/dev/null || true
    kill -s CONT "${pids[@]}" 2>/dev/null || true
    for _ in {1..20}; do
      [[ $(commands) ]] || return 0
      sleep 0.05
    done
  done
}

# End the shells and script(1), too. They come last, so that each command is
# waited for by its parent.
end_all() {
  local pids
  [[ $(marked) ]] || return 0
  end_commands
  for _ in {1..20}; do
    read -ra pids <<<"$(marked | tr '\n' ' ')"
    ((${#pids[@]} > 0)) || return 0
    kill -s KILL "${pids[@]}" 2>/dev/null || true
    sleep 0.05
  done
}
