/*
 * notify_signal - be notified by a signal when messages arrive
 *
 *     send --> [ queue: NAME ] --SIGUSR1--> notify_signal --> stdout
 *
 * Watch the order: register, empty the queue, wait. A notification is sent
 * once, and only for a message that arrives in an empty queue. If we emptied
 * it first, a message could arrive before we register, and silence us.
 *
 * See mq_notify(3), sigevent(7), sigwaitinfo(2).
 */
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
    struct mq_attr attributes;
    unsigned priority;
    ssize_t length;
    sigset_t signals;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);

    /* STEP 1: block these signals. They stay pending until we wait for one. */
    if (sigprocmask(SIG_BLOCK, &signals, NULL) == -1)
        die("sigprocmask");

    /* STEP 2: open the queue, which must exist. If it is empty, do not wait. */
    mqd_t queue = mq_open(name, O_RDONLY | O_NONBLOCK);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));

    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    char *text = malloc(attributes.mq_msgsize);
    if (text == NULL)
        die("malloc");

    /* STEP 3: register. Only one process can: a second one gets EBUSY. */
    if (mq_notify(queue, &by_signal) == -1)
        die("mq_notify %s", name);

    printf("ready %ld\n", (long)getpid());
    finish();
    for (;;) {
        /* STEP 4: empty the queue, and print each message as recv does. While
         * one is left in it, no notification is sent. */
        while ((length = mq_receive(queue, text, attributes.mq_msgsize,
                                    &priority)) >= 0) {
            printf("[%u] ", priority);
            fwrite(text, 1, length, stdout);
            putchar('\n');
            finish();
        }
        if (errno != EAGAIN)
            die("mq_receive %s", name);

        /* STEP 5: wait for one of the signals; if interrupted, wait again. */
        siginfo_t info;
        int number;
        while ((number = sigwaitinfo(&signals, &info)) == -1)
            if (errno != EINTR)
                die("sigwaitinfo");

        if (number != SIGUSR1)
            break;
        if (info.si_code != SI_MESGQ) /* from kill(1): we are registered */
            continue;
        fprintf(stderr, "notify_signal: notified by process %ld\n",
                (long)info.si_pid);

        /* STEP 6: register again: each registration is for one notification. */
        if (mq_notify(queue, &by_signal) == -1)
            die("mq_notify %s", name);
    }
    free(text);
    return EXIT_SUCCESS;
}
