/*
 * consumer - take items from a producer and print them
 *
 *     producer --> [ queue: NAME ] --mq_receive()--> consumer --> stdout
 *
 * Watch the boundaries: each mq_receive() takes one message, whole. So its
 * buffer must have room for the largest that the queue allows.
 *
 * See mq_overview(7), mq_receive(3), mq_getattr(3), mq_unlink(3).
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    struct mq_attr attributes = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    long size = 0;
    ssize_t length = 0;
    mqd_t queue = -1;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];

    /* STEP 1: open the queue; make it if need be. */
    queue = mq_open(name, O_RDONLY | O_CREAT, 0600, &attributes);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));

    /* STEP 2: ask how large a message may be. It may be another's queue. */
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    size = attributes.mq_msgsize;

    char *item = malloc(size);
    if (item == NULL)
        die("malloc");

    /* STEP 3: take the items and print them, until an empty message comes. */
    while ((length = mq_receive(queue, item, size, NULL)) > 0) {
        fwrite(item, 1, length, stdout);
        putchar('\n');
        finish(); /* at once: the next one may take its time */
    }
    if (length == -1)
        die("mq_receive %s", name);

    /* STEP 4: both are done. The queue would stay until the system's end. */
    if (mq_unlink(name) == -1)
        die("mq_unlink %s", name);

    free(item);
    return finish();
}
