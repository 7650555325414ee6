/*
 * notify_signal - be told by a signal that messages have come
 *
 *     send --> [ queue: NAME ] --SIGUSR1--> notify_signal --> stdout
 *
 * Watch the order: register first, then empty the queue, then wait. A notice
 * comes once, and only for a message to an empty queue: who empties first may
 * register too late, find the queue not empty, and never be told again.
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

static void print_message(unsigned priority, const char *text, ssize_t length)
{
    printf("[%u] ", priority);
    fwrite(text, 1, length, stdout);
    putchar('\n');
    finish(); /* at once: the next one may take its time */
}

int main(int argc, char *argv[])
{
    struct sigevent by_signal = { .sigev_notify = SIGEV_SIGNAL,
                                  .sigev_signo = SIGUSR1 };
    struct mq_attr attributes = { 0 };
    siginfo_t info = { 0 };
    sigset_t signals;
    unsigned priority = 0;
    ssize_t length = 0;
    mqd_t queue = -1;
    int number = 0;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);

    /* STEP 1: block these signals: they stay pending until we wait for them. */
    if (sigprocmask(SIG_BLOCK, &signals, NULL) == -1)
        die("sigprocmask");

    /* STEP 2: open the queue. Where it is empty we do not want to wait. */
    if ((queue = mq_open(name, O_RDONLY | O_NONBLOCK)) == -1)
        die("mq_open %s%s", name, name_rule(name));

    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    char *text = malloc(attributes.mq_msgsize);
    if (text == NULL)
        die("malloc");

    /* STEP 3: register for a signal. One process can, a second gets EBUSY. */
    if (mq_notify(queue, &by_signal) == -1)
        die("mq_notify %s", name);

    printf("ready %ld\n", (long)getpid());
    finish();
    for (;;) {
        /* STEP 4: take all that is there: a message left here tells nobody. */
        while ((length = mq_receive(queue, text, attributes.mq_msgsize,
                                    &priority)) >= 0)
            print_message(priority, text, length);
        if (errno != EAGAIN)
            die("mq_receive %s", name);

        /* STEP 5: wait for the notice, or for the signals that end us. */
        while ((number = sigwaitinfo(&signals, &info)) == -1)
            if (errno != EINTR) /* SIGCONT, after ^Z */
                die("sigwaitinfo");

        if (number != SIGUSR1)
            break;
        if (info.si_code != SI_MESGQ)
            continue; /* from kill(1): we are still registered */
        fprintf(stderr, "notify_signal: told of a message from process %ld\n",
                (long)info.si_pid);

        /* STEP 6: that notice was the only one. Register again. */
        if (mq_notify(queue, &by_signal) == -1)
            die("mq_notify %s", name);
    }
    free(text);
    return EXIT_SUCCESS;
}
