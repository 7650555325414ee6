#!/usr/bin/env bats
# The autopsy says which call a process waits in, for what, and who could help.

load ../helper

# A program that waits in a way of its own for each MODE. Where a test must
# know what the kernel chose, such as a port, it prints that first.
setup_file() {
  cat >"$BATS_FILE_TMPDIR/act.c" <<'END'
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define IS(name) (strcmp(mode, name) == 0)

static const char *file;
static char buffer[1 << 16];
static int fd[2];

/* TRUE or nothing goes on. */
static void need(int what)
{
    if (!what) {
        perror("act");
        exit(1);
    }
}

static int child(void)
{
    int pid = fork();

    need(pid != -1);
    if (pid == 0)
        alarm(60);
    return pid == 0;
}

/* Keep what is open, and do nothing. */
static void hold(void)
{
    for (;;)
        pause();
}

static struct timespec soon(void)
{
    struct timespec time;

    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec += 50;
    return time;
}

static void on_signal(int number) { (void)number; }

/* A socket of 127.0.0.1, or ::1 or ::, with a port that is printed. */
static int bound(int type, const char *host)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
    int is6 = strchr(host, ':') != NULL;
    struct sockaddr *name = is6 ? (void *)&in6 : (void *)&in;
    socklen_t length = is6 ? sizeof in6 : sizeof in;
    int s = socket(is6 ? AF_INET6 : AF_INET, type, 0);

    inet_pton(is6 ? AF_INET6 : AF_INET, host,
              is6 ? (void *)&in6.sin6_addr : (void *)&in.sin_addr);
    need(s != -1 && bind(s, name, length) == 0);
    need(getsockname(s, name, &length) == 0);
    printf("%d ", ntohs(is6 ? in6.sin6_port : in.sin_port));
    return s;
}

static int listening(const char *host, int backlog)
{
    int s = bound(SOCK_STREAM, host);

    need(listen(s, backlog) == 0);
    return s;
}

/* Connected over IPv4 to the port that S is bound to; prints its own. */
static int client_of(int s, int type)
{
    union { struct sockaddr_in in; struct sockaddr_in6 in6; } name;
    struct sockaddr_in to = { .sin_family = AF_INET };
    socklen_t length = sizeof name;
    int c = socket(AF_INET, type, 0);

    need(getsockname(s, (void *)&name, &length) == 0);
    to.sin_port = name.in.sin_port;     /* in the same place for IPv6 */
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    need(connect(c, (void *)&to, sizeof to) == 0);
    length = sizeof name;
    need(getsockname(c, (void *)&name, &length) == 0);
    printf("%d ", ntohs(name.in.sin_port));
    fflush(stdout);
    return c;
}

static struct sockaddr_un path_name(void)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };

    strcpy(name.sun_path, file);
    return name;
}

static int path_bound(int type, int backlog)
{
    struct sockaddr_un name = path_name();
    int s = socket(AF_UNIX, type, 0);

    need(s != -1 && bind(s, (void *)&name, sizeof name) == 0);
    if (type != SOCK_DGRAM)
        need(listen(s, backlog) == 0);
    return s;
}

static int path_client(int type)
{
    struct sockaddr_un name = path_name();
    int s = socket(AF_UNIX, type, 0);

    need(s != -1 && connect(s, (void *)&name, sizeof name) == 0);
    return s;
}

static void internet(const char *mode)
{
    if (IS("accept"))
        accept(listening("127.0.0.1", 5), NULL, NULL);
    else if (IS("accept6"))
        accept4(listening("::1", 5), NULL, NULL, SOCK_CLOEXEC);
    else if (IS("receive") || IS("mapped")) {
        int s = listening(IS("mapped") ? "::" : "127.0.0.1", 5);
        int c = client_of(s, SOCK_STREAM);
        if (!child()) {
            close(s);
            need(send(c, "twelve bytes", 12, 0) == 12);
            recv(c, buffer, 1, 0);
        }
        s = accept(s, NULL, NULL);
        close(c);
        hold();
    } else if (IS("unaccepted"))
        recv(client_of(listening("127.0.0.1", 5), SOCK_STREAM), buffer, 1, 0);
    else if (IS("closed")) {
        int s = listening("127.0.0.1", 5), c = client_of(s, SOCK_STREAM);
        int a = accept(s, NULL, NULL);
        shutdown(c, SHUT_WR);
        read(a, buffer, 1);
        read(c, buffer, 1);
    } else if (IS("send")) {
        int s = listening("127.0.0.1", 5), c = client_of(s, SOCK_STREAM);
        s = accept(s, NULL, NULL);
        for (;;)
            need(send(c, buffer, sizeof buffer, 0) > 0);
    } else if (IS("connect")) {
        int s = listening("127.0.0.1", 0);
        for (;;)
            client_of(s, SOCK_STREAM);
    } else if (IS("datagram"))
        recvfrom(bound(SOCK_DGRAM, "127.0.0.1"), buffer, 1, 0, NULL, NULL);
    else if (IS("nameless"))
        recvfrom(socket(AF_INET, SOCK_DGRAM, 0), buffer, 1, 0, NULL, NULL);
    else if (IS("connected")) {
        int s = bound(SOCK_DGRAM, "127.0.0.1");
        struct msghdr message = { 0 };
        recvmsg(client_of(s, SOCK_DGRAM), &message, 0);
    }
}

static void unix_domain(const char *mode)
{
    struct sockaddr_un name = path_name();

    if (IS("u-accept"))
        accept(path_bound(SOCK_STREAM, 5), NULL, NULL);
    else if (IS("u-receive")) {
        int s = path_bound(SOCK_SEQPACKET, 5), c = path_client(SOCK_SEQPACKET);
        if (!child()) {
            close(s);
            need(write(c, "five.", 5) == 5);
            read(c, buffer, 1);
        }
        s = accept(s, NULL, NULL);
        close(c);
        hold();
    } else if (IS("u-unaccepted")) {
        path_bound(SOCK_STREAM, 5);
        read(path_client(SOCK_STREAM), buffer, 1);
    } else if (IS("u-send")) {
        path_bound(SOCK_DGRAM, 0);
        int s = socket(AF_UNIX, SOCK_DGRAM, 0);
        for (;;)
            need(sendto(s, "x", 1, 0, (void *)&name, sizeof name) == 1);
    } else if (IS("u-connect")) {
        path_bound(SOCK_STREAM, 0);
        for (;;)
            path_client(SOCK_STREAM);
    } else if (IS("u-pair")) {
        need(socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0);
        recv(fd[0], buffer, 1, 0);
    }
}

static void queue(const char *mode)
{
    struct mq_attr attr = { .mq_maxmsg = 3, .mq_msgsize = 8 };
    struct timespec end = soon();
    mqd_t q;

    mq_unlink(file);
    q = mq_open(file, O_CREAT | O_RDONLY, 0600, &attr);
    if (IS("receive"))
        mq_receive(q, buffer, sizeof buffer, NULL);
    else if (IS("limit"))
        mq_timedreceive(q, buffer, sizeof buffer, NULL, &end);
    else if (IS("send") && child()) {
        q = mq_open(file, O_WRONLY);
        for (;;)
            need(mq_send(q, "x", 1, 0) == 0);
    } else
        hold();
}

static void memory(const char *mode)
{
    struct timespec end = soon();

    if (IS("semaphore") || IS("semaphore-limit")) {
        sem_t *sem = sem_open(file, O_CREAT, 0600, 0);
        need(sem != SEM_FAILED);
        puts("made");
        if (IS("semaphore"))
            sem_wait(sem);
        else
            sem_timedwait(sem, &end);
    } else {
        sem_t *sem;
        int shared = shm_open(file, O_RDWR | O_CREAT, 0600);
        need(shared != -1 && ftruncate(shared, 4096) == 0);
        sem = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
        sem_init(sem, 1, 0);
        close(shared);
        if (IS("shared") && child())
            hold();
        sem_wait(sem);
    }
}

static void lock(const char *mode)
{
    int f = open(file, O_RDWR | O_CREAT, 0600), g = open(file, O_RDWR);
    int command = IS("record") ? F_SETLKW : F_OFD_SETLKW;
    struct flock held = { F_WRLCK, SEEK_SET, 10, 10, 0 };
    struct flock other = { F_RDLCK, SEEK_SET, 40, 10, 0 };
    struct flock wanted = { F_RDLCK, SEEK_SET, 15, 0, 0 };

    if (IS("whole")) {
        need(flock(f, LOCK_SH) == 0);
        if (child())
            flock(g, LOCK_EX);
        hold();
    }
    need(fcntl(f, command, &held) == 0 && fcntl(f, command, &other) == 0);
    if (child())
        fcntl(g, command, &wanted);
    hold();
}

static void system_v(const char *mode)
{
    struct { long type; char text[8]; } message = { 1, "" };
    struct sembuf operation = { 1, -2, 0 };
    struct timespec limit = { 50, 0 };
    int id = strncmp(mode, "semop", 5) ? msgget(IPC_PRIVATE, 0600) :
             semget(IPC_PRIVATE, 2, 0600);

    need(id != -1);
    printf("%d\n", id);
    fflush(stdout);
    if (IS("semop"))
        semop(id, &operation, 1);
    else if (IS("semop-limit"))
        semtimedop(id, &operation, 1, &limit);
    else if (IS("msgrcv"))
        msgrcv(id, &message, 8, 7, 0);
    else
        for (;;)
            need(msgsnd(id, &message, 8, 0) == 0);
}

static void signals(const char *mode)
{
    struct timespec limit = { 50, 0 };
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    if (IS("suspend")) {
        signal(SIGUSR1, on_signal);
        signal(SIGUSR2, on_signal);
        sigprocmask(SIG_BLOCK, &set, NULL);
        raise(SIGUSR2);
        sigsuspend(&set);
    } else if (IS("suspend-one")) {
        sigfillset(&set);
        sigdelset(&set, SIGUSR1);
        sigsuspend(&set);
    } else {
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGRTMIN + 2);
        sigprocmask(SIG_BLOCK, &set, NULL);
        sigtimedwait(&set, NULL, IS("take") ? NULL : &limit);
    }
}

static void many(const char *mode)
{
    struct epoll_event event = { .events = EPOLLIN };
    int e = epoll_create1(0), s = listening("127.0.0.1", 5);

    need(pipe(fd) == 0);
    epoll_ctl(e, EPOLL_CTL_ADD, s, &event);
    epoll_ctl(e, EPOLL_CTL_ADD, fd[0], &event);
    fflush(stdout);
    epoll_wait(e, &event, 1, IS("epoll") ? -1 : 50000);
}

int main(int argc, char *argv[])
{
    static void (*const act[])(const char *) = {
        internet, unix_domain, queue, memory, lock, system_v, signals, many
    };

    need(argc > 2);
    file = argc > 3 ? argv[3] : "";
    if (strcmp(argv[2], "remove") == 0)
        return mq_unlink(file), sem_unlink(file), shm_unlink(file), 0;
    alarm(60);
    setvbuf(stdout, NULL, _IONBF, 0);
    act[atoi(argv[1])](argv[2]);
    return 1;
}
END
  "${CC:-cc}" -O1 -w -pthread -o "$BATS_FILE_TMPDIR/act" \
    "$BATS_FILE_TMPDIR/act.c"
  : >"$BATS_FILE_TMPDIR/sysv"
  export ACT=$BATS_FILE_TMPDIR/act
}

teardown_file() {
  local kind id
  # Nothing but a command removes these.
  while read -r kind id; do
    ipcrm "-$kind" "$id" || :
  done 2>/dev/null <"$BATS_FILE_TMPDIR/sysv"
}

teardown() {
  end_jobs
  "$ACT" - remove "$OBJECT"
  cat "$BATS_TEST_TMPDIR/seen" || :
}

internet() { start_command it "$ACT" 0 "$@"; }
unix() { start_command it "$ACT" 1 "$1" "$PLACE/socket"; }
queue() { start_command it "$ACT" 2 "$1" "$OBJECT"; }
memory() { start_command it "$ACT" 3 "$1" "$OBJECT"; }
lock() { start_command it "$ACT" 4 "$1" "$PLACE/file"; }
signals() { start_command it "$ACT" 6 "$1"; }

system_v() { # MODE: sets id
  start_command it "$ACT" 5 "$1"
  wait_until has_line it ''
  read -r id <"$BATS_TEST_TMPDIR/it.out"
  if [[ $1 == sem* ]]; then echo "s $id"; else echo "q $id"; fi \
    >>"$BATS_FILE_TMPDIR/sysv"
}

# What the program printed: numbers into the array PORT.
ports() { # COUNT
  wait_until has_words "$1"
  read -ra PORT <"$BATS_TEST_TMPDIR/it.out" || :
}

has_words() {
  (($(wc -w <"$BATS_TEST_TMPDIR/it.out") >= $1))
}

# Does the autopsy say, in a line each, that the program waits in $1 and what
# else $@ has? These are patterns, in which CHILD is the pid of its child.
says() {
  local pattern line child seen
  child=$(children_of "$(pid_of it)")
  "$LABRUN" -w "$(pid_of it)" >"$BATS_TEST_TMPDIR/seen" || return
  mapfile -t seen <"$BATS_TEST_TMPDIR/seen"
  set -- "+([0-9]) act* waits in $1" "${@:2}"
  for pattern; do
    pattern=${pattern//CHILD/"${child:-none}"}
    for line in "${seen[@]}"; do
      # shellcheck disable=SC2053
      [[ $line != *( )$pattern ]] || continue 2
    done
    return 1
  done
}

explains() { # CALL-AND-WHAT [PATTERN...]
  wait_until says "$@"
}

# The kernel can be built without an answer to who has the other end.
has_unix_diag() {
  ss -xa >/dev/null 2>&1 || skip 'no ss, or no sock_diag for UNIX sockets'
}

### Message queues

@test "an empty message queue: its name, what it holds, and who could send" {
  queue receive
  explains "mq_timedreceive() on the message queue $OBJECT (fd 3), which holds 0 of 3 messages" \
    'this queue is open for writing in no process that can be seen'
}

@test "a full message queue: what it holds, and who could receive" {
  queue send
  explains "mq_timedsend() on the message queue $OBJECT (fd 4), which holds 3 of 3 messages" \
    "this queue is open for reading in $(pid_of it) (fd 3), CHILD (fd 3)"
}

@test "a time limit is told: of a queue, a semaphore, a signal, epoll" {
  queue limit
  explains "mq_timedreceive() on * 0 of 3 messages, with a time limit"
  kill "${JOB[it]}"
  memory semaphore-limit
  explains "futex() for *, with a time limit"
  kill "${JOB[it]}"
  signals take-limit
  explains "rt_sigtimedwait() for *, with a time limit"
  kill "${JOB[it]}"
  start_command it "$ACT" 7 epoll-limit
  explains "epoll_?(p)wait() on *, with a time limit"
}

### Semaphores

@test "a named semaphore is called so, with its name" {
  memory semaphore
  # musl keeps it like any shared memory.
  explains "futex() for @(the named semaphore $OBJECT|a semaphore, mutex or condition variable, in /dev/shm$OBJECT)" \
    'also mapped in no other process that can be seen'
}

@test "a named semaphore that was unlinked, once nobody can post it any more" {
  memory semaphore
  wait_until has_line it made
  "$ACT" - remove "$OBJECT"
  explains "futex() for *@(has been unlinked|(deleted))"
}

@test "a semaphore in shared memory: which object, and who else has it mapped" {
  memory shared
  explains "futex() for a semaphore, mutex or condition variable, in /dev/shm$OBJECT" \
    'also mapped in CHILD'
}

### Sockets

@test "accept(): the address that it listens on" {
  internet accept
  ports 1
  explains "accept() on a TCP socket, listening on 127.0.0.1 port ${PORT[0]} (fd 3)"
}

@test "accept4() of IPv6" {
  internet accept6
  ports 1
  explains "accept4() on a TCP socket, listening on ::1 port ${PORT[0]} (fd 3)"
}

@test "a TCP connection: both addresses, both queues, who has the other end" {
  internet receive
  ports 2
  explains "recvfrom() on a TCP socket, 127.0.0.1 port ${PORT[1]}, connected to 127.0.0.1 port ${PORT[0]} (fd 4)" \
    "Recv-Q 0, Send-Q 0 here; Recv-Q 12, Send-Q 0 at the other end, open in CHILD (fd 5)"
}

@test "a TCP connection from IPv4 to a server of IPv6" {
  internet mapped
  ports 2
  explains "*, 127.0.0.1 port ${PORT[1]}, connected to 127.0.0.1 port ${PORT[0]} (fd 4)" \
    "Recv-Q 0, Send-Q 0 here; Recv-Q 12, Send-Q 0 at the other end, open in CHILD (fd 5)"
}

@test "a TCP connection that nobody has accepted yet" {
  internet unaccepted
  explains "recvfrom() on * (fd 4)" \
    'Recv-Q 0, * at the other end, which is not accepted yet'
}

@test "a TCP connection of which one direction is closed" {
  internet closed
  ports 2
  explains "read() on a TCP socket, 127.0.0.1 port ${PORT[1]}, connected to 127.0.0.1 port ${PORT[0]} (FIN-WAIT-2) (fd 4)" \
    "Recv-Q 0, * at the other end, open in $(pid_of it) (fd 5)"
}

@test "a TCP connection that is full: what waits here, what is not read there" {
  internet send
  explains "sendto() on a TCP socket, * (fd 4)" \
    "Recv-Q 0, Send-Q [1-9]*([0-9]) here; Recv-Q [1-9]*([0-9]), Send-Q 0 at the other end, open in $(pid_of it) (fd 5)"
}

@test "connect() to a full queue: the address, and who listens there" {
  internet connect
  ports 2
  explains "connect() to 127.0.0.1 port ${PORT[0]} (fd +([0-9]))" \
    "the socket there has Recv-Q [1-9] (connections to accept), and is open in $(pid_of it) (fd 3)"
}

@test "a UDP socket: its address" {
  internet datagram
  ports 1
  explains "recvfrom() on a UDP socket, 127.0.0.1 port ${PORT[0]} (fd 3)" \
    'Recv-Q 0, Send-Q 0 here'
}

@test "a UDP socket that has no address" {
  internet nameless
  explains "recvfrom() on a UDP socket without an address (fd 3)"
}

@test "a connected UDP socket: who has the other end" {
  internet connected
  ports 2
  explains "recvmsg() on a UDP socket, 127.0.0.1 port ${PORT[1]}, connected to 127.0.0.1 port ${PORT[0]} (fd 4)" \
    "Recv-Q 0, * at the other end, open in $(pid_of it) (fd 3)"
}

@test "a listening UNIX socket: its path" {
  unix u-accept
  explains "accept() on a UNIX stream socket, listening on $PLACE/socket (fd 3)"
}

@test "a connected UNIX socket: its path, and who has the other end" {
  has_unix_diag
  unix u-receive
  explains "read() on a UNIX sequenced-packet socket, connected to $PLACE/socket (fd 4)" \
    "Recv-Q 0, Send-Q * here; Recv-Q 5, Send-Q 0 at the other end, open in CHILD (fd 5)"
}

@test "a UNIX connection that nobody has accepted yet" {
  has_unix_diag
  unix u-unaccepted
  explains "read() on a UNIX stream socket (fd 4)" \
    'Recv-Q 0, * here; the other end, which is not accepted yet'
}

@test "a socket pair: who has the other end" {
  has_unix_diag
  unix u-pair
  explains "recvfrom() on a UNIX stream socket (fd 3)" \
    "Recv-Q 0, * at the other end, open in $(pid_of it) (fd 4)"
}

@test "a datagram to a UNIX socket that is full: its path, and who has it" {
  unix u-send
  explains "sendto() on a UNIX datagram socket (fd 4) to $PLACE/socket" \
    "the socket there ?(has Recv-Q 1, and )is open in $(pid_of it) (fd 3)"
}

@test "connect() to a UNIX socket that is full: its path, and who listens" {
  unix u-connect
  explains "connect() to $PLACE/socket (fd +([0-9]))" \
    "the socket there ?(has Recv-Q [1-9] (connections to accept), and )is open in $(pid_of it) (fd 3)"
}

### Locks

@test "flock(): which lock, and all who share the one that is in its way" {
  lock whole
  explains "flock() for an exclusive lock on $PLACE/file (fd 4)" \
    "a shared lock is held by $(pid_of it) (fd 3), CHILD (fd 3)"
}

@test "fcntl(): the bytes, and who holds the lock that is in its way" {
  lock record
  explains "fcntl() for a read lock on $PLACE/file (fd 4), bytes from 15 on" \
    "a write lock on bytes 10 to 19 is held by $(pid_of it) (fd 3?(, fd 4))"
}

@test "fcntl() of an open file description: who has that" {
  lock description
  explains "fcntl() for a read lock on $PLACE/file (fd 4), bytes from 15 on" \
    "a write lock on bytes 10 to 19 is held by $(pid_of it) (fd 3), CHILD (fd 3)"
}

### System V IPC

@test "semop(): the set, and the value that it waits for" {
  system_v semop
  explains "sem?(timed)op() on semaphore set $id for semaphore 1 to be at least 2"
  kill "${JOB[it]}"
  system_v semop-limit
  explains "semtimedop() on semaphore set $id for *, with a time limit"
}

@test "msgrcv() and msgsnd(): the queue, and the type" {
  system_v msgrcv
  explains "msgrcv() on System V message queue $id for a message of type 7"
  kill "${JOB[it]}"
  system_v msgsnd
  explains "msgsnd() on System V message queue $id, which is full"
}

### Signals, and many descriptors

@test "sigsuspend(): what is caught, blocked and pending" {
  signals suspend
  explains "rt_sigsuspend() for a signal; it catches SIGUSR1, SIGUSR2; blocked: SIGUSR2; pending: SIGUSR2"
  kill "${JOB[it]}"
  signals suspend-one
  explains "rt_sigsuspend() for a signal; blocked: all but SIGUSR1"
}

@test "sigwaitinfo(): which signals it takes" {
  signals take
  explains "rt_sigtimedwait() for SIGUSR2, SIGTERM, SIGRTMIN+2"
}

@test "epoll_wait(): each descriptor, and what it is" {
  start_command it "$ACT" 7 epoll
  ports 1
  local one="fd 4 (a TCP socket, listening on 127.0.0.1 port ${PORT[0]})"
  local two='fd 5 (a pipe)'
  explains "epoll_?(p)wait() on @($one, $two|$two, $one)"
}

### The verdict

# Something outside could end each: another process may come and use them.
@test "none of these waits is called a deadlock" {
  local i name waits=()
  waits=(0:accept 0:receive 0:unaccepted 0:send 0:connect 0:datagram 1:u-accept
    1:u-pair 1:u-send 1:u-connect 2:receive 2:send 3:semaphore 3:shared 4:whole
    4:record 4:description 6:suspend 6:take 7:epoll)
  for i in "${waits[@]}"; do
    name=$PLACE/${i#*:}
    [[ $i != [23]* ]] || name=$OBJECT-$i
    "$LABRUN" -t 2 "$ACT" "${i%:*}" "${i#*:}" "$name" >/dev/null \
      2>"$PLACE/err-$i" 3>&- &
    JOB[$i]=$!
  done
  for i in "${waits[@]}"; do
    status=0
    wait "${JOB[$i]}" || status=$?
    cat "$PLACE/err-$i"
    [[ $i != [23]* ]] || "$ACT" - remove "$OBJECT-$i"
    ((status == 124))
    grep -q '^act: did not end within 2 s' "$PLACE/err-$i"
  done
}
