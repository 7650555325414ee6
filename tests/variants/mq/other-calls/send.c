/* send - other calls: mq_setattr() for -n, the length is looked at first */
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
    struct mq_attr no_waiting = { .mq_flags = O_NONBLOCK };
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
    size_t length = strlen(message);

    mqd_t queue = mq_open(name, O_RDWR);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
    if (no_wait && mq_setattr(queue, &no_waiting, NULL) == -1)
        die("mq_setattr %s", name);
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    if (length > (size_t)attributes.mq_msgsize) {
        errno = EMSGSIZE;
        die("mq_send %s: MESSAGE has %zu bytes, mq_msgsize is %ld", name,
            length, attributes.mq_msgsize);
    }
    if (mq_send(queue, message, length, priority) == -1)
        die("mq_send %s", name);
    return EXIT_SUCCESS;
}
