/* recv - other calls: timespec_get(), mq_setattr() for -n, write_all() */
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
#include "io.h"
#include "mq.h"

enum { FOR_EVER = -1, MAX_SECONDS = 1000000 };

int main(int argc, char *argv[])
{
    static const char synopsis[] = "[-n] [-t SECONDS] [-c COUNT] NAME";
    struct mq_attr attributes = { 0 }, no_waiting = { .mq_flags = O_NONBLOCK };
    int option, no_wait = 0;
    long seconds = FOR_EVER, count = 1;

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

    mqd_t queue = mq_open(name, O_RDWR);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
    if (no_wait && mq_setattr(queue, &no_waiting, NULL) == -1)
        die("mq_setattr %s", name);
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    char *message = malloc(attributes.mq_msgsize + 1);
    if (message == NULL)
        die("malloc");

    for (long i = 0; i < count; i++) {
        struct timespec deadline;
        unsigned priority;
        char number[32];

        if (timespec_get(&deadline, TIME_UTC) != TIME_UTC)
            fail("timespec_get");
        deadline.tv_sec += seconds == FOR_EVER ? 1000000000 : seconds;
        ssize_t length = mq_timedreceive(queue, message, attributes.mq_msgsize,
                                         &priority, &deadline);
        if (length == -1) {
            if (errno == ETIMEDOUT)
                fail("no message in %ld s", seconds);
            die("mq_receive %s", name);
        }
        message[length] = '\n';
        int digits = snprintf(number, sizeof number, "[%u] ", priority);
        if (write_all(STDOUT_FILENO, number, digits) == -1 ||
            write_all(STDOUT_FILENO, message, length + 1) == -1)
            die("write to stdout");
    }
    free(message);
    return EXIT_SUCCESS;
}
