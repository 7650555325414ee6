/* recv - in functions; always mq_timedreceive(), with a deadline far away */
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

enum { FOR_EVER = 500000000, MAX_SECONDS = 1000000 };

static struct timespec in(long seconds)
{
    struct timespec deadline;

    if (clock_gettime(CLOCK_REALTIME, &deadline) == -1)
        die("clock_gettime");
    deadline.tv_sec += seconds;
    return deadline;
}

static void print(unsigned priority, const char *message, size_t length)
{
    if (printf("[%u] ", priority) < 0 ||
        fwrite(message, 1, length, stdout) != length || puts("") == EOF ||
        fflush(stdout) == EOF)
        die("write to stdout");
}

int main(int argc, char *argv[])
{
    static const char synopsis[] = "[-n] [-t SECONDS] [-c COUNT] NAME";
    struct mq_attr attributes;
    int option, flags = O_RDONLY;
    long seconds = FOR_EVER, count = 1;
    unsigned priority;

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+nt:c:")) != -1)
        switch (option) {
        case 'n':
            flags |= O_NONBLOCK;
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

    mqd_t queue = mq_open(name, flags);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    char *message = malloc(attributes.mq_msgsize);
    if (message == NULL)
        die("malloc");
    while (count-- > 0) {
        struct timespec deadline = in(seconds);
        ssize_t length = mq_timedreceive(queue, message, attributes.mq_msgsize,
                                         &priority, &deadline);

        if (length == -1 && errno == ETIMEDOUT)
            fail("no message in %ld s", seconds);
        if (length == -1)
            die("mq_receive %s", name);
        print(priority, message, length);
    }
    return EXIT_SUCCESS;
}
