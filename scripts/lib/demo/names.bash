# names.bash - the names and ports that the transcripts use
#
# A demo or a check reserves a number, such as 700, by locking the folder
# /tmp/ipc-700. Then these are its own:
#
#     as written          with another number, such as 701
#     /tmp/ipc-hello      /tmp/ipc-701-hello      FIFOs, sockets, files
#     /ipc-mail           /ipc-701-mail           memory, semaphores, queues
#     7000 to 7009        7010 to 7019            ports
#
# A demo keeps the names as they are written unless another demo or somebody
# else uses one of them. A check never does, so that several can run at once.
#
# Whoever sources this sources document.bash and processes.bash, and sets $root
# and $check. The keeper uses remove_objects and unreserve only.
# shellcheck shell=bash disable=SC2034,SC2154 # shared with those files

number='' lock=''
as_written=${IPC_DEMO_FIRST:-700} # tests set it, since they may run side by side

# What the transcripts use, renamed: /tmp/ipc-hello, /ipc-mail; 7000.
declare -a objects=() ports=()

rename() {
  if [[ $number == "$as_written" ]]; then
    cat
  else
    sed -E "s/\b700([0-9])\b/$number\1/g; s/\bipc-/ipc-$number-/g"
  fi
}

find_names() {
  local text prefix=$number
  [[ $number != "$as_written" ]] || prefix=700
  text=$(printf %s "${block_text[@]}" | rename)
  mapfile -t objects < <(
    grep -oE '(/tmp)?/ipc-[A-Za-z0-9._-]*[A-Za-z0-9_-]' <<<"$text" | sort -u
  )
  mapfile -t ports < <(grep -oE "\b${prefix}[0-9]\b" <<<"$text" | sort -u)
}

# Lock the folder of a number. It may remain from a demo that was killed, or be
# removed by one that ends at this moment.
reserve() { # NUMBER
  local folder=/tmp/ipc-$1
  mkdir -m 700 "$folder" 2>/dev/null ||
    [[ -d $folder && ! -L $folder && -O $folder ]] || return 1
  { exec {lock}<"$folder"; } 2>/dev/null || return 1
  if flock -n "$lock" && [[ $folder -ef /dev/fd/$lock ]]; then
    number=$1
  else
    exec {lock}<&-
    return 1
  fi
}

unreserve() {
  [[ ! $number ]] || rmdir "/tmp/ipc-$number" 2>/dev/null || true
  [[ ! $lock ]] || exec {lock}<&-
  number='' lock=''
}

# Queues are files only if their file system is mounted.
mapfile -t queue_folders < <(awk '$3 == "mqueue" { print $2 }' /proc/self/mounts)

# Set $paths to the files that an object may be.
paths_of() { # OBJECT
  paths=("$1")
  [[ $1 == /tmp/* ]] ||
    paths=(/dev/shm/{,sem.}"${1#/}" "${queue_folders[@]/%/"$1"}")
}

object_exists() { # OBJECT
  local path paths
  paths_of "$1"
  for path in "${paths[@]}"; do
    if [[ -e $path || -L $path ]]; then return 0; fi
  done
  [[ $1 != /tmp/* ]] && queue_exists "$1"
}

# The lab's own programs reach queues without their file system.
queue_exists() {
  ((${#queue_folders[@]} == 0)) && "$root/labs/mq/attr" "$1" &>/dev/null
}

port_is_used() { # PORT: by a server, or any socket of UDP
  local hex
  printf -v hex %04X "$1"
  grep -qsE ": [0-9A-F]+:$hex [0-9A-F]+:[0-9A-F]+ (0A|07|01) " \
    /proc/net/{tcp,udp}{,6}
}

first_used() {
  local object port
  for object in "${objects[@]}"; do
    if object_exists "$object"; then echo "$object"; return; fi
  done
  for port in "${ports[@]}"; do
    if port_is_used "$port"; then echo "port $port"; return; fi
  done
}

# An earlier demo with our number was killed, and so was its keeper: nobody else
# could have the lock now.
remove_leftovers() {
  local pids
  pids=$(marked)
  if [[ $pids ]]; then
    end_all
    echo "ended what still ran of an interrupted demo: ${pids//$'\n'/ }"
  fi
  ((${#objects[@]} > 0)) || return 0
  "$root/scripts/clean" -x "${objects[@]##*/}" |
    sed -n 's/^removed .*/&, left behind by an interrupted demo/p'
}

# Reserve a number with which no name and no port is in use.
choose_names() {
  local candidate used='' reason='another demo is running'
  for candidate in $(numbers); do
    reserve "$candidate" || continue
    find_names
    if [[ ! $check ]]; then remove_leftovers; fi
    used=$(first_used)
    [[ $used ]] || break
    [[ $reason == *' is in use' ]] || reason="$used is in use"
    unreserve
  done
  [[ $number ]] ||
    fail "$reason, and no other names in /tmp and ports are free"
  [[ $check || $number == "$as_written" || ! "${objects[*]}${ports[*]}" ]] ||
    echo "$reason: this demo uses ports ${number}0-${number}9" \
      "and names with ipc-$number-"
}

numbers() {
  if [[ $check ]]; then
    for _ in {1..100}; do echo $((2000 + RANDOM % 1200)); done
  else
    echo "$as_written" {701..799}
  fi
}

# Remove what the transcripts have made. None of it existed before. A server
# adds its client's pid to a name, and some programs their own.
remove_objects() {
  local object path paths pid
  for object in "${objects[@]}"; do
    paths_of "$object"
    for path in "${paths[@]}"; do rm -rf "$path" "$path".[0-9]*; done
    if [[ $object != /tmp/* ]] && queue_exists "$object"; then
      "$root/labs/mq/unlink" "$object"
    fi
  done
  for pid in "${killed[@]}"; do
    rm -f {/tmp/,/dev/shm/,/dev/shm/sem.}ipc-*[.-]"$pid"
  done
} 2>/dev/null
