/* notify_signal - other calls: a signalfd instead of sigwaitinfo() */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    struct sigevent by_signal = { .sigev_notify = SIGEV_SIGNAL,
                                  .sigev_signo = SIGUSR1 };
    struct mq_attr attributes = { 0 };
    struct signalfd_siginfo info;
    sigset_t signals;
    unsigned priority = 0;
    ssize_t length = 0;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) == -1)
        die("sigprocmask");
    int fd = signalfd(-1, &signals, SFD_CLOEXEC);
    if (fd == -1)
        die("signalfd");

    mqd_t queue = mq_open(name, O_RDWR | O_NONBLOCK);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    char *text = malloc(attributes.mq_msgsize);
    if (text == NULL)
        die("malloc");
    if (mq_notify(queue, &by_signal) == -1)
        die("mq_notify %s", name);

    printf("ready %ld\n", (long)getpid());
    finish();
    for (;;) {
        for (;;) {
            length = mq_receive(queue, text, attributes.mq_msgsize, &priority);
            if (length == -1 && errno == EAGAIN)
                break;
            if (length == -1)
                die("mq_receive %s", name);
            printf("[%u] %.*s\n", priority, (int)length, text);
            finish();
        }
        while ((length = read(fd, &info, sizeof info)) == -1 && errno == EINTR)
            ;
        if (length != sizeof info)
            die("read signalfd");
        if (info.ssi_signo != SIGUSR1)
            break;
        if (info.ssi_code != SI_MESGQ)
            continue;
        fprintf(stderr, "notify_signal: notified by process %ld\n",
                (long)info.ssi_pid);
        if (mq_notify(queue, &by_signal) == -1)
            die("mq_notify %s", name);
    }
    return EXIT_SUCCESS;
}
