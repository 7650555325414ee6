/* producer - all in one loop: after the last item, an empty one */
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
    struct mq_attr wanted = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    char item[MSGSIZE];
    size_t length = 0;

    expect_args(argc, argv, 2, 2, "NAME COUNT");
    long count = number_arg(argv[2], "COUNT", 0, 1000000000);

    mqd_t queue = mq_open(argv[1], O_CREAT | O_WRONLY, 0600, &wanted);
    if (queue == (mqd_t)-1)
        die("open the queue %s", argv[1]);

    for (long left = count; left >= 0; left--) {
        memset(item, 0, sizeof item);
        length = 0;
        if (left > 0)
            length = snprintf(item, sizeof item, "item %ld", count - left + 1);
        if (mq_send(queue, item, length, 0) != 0)
            die("send to %s", argv[1]);
    }
    mq_close(queue);
    exit(0);
}
