/*
 * producer - send COUNT items to a consumer
 *
 *     producer --mq_send()--> [ queue: NAME ] --> consumer
 *
 * Watch what is not here: no counters, no semaphores, no mutex. The kernel
 * makes a producer wait while the queue is full, and a consumer while it is
 * empty; and the producer may have ended before a consumer comes.
 *
 * See mq_overview(7), mq_open(3), mq_send(3).
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "args.h"
#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    struct mq_attr attributes = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    char item[MSGSIZE] = "";
    mqd_t queue = -1;

    expect_args(argc, argv, 2, 2, "NAME COUNT");
    const char *name = argv[1];
    long count = number_arg(argv[2], "COUNT", 0, 1000000000);

    /* STEP 1: open the queue; make it if need be. */
    queue = mq_open(name, O_WRONLY | O_CREAT, 0600, &attributes);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));

    for (long i = 1; i <= count; i++) {
        snprintf(item, sizeof item, "item %ld", i);

        /* STEP 2: send the item. This waits while the queue is full. */
        if (mq_send(queue, item, strlen(item), 0) == -1)
            die("mq_send %s", name);
    }

    /* STEP 3: an empty message is one, too: no more will come. */
    if (mq_send(queue, "", 0, 0) == -1)
        die("mq_send %s", name);

    return EXIT_SUCCESS;
}
