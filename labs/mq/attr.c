/*
 * attr - print the attributes of a message queue
 *
 *     [ queue: NAME ] --mq_getattr()--> attr --> stdout
 *
 * Watch curmsgs while other processes send and receive. The number was right
 * when the kernel returned it; by the time you read it, it may not be.
 *
 * See mq_getattr(3).
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>

#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    struct mq_attr attributes;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];

    mqd_t queue = mq_open(name, O_RDONLY);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);

    printf("maxmsg %ld\n", attributes.mq_maxmsg);
    printf("msgsize %ld\n", attributes.mq_msgsize);
    printf("curmsgs %ld\n", attributes.mq_curmsgs);
    return finish();
}
