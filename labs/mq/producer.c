/*
 * producer - send COUNT items to a consumer
 *
 *     producer --mq_send()--> [ queue: NAME ] --> consumer
 *
 * Watch what is missing: counters, semaphores, a mutex. The kernel makes the
 * producer wait while the queue is full, and the consumer while it is empty.
 * The producer may even have ended before a consumer is started.
 *
 * See mq_overview(7), mq_open(3), mq_send(3).
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    struct mq_attr attributes = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    char item[MSGSIZE];

    expect_args(argc, argv, 2, 2, "NAME COUNT");
    const char *name = argv[1];
    long count = number_arg(argv[2], "COUNT", 0, 1000000000);

    /* STEP 1: open the queue, or create it with mode 0600 and attributes. */
    mqd_t queue = mq_open(name, O_WRONLY | O_CREAT, 0600, &attributes);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));

    for (long i = 1; i <= count; i++) {
        snprintf(item, sizeof item, "item %ld", i);

        /* STEP 2: send the text in item, without a '\0'. While the queue is
         * full, wait. */
        if (mq_send(queue, item, strlen(item), 0) == -1)
            die("mq_send %s", name);
    }

    /* STEP 3: send an empty message: no more items will follow. */
    if (mq_send(queue, "", 0, 0) == -1)
        die("mq_send %s", name);

    return EXIT_SUCCESS;
}
