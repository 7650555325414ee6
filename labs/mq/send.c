/*
 * send - put one message into a queue, whole or not at all
 *
 *     send --mq_send()--> [ queue: NAME ] --> recv
 *
 * Watch that send ends at once, although nobody has received the message: the
 * kernel keeps it. Only if the queue is full does mq_send() wait.
 *
 * See mq_send(3), mq_open(3) O_NONBLOCK, mq_getattr(3).
 */
#define _GNU_SOURCE
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
    int option, no_wait = 0;
    unsigned priority = 0;

    expect_args(argc, argv, 2, INT_MAX, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+np:")) != -1) {
        if (option == 'n')
            no_wait = 1;
        else if (option == 'p')
            priority = number_arg(optarg, "PRIORITY", 0, MQ_PRIO_MAX - 1);
        else
            usage(synopsis);
    }
    if (argc - optind != 2)
        usage(synopsis);
    const char *name = argv[optind], *message = argv[optind + 1];

    /* STEP 1: open the queue, which must exist. If no_wait is set, a full
     * queue must be an error (EAGAIN). */
    mqd_t queue = mq_open(name, O_WRONLY | (no_wait ? O_NONBLOCK : 0));
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));

    /* STEP 2: ask how large a message may be. */
    struct mq_attr attributes;
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);

    /* STEP 3: send it with its priority. If that fails, name both sizes. */
    if (mq_send(queue, message, strlen(message), priority) == -1)
        die("mq_send %s (%zu bytes, at most %ld)", name, strlen(message),
            attributes.mq_msgsize);

    return EXIT_SUCCESS;
}
