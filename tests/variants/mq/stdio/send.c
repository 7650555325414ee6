/* send - two calls of mq_open(), the size is asked for only on failure */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    static const char synopsis[] = "[-n] [-p PRIORITY] NAME MESSAGE";
    struct mq_attr attributes = { 0 };
    int option, no_wait = 0;
    unsigned priority = 0;
    mqd_t queue;

    expect_args(argc, argv, 2, INT_MAX, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+np:")) != -1)
        switch (option) {
        case 'n':
            no_wait = 1;
            break;
        case 'p':
            priority = number_arg(optarg, "PRIORITY", 0, MQ_PRIO_MAX - 1);
            break;
        default:
            usage(synopsis);
        }
    if (argc - optind != 2)
        usage(synopsis);
    const char *name = argv[optind], *message = argv[optind + 1];

    if (no_wait)
        queue = mq_open(name, O_WRONLY | O_NONBLOCK);
    else
        queue = mq_open(name, O_WRONLY);
    if (queue == -1)
        die("open %s", name);
    while (mq_send(queue, message, strlen(message), priority) == -1) {
        int reason = errno;

        if (reason == EINTR)
            continue;
        if (mq_getattr(queue, &attributes) == -1)
            die("mq_getattr %s", name);
        errno = reason;
        if (reason == EMSGSIZE)
            die("send to %s: MESSAGE has %zu bytes, mq_msgsize is %ld", name,
                strlen(message), attributes.mq_msgsize);
        die("mq_send %s", name);
    }
    if (mq_close(queue) == -1)
        die("mq_close %s", name);
    return EXIT_SUCCESS;
}
