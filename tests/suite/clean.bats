#!/usr/bin/env bats
# clean removes what crashed runs of our programs left, and nothing else.

load ../helper

# A program that uses an object so that no descriptor of it is open (semaphore,
# mapping, socket), or one is (queue). Without a word, it only makes it.
setup_file() {
  cat >"$BATS_FILE_TMPDIR/use.c" <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define IS(name) (strcmp(argv[1], name) == 0)

int main(int argc, char *argv[])
{
    /* Not in our arguments, where it would be seen. */
    const char *name = getenv("OBJECT_NAME");
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd, failed = 1;

    alarm(60);

    if (IS("semaphore"))
        failed = sem_open(name, O_CREAT, 0600, 0) == SEM_FAILED;
    else if (IS("memory")) {
        fd = shm_open(name, O_RDWR | O_CREAT, 0600);
        failed = ftruncate(fd, 4096) == -1 ||
                 mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED;
        close(fd);
    } else if (IS("queue"))
        failed = mq_open(name, O_CREAT | O_RDWR, 0600, NULL) == (mqd_t)-1;
    else if (IS("socket") && chdir("/tmp") == 0) {
        strcpy(address.sun_path, strrchr(name, '/') + 1);
        fd = socket(AF_UNIX, SOCK_STREAM, 0);
        failed = bind(fd, (void *)&address, sizeof address) == -1 ||
                 listen(fd, 1) == -1;
    }
    if (failed) {
        perror(name);
        return 1;
    }
    if (argc == 3) {
        puts("ready");
        fflush(stdout);
        pause();
    }
    return 0;
}
END
  "${CC:-cc}" -w -pthread -o "$BATS_FILE_TMPDIR/use" "$BATS_FILE_TMPDIR/use.c"
  export USE=$BATS_FILE_TMPDIR/use
}

# The test's own objects are all that clean is asked for: not to disturb others.
NAME=ipc-clean-$$-$BATS_TEST_NUMBER

teardown() {
  end_jobs
  rm -rf /tmp/{,x}"$NAME"* /dev/shm/{,sem.}"$NAME"*
}

clean() { run "$ROOT/scripts/clean" "$@" "$NAME"; }

# One of $1, called $2, used by nobody.
make_object() { OBJECT_NAME=/tmp/$2 "$USE" "$1"; }
make_ipc() { OBJECT_NAME=/$2 "$USE" "$1"; }

use() { # KIND NAME
  OBJECT_NAME=$2 start_command user "$USE" "$1" and-wait
  wait_until has_line user ready
}

sem() { # NAME: where the C library keeps this semaphore
  if [[ -e /dev/shm/sem.$1 ]]; then echo "/dev/shm/sem.$1"; else
    echo "/dev/shm/$1"
  fi
}

### What goes

@test "shared memory is removed" {
  make_ipc memory "$NAME"
  clean
  [[ $status == 0 && $output == "removed /dev/shm/$NAME" ]]
  [[ ! -e /dev/shm/$NAME ]]
}

@test "a named semaphore is removed" {
  make_ipc semaphore "$NAME"
  local path
  path=$(sem "$NAME")
  clean
  [[ $status == 0 && $output == "removed $path" ]]
  [[ ! -e $path ]]
}

@test "a FIFO is removed, and the socket of a server that is gone" {
  mkfifo "/tmp/$NAME-fifo"
  make_object socket "$NAME-socket"
  clean
  [[ $status == 0 ]]
  [[ $output == "removed /tmp/$NAME-fifo"$'\n'"removed /tmp/$NAME-socket" ]]
  [[ ! -e /tmp/$NAME-fifo && ! -e /tmp/$NAME-socket ]]
}

# In namespaces of our own, as the file system may not be mounted here.
in_namespaces() { # SCRIPT
  local options=-mi
  ((EUID == 0)) || options=-Urmi
  unshare "$options" true 2>/dev/null || skip 'needs namespaces of its own'
  mkdir "$PLACE/queues here"
  # shellcheck disable=SC2016
  run unshare "$options" sh -euc '
    mount -t mqueue none "$1"
    cd "$1"
    eval "$2"
  ' sh "$PLACE/queues here" "$1"
  rmdir "$PLACE/queues here"
}

@test "a message queue is removed where the file system is mounted" {
  export NAME ROOT OBJECT_NAME=/$NAME
  # shellcheck disable=SC2016
  in_namespaces '"$USE" queue; "$ROOT/scripts/clean" "$NAME"; ls'
  [[ $status == 0 && $output == "removed $PLACE/queues here/$NAME" ]]
}

@test "a message queue that a process has open stays" {
  export NAME ROOT OBJECT_NAME=/$NAME
  # shellcheck disable=SC2016
  in_namespaces '
    mkfifo "$1/../ready"
    "$USE" queue and-wait >"$1/../ready" &
    read line <"$1/../ready"
    "$ROOT/scripts/clean" "$NAME"
    ls
    kill $!'
  rm "$PLACE/ready"
  [[ $status == 0 ]]
  [[ ${lines[*]} == "in use: $PLACE/queues here/$NAME nothing to remove $NAME" ]]
}

@test "an empty folder of the transcript player is removed, a full one stays" {
  NAME=ipc-9$$$BATS_TEST_NUMBER
  mkdir "/tmp/$NAME" "/tmp/${NAME}0" "/tmp/$NAME-x"
  : >"/tmp/${NAME}0/file"
  clean
  [[ $status == 0 && $output == "removed /tmp/$NAME" ]]
  [[ -d /tmp/${NAME}0 && -d /tmp/$NAME-x && ! -e /tmp/$NAME ]]
}

### What stays

@test "-n removes nothing, and says what would be removed" {
  make_ipc memory "$NAME"
  clean -n
  [[ $status == 0 && $output == "would remove /dev/shm/$NAME" ]]
  [[ -e /dev/shm/$NAME ]]
}

stays() { # PATH
  clean
  [[ $status == 0 && ${lines[-1]} == 'nothing to remove' ]]
  [[ -e $1 ]]
}

@test "without anything to remove it says so" {
  clean
  [[ $status == 0 && $output == 'nothing to remove' ]]
}

@test "regular files, links and devices stay" {
  : >"/tmp/$NAME-file"
  ln -s /tmp "/tmp/$NAME-link"
  mkfifo "$PLACE/fifo"
  ln -s "$PLACE/fifo" "/tmp/$NAME-fifo"
  mkfifo "/dev/shm/$NAME-fifo"
  stays "/tmp/$NAME-file"
  [[ -L /tmp/$NAME-link && -L /tmp/$NAME-fifo && -p /dev/shm/$NAME-fifo ]]
  [[ -p $PLACE/fifo ]]
  rm "$PLACE/fifo"
}

@test "what has another name stays, and what is in a folder below" {
  mkfifo "/tmp/x$NAME"
  mkdir "/tmp/$NAME-folder"
  mkfifo "/tmp/$NAME-folder/$NAME"
  stays "/tmp/x$NAME"
  [[ -p /tmp/$NAME-folder/$NAME ]]
}

@test "another owner's objects stay" {
  ((EUID == 0)) || skip 'needs root, to have objects of another user'
  make_ipc memory "$NAME"
  mkfifo "/tmp/$NAME"
  chown 65534 "/dev/shm/$NAME" "/tmp/$NAME"
  stays "/tmp/$NAME"
  [[ -e /dev/shm/$NAME ]]
}

@test "shared memory that is mapped stays" {
  use memory "/$NAME"
  stays "/dev/shm/$NAME"
  [[ ${lines[0]} == "in use: /dev/shm/$NAME" ]]
}

@test "a semaphore that a process has opened stays" {
  use semaphore "/$NAME"
  stays "$(sem "$NAME")"
}

@test "the socket of a live server stays, whatever folder it was bound from" {
  use socket "/tmp/$NAME"
  stays "/tmp/$NAME"
}

@test "a FIFO that is open stays" {
  mkfifo "/tmp/$NAME"
  exec 8<>"/tmp/$NAME"
  stays "/tmp/$NAME"
  exec 8>&-
  clean
  [[ $output == "removed /tmp/$NAME" ]]
}

@test "a FIFO that a program waits to open stays" {
  mkfifo "/tmp/$NAME"
  start_command reader cat "/tmp/$NAME"
  wait_until waits_in "$(pid_of reader)" open
  stays "/tmp/$NAME"
}

@test "what a running test or demo has made stays" {
  make_ipc memory "${OBJECT#/}"
  NAME=${OBJECT#/}
  stays "/dev/shm/$NAME"
}

@test "a wrong argument removes nothing" {
  local bad
  make_ipc memory "$NAME"
  for bad in '' x 'ipc-*' /etc "../$NAME" "ipc-a b" -x; do
    run "$ROOT/scripts/clean" "$bad"
    [[ $status == 2 && $output == 'usage: clean '* ]]
  done
  run "$ROOT/scripts/clean" -n "$NAME" more
  [[ $status == 2 ]]
  [[ -e /dev/shm/$NAME ]]
}
