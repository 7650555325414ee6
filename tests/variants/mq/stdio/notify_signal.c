/* notify_signal - line-buffered; sigtimedwait() wakes it now and then */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    struct sigevent by_signal = { .sigev_notify = SIGEV_SIGNAL,
                                  .sigev_signo = SIGUSR1 };
    struct timespec minute = { .tv_sec = 60 };
    struct mq_attr attributes = { 0 };
    siginfo_t info = { 0 };
    sigset_t signals;
    unsigned priority = 0;
    ssize_t length = 0;
    int number = 0;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (sigprocmask(SIG_SETMASK, &signals, NULL) == -1)
        die("sigprocmask");
    mqd_t queue = mq_open(name, O_RDONLY | O_NONBLOCK);
    if (queue == -1)
        die("open %s", name);
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    char *text = malloc(attributes.mq_msgsize);
    if (text == NULL)
        die("malloc");
    if (mq_notify(queue, &by_signal) == -1)
        die("register with %s", name);
    if (printf("ready %ld\n", (long)getpid()) < 0)
        die("write to stdout");

    do {
        while ((length = mq_receive(queue, text, attributes.mq_msgsize,
                                    &priority)) != -1)
            if (printf("[%u] %.*s\n", priority, (int)length, text) < 0)
                die("write to stdout");
        if (errno != EAGAIN)
            die("receive from %s", name);
        number = sigtimedwait(&signals, &info, &minute);
        if (number == -1 && errno != EINTR && errno != EAGAIN)
            die("sigtimedwait");
        if (number == SIGUSR1 && info.si_code == SI_MESGQ) {
            fprintf(stderr, "notify_signal: notified by process %ld\n",
                    (long)info.si_pid);
            if (mq_notify(queue, &by_signal) == -1)
                die("register with %s", name);
        }
    } while (number != SIGINT && number != SIGTERM);
    return finish();
}
