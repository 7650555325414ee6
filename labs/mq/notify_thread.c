/*
 * notify_thread - be told by a new thread that messages have come
 *
 *     send --> [ queue: NAME ] --a thread--> told() --> stdout
 *
 * Watch who runs: main() only waits for the signal that ends it. The library
 * starts a thread for each notice, and two may run at once, so they take
 * turns with the queue.
 *
 * See mq_notify(3), sigevent(7), pthreads(7).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "err.h"
#include "mq.h"

static const char *name;
static mqd_t queue;
static char *text; /* of the thread that holds the mutex */
static long size;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void told(union sigval value);

static void arm(void)
{
    struct sigevent by_thread = { .sigev_notify = SIGEV_THREAD,
                                  .sigev_notify_function = told };

    if (mq_notify(queue, &by_thread) == -1)
        die("mq_notify %s", name);
}

/* Print all messages that are there. */
static void drain(void)
{
    unsigned priority;
    ssize_t length;

    /* pthread functions return the error: errno is for die(). */
    if ((errno = pthread_mutex_lock(&mutex)) != 0)
        die("pthread_mutex_lock");
    while ((length = mq_receive(queue, text, size, &priority)) >= 0) {
        printf("[%u] ", priority);
        fwrite(text, 1, length, stdout);
        putchar('\n');
        finish(); /* at once: the next one may take its time */
    }
    if (errno != EAGAIN)
        die("mq_receive %s", name);
    if ((errno = pthread_mutex_unlock(&mutex)) != 0)
        die("pthread_mutex_unlock");
}

/* Runs in a thread of its own. The notice was the only one: arm, then drain. */
static void told(union sigval value)
{
    (void)value;
    arm();
    drain();
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

    arm();
    printf("ready %ld\n", (long)getpid());
    finish();
    drain();
    if ((errno = sigwait(&signals, &number)) != 0)
        die("sigwait");
    return EXIT_SUCCESS;
}
