/*
 * notify_thread - be notified by a new thread when messages arrive
 *
 *     send --> [ queue: NAME ] --a new thread--> take_all() --> stdout
 *
 * Watch who does the work: main() only waits for the signal that ends it. The
 * C library starts a thread for each notification. Two of them may run at
 * once, so they take turns.
 *
 * See mq_notify(3), sigevent(7), flockfile(3).
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

static const char *name;
static mqd_t queue;
static char *text; /* belongs to the thread that holds the lock on stdout */
static long size;

/* Runs once in main(), then in a new thread for each notification. */
static void take_all(union sigval unused)
{
    struct sigevent by_thread = { .sigev_notify = SIGEV_THREAD,
                                  .sigev_notify_function = take_all };
    unsigned priority;
    ssize_t length;

    (void)unused;
    if (mq_notify(queue, &by_thread) == -1) /* first: see notify_signal.c */
        die("mq_notify %s", name);

    flockfile(stdout);
    while ((length = mq_receive(queue, text, size, &priority)) >= 0) {
        printf("[%u] ", priority);
        fwrite(text, 1, length, stdout);
        putchar('\n');
        finish();
    }
    if (errno != EAGAIN)
        die("mq_receive %s", name);
    funlockfile(stdout);
}

int main(int argc, char *argv[])
{
    struct mq_attr attributes;
    sigset_t signals;
    int number;

    expect_args(argc, argv, 1, 1, "NAME");
    name = argv[1];
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) == -1) /* threads inherit it */
        die("sigprocmask");

    if ((queue = mq_open(name, O_RDONLY | O_NONBLOCK)) == -1)
        die("mq_open %s%s", name, name_rule(name));
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    size = attributes.mq_msgsize;
    if ((text = malloc(size)) == NULL)
        die("malloc");

    take_all((union sigval){ 0 });
    printf("ready %ld\n", (long)getpid());
    finish();
    if ((errno = sigwait(&signals, &number)) != 0)
        die("sigwait");
    return EXIT_SUCCESS;
}
