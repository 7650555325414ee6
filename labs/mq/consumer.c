/*
 * consumer - receive items from a producer and print them
 *
 *     producer --> [ queue: NAME ] --mq_receive()--> consumer --> stdout
 *
 * Watch the boundaries: each mq_receive() returns one message, whole. So its
 * buffer must have room for the largest message that the queue allows.
 *
 * See mq_overview(7), mq_receive(3), mq_getattr(3), mq_unlink(3).
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>

#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    struct mq_attr attributes = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    ssize_t length;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];

    /* STEP 1: open the queue, or create it with mode 0600 and attributes. */
    mqd_t queue = mq_open(name, O_RDONLY | O_CREAT, 0600, &attributes);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));

    /* STEP 2: ask how large a message may be: an existing queue may differ. */
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    size_t size = attributes.mq_msgsize;

    char *item = malloc(size);
    if (item == NULL)
        die("malloc");

    /* STEP 3: print each item on a line, at once, until an empty message. */
    while ((length = mq_receive(queue, item, size, NULL)) > 0) {
        fwrite(item, 1, length, stdout);
        putchar('\n');
        finish();
    }
    if (length == -1)
        die("mq_receive %s", name);

    /* STEP 4: remove the queue. Otherwise it would remain until reboot. */
    if (mq_unlink(name) == -1)
        die("mq_unlink %s", name);

    free(item);
    return finish();
}
