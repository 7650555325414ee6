/*
 * send - put one message into a queue, whole or not at all
 *
 *     send --mq_send()--> [ queue: NAME ] --> recv
 *
 * Watch that send ends at once, though nobody has received the message: it is
 * in the kernel's hands. Only a full queue makes mq_send() wait.
 *
 * See mq_send(3), mq_open(3) O_NONBLOCK, mq_getattr(3).
 */
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
    int option, flags = O_WRONLY, no_wait = 0;
    unsigned priority = 0;
    mqd_t queue = -1;

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

    /* STEP 1: with -n a full queue shall be an error, not make us wait. */
    if (no_wait)
        flags |= O_NONBLOCK;

    /* STEP 2: open the queue. Without O_CREAT it must be there. */
    if ((queue = mq_open(name, flags)) == -1)
        die("mq_open %s%s", name, name_rule(name));

    /* STEP 3: ask for the queue's attributes: how large may a message be? */
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);

    /* STEP 4: send it, with its priority. If it is too long, say so. */
    if (mq_send(queue, message, strlen(message), priority) == -1) {
        if (errno == EMSGSIZE)
            die("mq_send %s: MESSAGE has %zu bytes, mq_msgsize is %ld",
                name, strlen(message), attributes.mq_msgsize);
        die("mq_send %s", name);
    }

    return EXIT_SUCCESS;
}
