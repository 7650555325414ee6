#!/usr/bin/env bats
# scripts/doctor reports what is missing, on whatever system it is shown.

bats_require_minimum_version 1.5.0

# A system of stubs: it has only what a test puts there.
setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  bin=$BATS_TEST_TMPDIR/bin
  system=$BATS_TEST_TMPDIR/system
  mkdir -p "$bin" "$system/proc/sys/fs/mqueue" "$system"/dev/{mqueue,shm} \
    "$system"/proc/sys/{kernel,user}
  limit msg_max 10
  limit msgsize_max 8192
  limit queues_max 256
  local tool
  for tool in bash sed awk cat cut sort head grep dirname mktemp rm; do
    ln -s "$(command -v "$tool")" "$bin/$tool"
  done
  stub uname 'case $1 in -r) echo 6.1.0-test ;; *) echo Linux ;; esac'
  stub make 'echo GNU Make 4.3'
  stub bats 'echo Bats 1.8.2'
  stub df 'echo; echo tmpfs 65536 0 65536 0% /dev/shm'
  stub cc 'case $* in
      *--version*) echo cc 12.2.0 ;;
      *-E*) echo; echo glibc 2 . 36 ;;
    esac'
  stub apt-get ''
}

stub() { # NAME SCRIPT
  printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
  chmod +x "$bin/$1"
}

limit() { echo "$2" >"$system/proc/sys/fs/mqueue/$1"; } # NAME NUMBER

doctor() {
  run env -i PATH="$bin" SYSROOT="$system" "$@" "$bin/bash" "$root/scripts/doctor"
}

runs_here() { [[ $status == 0 && ${lines[-1]} == 'The labs will run here.' ]]; }

# Exactly one line reports a failure: that of NAME, with the reason.
fails_by() { # NAME TEXT...
  local text line
  ((status == 1))
  line=$(grep 'does not work: ' <<<"$output")
  [[ $line == "$1"* && $line != *$'\n'* ]] || { echo "$output"; return 1; }
  for text in "${@:2}"; do
    [[ $line == *"$text"* ]] || { echo "no $text in: $line"; return 1; }
  done
}

has_line() { grep -qE -- "$1" <<<"$output" || { echo "$output"; return 1; }; }

@test "if nothing is missing, it prints one line each and exits with 0" {
  doctor
  runs_here
  has_line '^system +works: Linux 6.1.0-test$'
  has_line '^compiler +works: cc 12.2.0$'
  has_line '^C library +works: glibc 2.36$'
  has_line '^make +works: GNU Make 4.3$'
  has_line '^mqueue +works: msg_max 10, msgsize_max 8192, queues_max 256$'
  has_line '^memory +works: 64 MiB free in /dev/shm$'
  has_line '^ptrace +works: each process can be examined$'
  has_line '^bats +works: Bats 1.8.2$'
}

@test "this very system can be examined" {
  run "$root/scripts/doctor"
  ((status == 0))
  ((${#lines[@]} == 17))
}

@test "if Yama restricts ptrace, it reports what cannot be seen, and what to do" {
  mkdir -p "$system/proc/sys/kernel/yama"
  echo 1 >"$system/proc/sys/kernel/yama/ptrace_scope"
  doctor
  runs_here
  has_line '^ptrace +works without: .*; start it with scripts/why COMMAND$'
  echo 2 >"$system/proc/sys/kernel/yama/ptrace_scope"
  doctor
  runs_here
  has_line '^ptrace .*skipped; sudo sysctl kernel.yama.ptrace_scope=1$'
}

@test "an optional tool comes with the command that installs it here" {
  doctor
  has_line '^tmux +works without: no make demo in panes; sudo apt-get install tmux$'
  has_line '^strace +works without: .*; sudo apt-get install strace$'
  has_line '^bwrap +works without: .*; sudo apt-get install bubblewrap$'
  has_line '^nc +works without: .*; sudo apt-get install netcat-openbsd$'
  local pair
  for pair in 'dnf:sudo dnf install nmap-ncat' 'pacman:sudo pacman -S openbsd-netcat' \
    'apk:sudo apk add netcat-openbsd' 'brew:brew install netcat' \
    'nothing:install netcat-openbsd'; do
    rm -f "$bin"/{apt-get,dnf,pacman,apk,brew}
    stub "${pair%%:*}" ''
    doctor
    runs_here
    has_line "^nc .*; ${pair#*:}\$"
    rm "$bin/${pair%%:*}"
  done
  stub nc ''
  doctor
  has_line "^nc +works: $bin/nc\$"
}

@test "the labs do not run without a compiler, its headers, make, or a recent bats" {
  doctor CC=no-such-cc
  fails_by compiler 'there is no no-such-cc' 'sudo apt-get install build-essential'
  mv "$bin/cc" "$bin/works"
  stub cc 'case $* in *--version*) echo cc 12 ;; *) exit 1 ;; esac'
  doctor
  fails_by 'C library' 'cannot build' 'sudo apt-get install gcc libc6-dev'
  mv "$bin/works" "$bin/cc"
  mv "$bin/make" "$bin/works"
  doctor
  fails_by make 'sudo apt-get install make'
  stub make 'echo "usage: make" >&2; exit 1'
  doctor
  fails_by make
  mv "$bin/works" "$bin/make"
  stub bats 'echo Bats 1.7.0'
  doctor
  fails_by bats '1.8 or newer' 'sudo apt-get install bats'
  stub npm ''
  doctor
  runs_here
  has_line '^bats +works without: .* make check will fetch'
}

@test "musl is recognised by what its ldd prints" {
  stub cc 'case $* in *--version*) echo cc 12 ;;
    *-E*) echo glibc __GLIBC__.__GLIBC_MINOR__ ;; esac'
  stub ldd 'printf "musl libc (x86_64)\nVersion 1.2.5\n" >&2; exit 1'
  doctor
  runs_here
  has_line '^C library +works: musl 1.2.5$'
}

@test "an old kernel, WSL 1 and macOS get advice; WSL 2 works" {
  stub uname 'case $1 in -r) echo 5.4.0-200-generic ;; *) echo Linux ;; esac'
  doctor
  fails_by system 'older than 5.9' upgrade
  stub uname 'case $1 in -r) echo 4.4.0-22621-Microsoft ;; *) echo Linux ;; esac'
  doctor WSL_DISTRO_NAME=Debian
  fails_by system 'WSL 1' 'wsl --set-version Debian 2'
  stub uname 'case $1 in -r) echo 23.5.0 ;; *) echo Darwin ;; esac'
  doctor
  fails_by system macOS 'brew install lima'
  stub uname 'case $1 in -r) echo 14.1 ;; *) echo FreeBSD ;; esac'
  doctor
  fails_by system FreeBSD
  stub uname 'case $1 in
    -r) echo 5.15.167.4-microsoft-standard-WSL2 ;; *) echo Linux ;; esac'
  doctor
  runs_here
}

@test "message queues: none, small limits, not mounted" {
  limit msg_max 4
  doctor
  fails_by mqueue 'msg_max is 4' 'sudo sysctl fs.mqueue.msg_max=8'
  limit msg_max 10
  rmdir "$system/dev/mqueue"
  doctor
  runs_here
  has_line '^mqueue +works without: .*mount -t mqueue'
  rm -r "$system/proc/sys/fs/mqueue"
  doctor
  fails_by mqueue 'no POSIX message queues'
}

@test "shared memory: none, or too little" {
  stub df 'echo; echo tmpfs 65536 60000 5536 90% /dev/shm'
  doctor
  fails_by memory '5 MiB' 'remount,size=64m'
  rmdir "$system/dev/shm"
  doctor
  fails_by memory '/dev/shm does not exist' 'mount -t tmpfs'
}

@test "user namespaces are optional; the setting that forbids them is named" {
  stub unshare 'exit 1'
  echo 10000 >"$system/proc/sys/user/max_user_namespaces"
  doctor
  runs_here
  has_line '^namespaces +works without: .*grader.*$'
  local knob
  for knob in kernel/apparmor_restrict_unprivileged_userns=1=0 \
    kernel/unprivileged_userns_clone=0=1 user/max_user_namespaces=0=10000; do
    IFS='=' read -r name bad good <<<"$knob"
    echo "$bad" >"$system/proc/sys/$name"
    doctor
    runs_here
    has_line "^namespaces .*; sudo sysctl ${name//\//.}=$good\$"
    echo "$good" >"$system/proc/sys/$name"
  done
  stub unshare ''
  doctor
  has_line '^namespaces +works: '
}
