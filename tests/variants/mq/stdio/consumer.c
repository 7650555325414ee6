/* consumer - stdout is line-buffered, printf() with the length, all checked */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    struct mq_attr attr = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    mqd_t queue;
    char *item;
    int length;

    expect_args(argc, argv, 1, 1, "NAME");
    setvbuf(stdout, NULL, _IOLBF, 0);
    queue = mq_open(argv[1], O_RDONLY | O_CREAT, 0600, &attr);
    if (queue == (mqd_t)-1)
        die("open the queue %s", argv[1]);
    if (mq_getattr(queue, &attr))
        die("mq_getattr %s", argv[1]);
    item = malloc(attr.mq_msgsize + 1);
    if (!item)
        die("malloc");
    do {
        length = mq_receive(queue, item, attr.mq_msgsize, NULL);
        if (length < 0)
            die("mq_receive %s", argv[1]);
        if (length > 0 && printf("%.*s\n", length, item) < 0)
            die("write to stdout");
    } while (length != 0);
    free(item);
    if (mq_unlink(argv[1]))
        die("remove %s", argv[1]);
    return finish();
}
