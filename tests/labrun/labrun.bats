#!/usr/bin/env bats
# labrun ends whatever it started, and explains what hangs.

bats_require_minimum_version 1.5.0

# A program with a way of its own to hang for each MODE. Each process of it
# ends after 40 s, should labrun fail.
setup_file() {
  cat >"$BATS_FILE_TMPDIR/act.c" <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define IS(name) (strcmp(mode, name) == 0)

static int fd[2], back[2];
static char byte;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t two = PTHREAD_MUTEX_INITIALIZER;

static int child(void)
{
    int pid = fork();

    if (pid == 0)
        alarm(40);
    return pid == 0;
}

static void get(int from) { if (read(from, &byte, 1) != 1) exit(1); }
static void put(int to) { if (write(to, "x", 1) != 1) exit(1); }
static void on_signal(int number) { (void)number; put(fd[1]); }

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void *other_thread(void *unused)
{
    pthread_mutex_lock(&two);
    put(back[1]);
    get(fd[0]);
    pthread_mutex_lock(&one);
    return unused;
}

/* Say what is not as a command may expect it. */
static void check_start(void)
{
    sigset_t mask;
    struct sigaction action;

    if (getsid(0) != getpid())
        printf("no session of its own\n");
    for (int i = 3; i < 1024; i++)
        if (fcntl(i, F_GETFD) != -1)
            printf("descriptor %d is open\n", i);
    sigprocmask(SIG_BLOCK, NULL, &mask);
    for (int i = 1; i < 32; i++)
        if (sigaction(i, NULL, &action) == 0 &&
            (action.sa_handler != SIG_DFL || sigismember(&mask, i)))
            printf("signal %d is ignored or blocked\n", i);
}

static void start_badly(char *argv[])
{
    sigset_t mask;

    sigfillset(&mask);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    signal(SIGTERM, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    dup2(0, 9);
    dup2(0, 500);
    execv(argv[0], argv);
}

/* Three times as many processes as are allowed, and no more: beside a bomb without
   a limit, every other test waits. */
static void bomb(int sessions)
{
    int *count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    signal(SIGTERM, SIG_IGN);
    while (__atomic_fetch_add(count, 1, __ATOMIC_RELAXED) < 192)
        if (fork() == 0 && sessions)
            setsid();
    alarm(40);
    pause();
}

static void pids(const char *path)
{
    FILE *file = fopen(path, "a");

    fprintf(file, "%d\n", getpid());
    fclose(file);
}

int main(int argc, char *argv[])
{
    const char *mode = argv[1], *file = argc > 2 ? argv[2] : "";

    alarm(40);
    if (IS("clean"))
        check_start();
    else if (IS("badly"))
        start_badly(argv + 2);
    else if (IS("bomb"))
        bomb(0);
    else if (IS("sessions"))
        bomb(1);
    else if (pipe(fd) == -1 || pipe(back) == -1)
        return 1;
    else if (IS("forgotten")) {
        close(back[0]), close(back[1]);
        if (child())
            while (read(fd[0], &byte, 1) > 0)
                ;
        else {
            close(fd[0]), put(fd[1]), close(fd[1]);
            wait(NULL);
        }
    } else if (IS("crosswise"))
        get(child() ? fd[0] : back[0]);
    else if (IS("full"))
        for (;;)
            put(fd[1]);
    else if (IS("poll")) {
        struct pollfd set = { .fd = fd[0], .events = POLLIN };
        poll(&set, 1, -1);
    } else if (IS("mutex")) {
        pthread_mutex_lock(&one);
        pthread_mutex_lock(&one);
    } else if (IS("threads")) {
        pthread_t thread;
        pthread_mutex_lock(&one);
        pthread_create(&thread, NULL, other_thread, NULL);
        get(back[0]);
        put(fd[1]);
        pthread_mutex_lock(&two);
    } else if (IS("anonymous") || IS("named")) {
        int shared = IS("named") ? open(file, O_RDWR | O_CREAT, 0600) : -1;
        sem_t *sem;
        if (shared != -1 && ftruncate(shared, 4096) == -1)
            return 1;
        sem = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED |
                   (shared == -1 ? MAP_ANONYMOUS : 0), shared, 0);
        sem_init(sem, 1, 0);
        if (child())
            sem_wait(sem);
        else
            wait(NULL);
    } else if (IS("fifo"))
        open(file, O_RDONLY);
    else if (IS("own")) {               /* a FIFO that it has for itself */
        fd[0] = open(file, O_RDWR);
        get(fd[0]);
    } else if (IS("socket")) {
        socketpair(AF_UNIX, SOCK_STREAM, 0, fd);
        get(fd[0]);
    } else if (IS("stdin"))
        get(0);
    else if (IS("stopped")) {
        if (child())
            raise(SIGSTOP);
        else
            wait(NULL);
    } else if (IS("handler")) {
        signal(SIGUSR1, on_signal);
        get(fd[0]);
    } else if (IS("alarm")) {
        signal(SIGALRM, on_signal);
        alarm(2);
        get(fd[0]);
    } else if (IS("polls")) {
        struct pollfd set = { .fd = fd[0], .events = POLLIN };
        poll(&set, 1, 2000);
    } else if (IS("limited")) {
        struct timespec end;
        sem_t sem;
        sem_init(&sem, 0, 0);
        clock_gettime(CLOCK_REALTIME, &end);
        end.tv_sec += 2;
        sem_timedwait(&sem, &end);
    } else if (IS("sleeps")) {
        if (child())
            sleep(2);
        else
            wait(NULL);
    } else if (IS("computes")) {
        if (child())
            for (double end = now() + 2; now() < end;)
                ;
        else
            wait(NULL);
    } else if (IS("hangs")) {           /* and so does its child */
        pids(file);
        signal(SIGTERM, SIG_IGN);
        if (child()) {
            pids(file);
            for (;;)
                pause();
        }
        wait(NULL);
    } else if (IS("daemon")) {          /* its parent ends, or hangs on */
        signal(SIGTERM, SIG_IGN);
        if (child()) {
            setsid();
            if (!child())
                _exit(0);
            pids(file);
            put(fd[1]);
            for (;;)
                pause();
        }
        wait(NULL);
        get(fd[0]);
        while (argc > 3)
            pause();
    } else if (IS("unwaited")) {
        if (child())
            _exit(0);
        close(fd[1]);
    } else if (IS("fails")) {
        if (child())
            _exit(0);
        return 3;
    } else if (IS("told")) {            /* dies with its parent */
        if (child()) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            put(fd[1]);
            for (;;)
                pause();
        }
        get(fd[0]);
    } else
        return 2;
    return 0;
}
END
  "${CC:-cc}" -O1 -w -pthread -o "$BATS_FILE_TMPDIR/act" \
    "$BATS_FILE_TMPDIR/act.c"
  export ACT=$BATS_FILE_TMPDIR/act
  export LABRUN=${LABRUN:-$BATS_TEST_DIRNAME/../../build/labrun}
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# labrun as all tests start it: should it hang itself, that ends too.
labrun() {
  timeout -s KILL 60 "$LABRUN" "$@" 3>&-
}

# Is no process left of those whose ids are in file $1?
all_gone() {
  local pid

  [[ -s $1 ]]
  while read -r pid; do
    [[ ! -e /proc/$pid ]] || return 1
  done <"$1"
}

# Try $@ until it succeeds, for 20 s.
until_true() {
  local end=$((SECONDS + 20))

  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.05
  done
}

lines_in() {
  [[ -e $2 && $(wc -l <"$2") -eq $1 ]]
}

# Is process $1 dead, be it that its new parent has not waited for it yet?
dead() {
  local stat

  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  [[ $stat == *') Z '* ]]
}

deadlock() {
  run -124 labrun -t 20 "$ACT" "$@"
  echo "$output"
  [[ ${lines[0]} == 'act: deadlock: '* ]]
}

# ---- running a command ----

@test "the exit status is the command's, or 128 + the signal that killed it" {
  run -0 labrun true
  run -3 labrun sh -c 'exit 3'
  run -137 labrun sh -c 'kill -KILL $$'
  run -143 labrun sh -c 'kill -TERM $$'
  [[ -z $output ]]
}

@test "a command that cannot be found gives 127, one that cannot run 126" {
  # execvp() takes a directory that we may not search for the command's.
  PATH=/usr/bin:/bin run -127 labrun no-such-command
  [[ $output == 'labrun: exec no-such-command: No such file or directory' ]]
  echo data >data
  run -126 labrun ./data
  [[ $output == 'labrun: exec ./data: Permission denied' ]]
}

@test "wrong arguments give the usage and 2" {
  local bad

  for bad in '' '-t' '-t 1x true' '-t 0 true' '-o -1 true' '-p 0 true' \
    '-x true' '-w 1x' '-w 1 true' '-t nan true'; do
    # shellcheck disable=SC2086
    run -2 labrun $bad
    [[ $output == *labrun* ]]
  done
  run -0 --separate-stderr labrun --help
  [[ $output == 'usage: labrun '* && -z $stderr ]]
}

@test "options after the command are the command's" {
  run -0 labrun echo -t 1 -w 2
  [[ $output == '-t 1 -w 2' ]]
}

@test "standard input, output and error are the command's" {
  run -0 --separate-stderr labrun sh -c 'cat; echo err >&2' <<<"in"
  [[ $output == in && $stderr == err ]]
}

@test "no other descriptors, default signals and a session of its own" {
  run -0 labrun "$ACT" clean
  [[ -z $output ]]
  run -0 timeout -s KILL 20 "$ACT" badly "$LABRUN" "$ACT" clean
  echo "$output"
  [[ -z $output ]]
}

@test "-i writes the command's pid to a file before it starts" {
  # shellcheck disable=SC2016
  run -0 labrun -i 'the pid' sh -c 'echo $$; cat "the pid"'
  [[ ${lines[0]} == "${lines[1]}" ]]
  run -125 labrun -i no/such/directory true
  [[ $output == 'labrun: create no/such/directory.'* ]]
}

# ---- ending everything ----

@test "a child that never exits is ended at the limit, and explained" {
  run -124 labrun -t 1 "$ACT" hangs pids
  echo "$output"
  [[ ${lines[0]} == 'act: did not end within 1 s' ]]
  [[ ${lines[1]} =~ ^\ +[0-9]+\ act\ \(parent\)\ +waits\ in\ wait4\(\) ]]
  [[ ${lines[2]} =~ \ act\ \(child\)\ +waits\ in\ .*\ for\ a\ signal$ ]]
  [[ ${lines[3]} == '  killed 2 processes' ]]
  lines_in 2 pids
  all_gone pids
}

@test "a daemon that ignores SIGTERM is ended with a command that hangs" {
  run -124 labrun -t 1 "$ACT" daemon pids hang
  echo "$output"
  [[ $output == *'killed 2 processes' ]]
  all_gone pids
}

@test "a daemon left by a command that ends is named, ended, and gives 123" {
  run -123 labrun "$ACT" daemon pids
  echo "$output"
  [[ $output == *" process"*" behind: "*"$(<pids) act (running)"* ]]
  all_gone pids
}

@test "a child that nobody waited for gives 123" {
  run -123 labrun "$ACT" unwaited
  echo "$output"
  [[ $output =~ ^act:\ left\ 1\ process\ behind:\ [0-9]+\ act\ \(never ]]
}

@test "a command that fails need not wait, if its children end" {
  run -3 labrun "$ACT" fails
  [[ -z $output ]]
  # shellcheck disable=SC2016
  run -123 labrun sh -c 'sleep 30 & exit 3'
  [[ ${lines[1]} == '  its own exit status was 3' ]]
}

@test "a child that dies with its parent, as it asked to, is not left behind" {
  run -0 labrun "$ACT" told
  [[ -z $output ]]
}

@test "a command that writes without end is ended" {
  labrun -t 20 -o 1000000 yes >out 2>err || status=$?
  cat err
  ((status == 122))
  grep -qx 'yes: more than 1000000 bytes of output' err
  (($(wc -c <out) < 4000000))
}

@test "output up to the limit is allowed, and no more" {
  status=0
  labrun -o 1000000 head -c 1000001 /dev/zero >out || status=$?
  ((status == 122))
  echo before >out
  labrun -o 1000000 head -c 1000000 /dev/zero >>out
  (($(wc -c <out) == 1000007))
}

@test "a command that takes too much memory is ended" {
  # tail keeps the last line, and this one has no end.
  run -120 labrun -t 20 -m 50000000 tail -n 1 /dev/zero
  [[ ${lines[0]} == 'tail: more than 50000000 bytes of memory' ]]
}

@test "no process of the same user may trace it" {
  local as=()
  ((EUID)) || as=(setpriv --reuid 65534 --clear-groups)
  # shellcheck disable=SC2016
  run -0 "${as[@]}" "$LABRUN" sh -c '! ls /proc/$PPID/fd && ls /proc/self/fd'
  [[ $output == *'Permission denied'* ]]
}

@test "more processes than allowed are too many" {
  run -0 labrun -p 3 sh -c 'sleep 0.3 & sleep 0.3 & wait'
  # shellcheck disable=SC2016
  run -121 labrun -p 3 sh -c 'sleep 30 & sleep 30 & sleep 30 & wait'
  [[ ${lines[0]} == 'sh: more than 3 processes' ]]
}

no_process_named() {
  ! grep -lx "$1" /proc/[0-9]*/comm 2>/dev/null
}

@test "a fork bomb is ended" {
  ln -s "$ACT" "bomb$$"
  run -121 labrun -t 20 "./bomb$$" bomb
  echo "$output"
  [[ ${lines[0]} == "bomb$$: more than 64 processes" ]]
  no_process_named "bomb$$"
}

@test "a fork bomb of which each process has its own session is ended" {
  ln -s "$ACT" "bomb$$"
  run -121 labrun -t 20 "./bomb$$" sessions
  [[ ${lines[0]} == "bomb$$: more than 64 processes" ]]
  no_process_named "bomb$$"
}

@test "a shell's fork bomb, whose first process ends at once, is ended" {
  cat >bomb <<'END'
end=$((EPOCHSECONDS + 5))
f() { ((EPOCHSECONDS < end)) && f | f & }
f
END
  ln -s "$(type -P bash)" "bash$$"
  run labrun -t 20 "./bash$$" bomb
  [[ $status == 12[13] ]]
  no_process_named "bash$$"
}

@test "labrun that is told to end takes everything with it" {
  local signal

  for signal in TERM INT HUP; do
    rm -f pids
    "$LABRUN" -t 60 "$ACT" hangs pids 3>&- &
    until_true lines_in 2 pids
    kill -s "$signal" $!
    status=0
    wait $! || status=$?
    ((status == 128 + $(kill -l "$signal")))
    all_gone pids
  done
}

@test "labrun ends when its parent does, and takes everything with it" {
  bash -c '"$LABRUN" -t 60 "$ACT" hangs pids & echo $! >labrun; wait' 3>&- &
  until_true lines_in 2 pids
  kill -KILL $!
  until_true dead "$(<labrun)"
  until_true all_gone pids
}

@test "a command dies when its labrun is killed" {
  "$LABRUN" -t 60 -i pid sleep 40 3>&- &
  until_true test -s pid
  kill -KILL $!
  until_true dead "$(<pid)"
}

# ---- deadlocks ----

@test "the forgotten write end is a deadlock, found before the limit" {
  local parent child line

  ln -s "$ACT" parent_child
  run -124 labrun -t 20 ./parent_child forgotten
  echo "$output"
  [[ ${lines[0]} == 'parent_child: deadlock: '* ]]
  [[ ${lines[1]} =~ ^\ +([0-9]+)\ parent_child\ \(parent\)\ \ waits ]]
  parent=${BASH_REMATCH[1]}
  [[ ${lines[1]} =~ \ waits\ in\ wait4\(\)\ for\ child\ ([0-9]+)$ ]]
  child=${BASH_REMATCH[1]}
  ((parent != child))
  line=" $child parent_child (child)   waits in read() on a pipe"
  [[ ${lines[2]} == *"$line" ]]
  line=" the write end of this pipe is still open in $child (fd 4)"
  [[ ${lines[3]} == *"$line" ]]
  [[ ${lines[4]} == '  killed 2 processes' ]]
  ((${#lines[@]} == 5))
}

@test "two processes that each read what the other never writes: a deadlock" {
  deadlock crosswise
  (($(grep -c 'waits in read() on a pipe' <<<"$output") == 2))
}

@test "a full pipe that nobody else reads: a deadlock" {
  deadlock full
  [[ $output == *'waits in write() on a pipe'* ]]
  [[ $output =~ this\ pipe\ is\ full\;\ its\ read\ end\ .*\(fd\ 3\) ]]
}

@test "poll() on a pipe that nobody else has: a deadlock" {
  deadlock poll
  [[ $output == *'poll() on fd 3 (a pipe)'*'write end '*'(fd 4)'* ]]
}

@test "a mutex in private memory that is locked twice: a deadlock" {
  deadlock mutex
  [[ $output == *' mutex or condition variable, in private memory'* ]]
}

@test "two threads that hold each other's mutex: a deadlock" {
  deadlock threads
  [[ ${lines[1]} == *'in private memory (2 threads)' ]]
  ((${#lines[@]} == 3))
}

@test "a semaphore in anonymous memory that nobody posts: a deadlock" {
  deadlock anonymous
  [[ $output == *'in anonymous shared memory'* ]]
}

@test "-D: a deadlock runs to the limit" {
  run -124 labrun -D -t 1.5 "$ACT" forgotten
  [[ ${lines[0]} == 'act: did not end within 1.5 s' ]]
}

# Start ACT $2... with a limit of $1 s, beside others.
begin() {
  local limit=$1 mode=$2

  {
    status=0
    labrun -t "$limit" "$ACT" "${@:2}" >"out.$mode" 2>&1 || status=$?
    echo "$status" >"status.$mode"
  } <&0 &
  begun+=($!)
}

@test "waits that something outside could end are no deadlocks" {
  local mode begun=()

  mkfifo fifo held own
  exec 7<>held
  begin 2 fifo fifo
  begin 2 own own
  begin 2 socket
  begin 2 stdin < <(exec cat held 7>&-)
  begin 2 stopped
  begin 2 named "$PWD/semaphore"
  begin 2 handler
  wait "${begun[@]}"
  exec 7>&-
  for mode in fifo own socket stdin stopped named handler; do
    cat "out.$mode"
    (($(<"status.$mode") == 124))
    grep -qx 'act: did not end within 2 s' "out.$mode"
  done
  grep -q 'waits in .* of the FIFO fifo for a writer$' out.fifo
  grep -q "waits in read() on the FIFO $PWD/own" out.own
  grep -q 'waits in read() on a UNIX stream socket' out.socket
  grep -q 'open in [0-9]* (cat, fd 1)' out.stdin
  grep -q '(child)   is stopped' out.stopped
  grep -q "condition variable, in $PWD/semaphore\$" out.named
}

@test "who is slow, or waits for a time or an alarm, goes on undisturbed" {
  local mode begun=()

  begin 20 alarm
  begin 20 sleeps
  begin 20 computes
  begin 20 polls
  begin 20 limited
  wait "${begun[@]}"
  for mode in alarm sleeps computes polls limited; do
    cat "out.$mode"
    (($(<"status.$mode") == 0))
    [[ ! -s out.$mode ]]
  done
}

# ---- looking only ----

@test "-w explains a process and its descendants, and leaves them alone" {
  "$ACT" hangs pids 3>&- &
  until_true lines_in 2 pids
  explained() {
    run -0 "$LABRUN" -w $!
    [[ $output == *"$! act (parent)  waits in wait4() for child "* &&
      $output == *"$(tail -n 1 pids) act (child)"*'for a signal' ]]
  }
  until_true explained
  kill -KILL "$(tail -n 1 pids)"
  wait $!
}

@test "-w of a process that does not exist says so" {
  run -1 labrun -w 2147483647
  [[ $output == 'labrun: no process 2147483647' ]]
}

@test "scripts/why explains each PID, and says which does not exist" {
  local why=$BATS_TEST_DIRNAME/../../scripts/why

  run -1 "$why" 2147483647 $$
  [[ ${lines[0]} == 'labrun: no process 2147483647' ]]
  [[ $output == *" $$ bash (parent) "*" waits in "* ]]
  run -2 "$why"
  run -2 "$why" -x
  [[ ${lines[0]} == 'usage: why PID...' ]]
}

@test "scripts/why runs a command, and explains it when it hangs" {
  run -124 "$BATS_TEST_DIRNAME/../../scripts/why" "$ACT" forgotten
  [[ ${lines[0]} == 'act: deadlock: '* ]]
  [[ $output == *'waits in read() on a pipe'* ]]
  run -127 "$BATS_TEST_DIRNAME/../../scripts/why" ./nothing
}

@test "scripts/why runs a command, and explains it on SIGINT" {
  # With job control, as in a terminal, a background job does not ignore SIGINT.
  set -m
  "$BATS_TEST_DIRNAME/../../scripts/why" "$ACT" hangs pids 2>err 3>&- &
  set +m
  until_true lines_in 2 pids
  kill -s INT $!
  status=0
  wait $! || status=$?
  cat err
  ((status == 130))
  [[ $(head -n 1 err) == 'act: interrupted' ]]
  grep -q 'act (parent) .* waits in wait4() for child' err
  all_gone pids
}

@test "what may not be looked at is not guessed" {
  ((EUID == 0)) || skip "needs root, to have another user's process"
  type -P setpriv || skip "needs setpriv"
  cp "$LABRUN" "$BATS_FILE_TMPDIR/labrun"
  chmod -R a+rX "$BATS_RUN_TMPDIR"
  run -0 setpriv --reuid 65534 --regid 65534 --clear-groups \
    "$BATS_FILE_TMPDIR/labrun" -w $$
  echo "$output"
  [[ $output == *'cannot see in which call: needs ptrace rights'* ]]
}
