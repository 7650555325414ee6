/* consumer - other calls: poll() waits, writev() prints, mq_close() */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    struct mq_attr attributes = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    struct mq_attr actual = { 0 };
    mqd_t queue = -1;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];

    if ((queue = mq_open(name, O_CREAT | O_RDWR, 0600, &attributes)) < 0)
        die("mq_open %s%s", name, name_rule(name));
    if (mq_getattr(queue, &actual) != 0)
        die("mq_getattr %s", name);
    char *item = calloc(1, actual.mq_msgsize + 1);
    if (item == NULL)
        die("calloc");

    for (;;) {
        struct pollfd ready = { .fd = queue, .events = POLLIN };
        unsigned priority = 0;

        if (poll(&ready, 1, -1) == -1)
            die("poll %s", name);
        ssize_t length = mq_receive(queue, item, actual.mq_msgsize + 1,
                                    &priority);
        if (length < 0)
            die("mq_receive %s", name);
        if (length == 0)
            break;
        struct iovec parts[] = { { item, length }, { "\n", 1 } };
        if (writev(STDOUT_FILENO, parts, 2) != length + 1)
            die("write to stdout");
    }
    free(item);
    if (mq_close(queue) != 0)
        die("mq_close %s", name);
    if (mq_unlink(name) != 0)
        die("mq_unlink %s", name);
    return EXIT_SUCCESS;
}
