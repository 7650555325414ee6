#!/usr/bin/env bats
# Where only its ancestors may see what a process waits for, labrun answers.

# shellcheck disable=SC2034,SC2154 # of what the helper reads or sets

load ../helper

# yama.so makes a kernel of any kind behave as if kernel.yama.ptrace_scope were 1,
# if the reader is not root. A process that is called "hidden" cannot be seen by
# any other, and none can be if BLIND is set.
#
# forger HOW is a program under test that pretends to be a labrun: it has a child
# that waits in pause(), and says of it that it waits in read().
setup_file() {
  cat >"$BATS_FILE_TMPDIR/yama.c" <<'END_OF_FILE'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int opener(const char *path, int flags, ...);

static int may_look(int pid)
{
    char path[32], name[16], line[128];
    int parent = pid;
    FILE *file;

    for (int p = pid; parent > 0 && p != getpid(); p = parent) {
        parent = 0;
        snprintf(path, sizeof path, "/proc/%d/status", p);
        if (!(file = fopen(path, "r")))
            return 0;
        if (p == pid && fscanf(file, "Name: %15s", name) == 1 &&
            strcmp(name, "hidden") == 0)
            return 0;
        while (fgets(line, sizeof line, file))
            sscanf(line, "PPid: %d", &parent);
        fclose(file);
    }
    return parent > 0 && !getenv("BLIND");
}

int open(const char *path, int flags, ...)
{
    opener *next = (opener *)dlsym(RTLD_NEXT, "open");
    const char *name = strrchr(path, '/');
    va_list args;
    int pid, mode;

    va_start(args, flags);
    mode = flags & O_CREAT ? va_arg(args, int) : 0;
    va_end(args);
    if (sscanf(path, "/proc/%d/", &pid) == 1 && (strcmp(name, "/syscall") == 0 ||
        strcmp(name, "/mem") == 0) && !may_look(pid)) {
        errno = EPERM;
        return -1;
    }
    return next(path, flags, mode);
}
END_OF_FILE
  cat >"$BATS_FILE_TMPDIR/forger.c" <<'END_OF_FILE'
#define _GNU_SOURCE
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
    struct { int reason; char bytes[64]; } answer = { 0, "0 0 0 0 0 0 0 0 0\n" };
    struct sockaddr_un name = { .sun_family = AF_UNIX }, asker;
    char stat[512] = "", question[64], *field;
    socklen_t length;
    FILE *file = fopen("/proc/self/stat", "r");
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    prctl(PR_SET_NAME, "labrun");
    if (!file || fread(stat, 1, sizeof stat - 1, file) == 0)
        return 1;
    field = strrchr(stat, ')');
    for (int i = 2; i < 22; i++)
        field = strchr(field + 1, ' ');
    length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
        (size_t)sprintf(name.sun_path + 1, "labrun-%d-%.*s", getpid(),
                        (int)strcspn(field + 1, " "), field + 1));
    if (bind(fd, (struct sockaddr *)&name, length) == -1)
        return 1;
    if (fork() == 0)
        for (;;)
            pause();
    length = sizeof asker;
    while (recvfrom(fd, question, sizeof question, 0,
                    (struct sockaddr *)&asker, &length) > 0) {
        sendto(fd, &answer, offsetof(__typeof__(answer), bytes) +
               strlen(answer.bytes), 0, (struct sockaddr *)&asker, length);
        length = sizeof asker;
    }
    return 1;
}
END_OF_FILE
  cc -shared -fPIC -o "$BATS_FILE_TMPDIR/yama.so" "$BATS_FILE_TMPDIR/yama.c" -ldl
  cc -o "$BATS_FILE_TMPDIR/forger" "$BATS_FILE_TMPDIR/forger.c"
  cp "$(type -P sleep)" "$BATS_FILE_TMPDIR/hidden"
  cp "$(type -P sleep)" "$BATS_FILE_TMPDIR/sleeper"
}

setup() {
  prepare
  REAL_LABRUN=$LABRUN
  LABRUN=$BATS_FILE_TMPDIR/labrun
  [[ -e $LABRUN ]] || write_command "$LABRUN" \
    env "LD_PRELOAD=$BATS_FILE_TMPDIR/yama.so" "$REAL_LABRUN"
}

write_command() { # FILE COMMAND [ARG...]: a script that runs COMMAND ARG... "$@"
  { printf '#!/bin/bash\nexec' && printf ' %q' "${@:2}" && echo ' "$@"'; } >"$1"
  chmod +x "$1"
}

# Instead of bats's own, which ends the test. What is found out here must not
# count for another test.
note_skip() {
  skip() { REASON=$1; }
  REASON=''
  rm -f "$BATS_FILE_TMPDIR/sight"
}

@test "a program that waits in read() is recognized by asking its labrun" {
  note_skip
  mkfifo "$PLACE/f"
  # shellcheck disable=SC2016
  start_command it bash -c 'cat "$1"; :' bash "$PLACE/f"
  exec 7<>"$PLACE/f"
  wait_until has_children "$(pid_of it)" 1
  wait_until waits_in "$(children_of "$(pid_of it)")" read
  wait_until waits_in "$(pid_of it)" wait4
  exec 7>&-
  end_of it
  rm "$PLACE/f"
}

@test "the labrun reads the program's memory, too" {
  mkfifo "$PLACE/f"
  start_command it cat "$PLACE/f"
  wait_until waits_in "$(pid_of it)" open
  run -0 "$LABRUN" -w "$(pid_of it)"
  [[ $output == *" waits in open"*" of the FIFO $PLACE/f for a writer" ]]
  rm "$PLACE/f"
}

@test "a program that is not run by any labrun cannot be seen" {
  sleep 40 3>&- &
  run -0 "$LABRUN" -w $!
  kill $!
  [[ $output == *"cannot see in which call: $DENIED"* ]]
}

is_denied() { "$LABRUN" -w "$1" | grep -qE " (hidden|sleeper) .*$DENIED"; }

cannot_be_seen() { # the program it; sets REASON if that skips the test
  wait_until is_denied "$(pid_of it)"
  if waits_in "$(pid_of it)" '(clock_)?nanosleep'; then return 1; fi
}

@test "a test is skipped if not even labrun may look" {
  note_skip
  export BLIND=1
  PROGRAMS=$BATS_FILE_TMPDIR
  start it sleeper 40
  cannot_be_seen
  [[ $REASON == 'cannot see what a process waits for here'* ]]
}

@test "a test is skipped if a program of ours cannot be seen" {
  note_skip
  PEER=$BATS_FILE_TMPDIR
  start_peer it hidden 40
  cannot_be_seen
  [[ $REASON == 'cannot see what a process waits for here'* ]]
}

@test "a test is not skipped if only the program under test cannot be seen" {
  note_skip
  PROGRAMS=$BATS_FILE_TMPDIR
  start it hidden 40
  cannot_be_seen
  [[ ! $REASON ]]
}

@test "a program cannot answer for its own child" {
  note_skip
  start_command it "$BATS_FILE_TMPDIR/forger"
  wait_until has_children "$(pid_of it)" 1
  wait_until waits_in "$(children_of "$(pid_of it)")" '(pause|rt_sigsuspend)'
}

@test "a program is told about its own processes, but not about those of another labrun" {
  start_command other sleep 40
  # shellcheck disable=SC2016
  run_command bash -c '"$1" -w "$2"; "$1" -w $$; :' bash "$LABRUN" "$(pid_of other)"
  [[ $(grep -c "$DENIED" "$OUT") == 1 ]]
  grep -q "^ *$(pid_of other) .*$DENIED" "$OUT"
  grep -q 'bash (parent) .* waits in wait4()' "$OUT"
}

@test "without privileges, root asks the labrun of the other user" {
  ((EUID == 0)) || skip 'needs root, to have another user'
  type -P setpriv || skip 'needs setpriv'
  note_skip
  chmod -R a+rX "$BATS_RUN_TMPDIR"
  cp "$REAL_LABRUN" "$BATS_FILE_TMPDIR/copy"
  chmod 777 "$PIDS" # for its pid file
  BESIDE=$BATS_FILE_TMPDIR/as_nobody
  LABRUN=$BATS_FILE_TMPDIR/copy
  write_command "$BESIDE" setpriv --reuid 65534 --regid 65534 --clear-groups
  start_command it sleep 40
  LABRUN=$BATS_FILE_TMPDIR/powerless
  write_command "$LABRUN" setpriv --bounding-set -sys_ptrace \
    "$BATS_FILE_TMPDIR/copy"
  wait_until waits_in "$(pid_of it)" '(clock_)?nanosleep'
}
