/*
 * recv - receive messages from a queue and print each after its priority
 *
 *     send --> [ queue: NAME ] --mq_receive()--> recv --> stdout
 *
 * Watch the order: the highest priority first, and within one priority the
 * oldest message first. A receiver cannot choose another one.
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
    long seconds = FOR_EVER, count = 1;
    int option, no_wait = 0;
    unsigned priority = 0;
    ssize_t length = 0;

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+nt:c:")) != -1) {
        if (option == 'n')
            no_wait = 1;
        else if (option == 't')
            seconds = number_arg(optarg, "SECONDS", 0, MAX_SECONDS);
        else if (option == 'c')
            count = number_arg(optarg, "COUNT", 1, INT_MAX);
        else
            usage(synopsis);
    }
    if (argc - optind != 1)
        usage(synopsis);
    const char *name = argv[optind];

    /* STEP 1: open the queue, which must exist. If no_wait is set, an empty
     * queue must be an error (EAGAIN). */
    mqd_t queue = mq_open(name, O_RDONLY | (no_wait ? O_NONBLOCK : 0));
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));

    /* STEP 2: ask how large a message may be: the buffer needs that room. */
    struct mq_attr attributes;
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    size_t size = attributes.mq_msgsize;

    char *message = malloc(size);
    if (message == NULL)
        die("malloc");

    while (count-- > 0) {
        /* STEP 3: the deadline for this message: the time of day, plus -t. */
        struct timespec deadline;
        if (clock_gettime(CLOCK_REALTIME, &deadline) == -1)
            die("clock_gettime");
        deadline.tv_sec += seconds;

        /* STEP 4: receive a message, with its priority. Without -t, wait.
         * If the deadline passes, fail with "no message in SECONDS s". */
        if (seconds == FOR_EVER)
            length = mq_receive(queue, message, size, &priority);
        else
            length = mq_timedreceive(queue, message, size, &priority,
                                     &deadline);
        if (length == -1 && errno == ETIMEDOUT)
            fail("no message in %ld s", seconds);
        if (length == -1)
            die("mq_receive %s", name);

        /* STEP 5: print "[PRIORITY] MESSAGE", at once. It ends with no '\0'. */
        printf("[%u] ", priority);
        fwrite(message, 1, length, stdout);
        putchar('\n');
        finish();
    }
    free(message);
    return EXIT_SUCCESS;
}
