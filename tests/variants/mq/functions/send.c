/* send - in functions */
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

static long size_of_messages(mqd_t queue, const char *name)
{
    struct mq_attr attributes;

    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    return attributes.mq_msgsize;
}

static _Noreturn void explain(mqd_t queue, const char *name, size_t length)
{
    int reason = errno;
    long size = size_of_messages(queue, name);

    errno = reason;
    if (errno == EMSGSIZE)
        die("mq_send %s: MESSAGE has %zu bytes, mq_msgsize is %ld", name,
            length, size);
    die("mq_send %s", name);
}

int main(int argc, char *argv[])
{
    static const char synopsis[] = "[-n] [-p PRIORITY] NAME MESSAGE";
    int option, no_wait = 0;
    unsigned priority = 0;

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

    mqd_t queue = mq_open(name, O_WRONLY | (no_wait ? O_NONBLOCK : 0));
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
    if (mq_send(queue, message, strlen(message), priority) == -1)
        explain(queue, name, strlen(message));
    return EXIT_SUCCESS;
}
