/* recv - stdout is not buffered; the message is printed byte by byte */
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
    int option, flags = O_RDONLY;
    long seconds = FOR_EVER, count = 1;
    unsigned priority = 0;
    ssize_t length = 0;

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+nt:c:")) != -1)
        switch (option) {
        case 'n':
            flags = O_RDONLY | O_NONBLOCK;
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
        die("open %s", name);
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    char *message = calloc(attributes.mq_msgsize, 1);
    if (message == NULL)
        die("calloc");
    setvbuf(stdout, NULL, _IONBF, 0);

    for (; count > 0; count--) {
        if (seconds == FOR_EVER) {
            length = mq_receive(queue, message, attributes.mq_msgsize,
                                &priority);
        } else {
            if (clock_gettime(CLOCK_REALTIME, &deadline) != 0)
                die("clock_gettime");
            deadline.tv_sec += seconds;
            length = mq_timedreceive(queue, message, attributes.mq_msgsize,
                                     &priority, &deadline);
        }
        if (length < 0 && errno == ETIMEDOUT)
            fail("no message in %ld s", seconds);
        if (length < 0)
            die("receive from %s", name);
        if (printf("[%u] ", priority) < 0)
            die("write to stdout");
        for (ssize_t i = 0; i < length; i++)
            if (putchar(message[i]) == EOF)
                die("write to stdout");
        if (putchar('\n') == EOF)
            die("write to stdout");
    }
    return finish();
}
