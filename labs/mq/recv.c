/*
 * recv - take messages from a queue and print them, each after its priority
 *
 *     send --> [ queue: NAME ] --mq_receive()--> recv --> stdout
 *
 * Watch the order: the highest priority first, and within one priority the
 * oldest first. Nobody can take another message than that.
 *
 * See mq_receive(3), mq_getattr(3), mq_open(3) O_NONBLOCK, clock_gettime(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "mq.h"

enum { FOR_EVER = -1, MAX_SECONDS = 1000000 };

int main(int argc, char *argv[])
{
    static const char synopsis[] = "[-n] [-t SECONDS] [-c COUNT] NAME";
    struct mq_attr attributes = { 0 };
    struct timespec deadline = { 0 };
    int option, flags = O_RDONLY, no_wait = 0;
    long seconds = FOR_EVER, count = 1;
    unsigned priority = 0;
    ssize_t length = 0;
    mqd_t queue = -1;

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+nt:c:")) != -1)
        switch (option) {
        case 'n':
            no_wait = 1;
            break;
        case 't':
            seconds = number_arg(optarg, "SECONDS", 0, MAX_SECONDS);
            break;
        case 'c':
            count = number_arg(optarg, "COUNT", 1, INT_MAX);
            break;
        default:
            usage(synopsis);
        }
    if (argc - optind != 1)
        usage(synopsis);
    const char *name = argv[optind];

    /* STEP 1: with -n an empty queue shall be an error, not make us wait. */
    if (no_wait)
        flags |= O_NONBLOCK;

    /* STEP 2: open the queue. Without O_CREAT it must be there. */
    if ((queue = mq_open(name, flags)) == -1)
        die("mq_open %s%s", name, name_rule(name));

    /* STEP 3: the buffer must hold the largest message: how large? */
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);

    char *message = malloc(attributes.mq_msgsize);
    if (message == NULL)
        die("malloc");

    while (count-- > 0) {
        /* STEP 4: a deadline is a time of day, not a number of seconds. */
        if (clock_gettime(CLOCK_REALTIME, &deadline) == -1)
            die("clock_gettime");
        deadline.tv_sec += seconds;

        /* STEP 5: take a message, and its priority. */
        if (seconds == FOR_EVER)
            length = mq_receive(queue, message, attributes.mq_msgsize,
                                &priority);
        else
            length = mq_timedreceive(queue, message, attributes.mq_msgsize,
                                     &priority, &deadline);
        if (length == -1 && errno == ETIMEDOUT)
            fail("no message in %ld s", seconds);
        if (length == -1)
            die("mq_receive %s", name);

        /* STEP 6: print it. It is no string: nothing ends it but its length. */
        printf("[%u] ", priority);
        fwrite(message, 1, length, stdout);
        putchar('\n');

        finish(); /* at once: the next one may take its time */
    }
    free(message);
    return EXIT_SUCCESS;
}
