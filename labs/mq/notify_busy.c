/*
 * notify_busy - who is told of a message, and who is not
 *
 *     parent --mq_send()--> [ queue: NAME ] --mq_receive()--> child
 *            <--SIGUSR1----
 *
 * Watch that a notice is for a queue which nobody looks after: where a
 * receiver waits, it gets the message, and whoever registered hears nothing.
 *
 * See mq_notify(3), sigtimedwait(2), proc(5).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"
#include "mq.h"

static const struct sigevent by_signal = { .sigev_notify = SIGEV_SIGNAL,
                                           .sigev_signo = SIGUSR1 };

/* Try to register too, then wait for a message. */
static _Noreturn void child(mqd_t queue, pid_t parent)
{
    char text[MSGSIZE];

    /* Nobody else would end us, if the parent is killed. */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) == -1)
        die("prctl PR_SET_PDEATHSIG");
    if (getppid() != parent)
        _exit(EXIT_FAILURE);

    if (mq_notify(queue, &by_signal) == 0 || errno != EBUSY)
        die("mq_notify, in a second process");
    if (mq_receive(queue, text, sizeof text, NULL) == -1)
        die("mq_receive");
    _exit(EXIT_SUCCESS);
}

/* Wait until process PID, which waits for nothing else, is in mq_receive(). */
static void wait_until_asleep(pid_t pid)
{
    char path[64], stat[512] = "";

    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    int fd = open(path, O_RDONLY);
    if (fd == -1)
        die("open %s", path);
    while (strstr(stat, ") S ") == NULL) {
        if (pread(fd, stat, sizeof stat - 1, 0) == -1)
            die("pread %s", path);
        if (strstr(stat, ") Z ") != NULL)
            fail("the child failed");
        if (sched_yield() == -1)
            die("sched_yield");
    }
    if (close(fd) == -1)
        die("close %s", path);
}

/* A notice comes before mq_send() returns, or not at all. */
static void send_and_look(mqd_t queue, const sigset_t *signals, const char *to)
{
    struct timespec no_time = { 0, 0 };

    if (mq_send(queue, "hello", 5, 0) == -1)
        die("mq_send");
    int number = sigtimedwait(signals, NULL, &no_time);
    if (number == -1 && errno != EAGAIN)
        die("sigtimedwait");
    printf("message to %s: %s\n", to, number == -1 ? "no notice" : "notice");
}

int main(int argc, char *argv[])
{
    struct mq_attr attributes = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    sigset_t signals;
    int status;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) == -1)
        die("sigprocmask");

    mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
    remove_at_exit(mq_unlink, name, BY_SIGNAL);
    if (mq_notify(queue, &by_signal) == -1)
        die("mq_notify %s", name);

    pid_t parent = getpid(), pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        child(queue, parent);
    printf("first process: ready\n");
    wait_until_asleep(pid);
    send_and_look(queue, &signals, "a waiting receiver");
    if (wait(&status) == -1)
        die("wait");
    if (status != 0)
        fail("the child failed");
    printf("second process: EBUSY, and it has the message\n");
    send_and_look(queue, &signals, "an empty queue");
    return finish();
}
