/* producer - other calls: O_RDWR, mq_timedsend with a far deadline */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "args.h"
#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    struct mq_attr attributes = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    struct timespec far = { 0 };
    char item[MSGSIZE] = "";
    mqd_t queue = -1;

    expect_args(argc, argv, 2, 2, "NAME COUNT");
    const char *name = argv[1];
    long count = number_arg(argv[2], "COUNT", 0, 1000000000);

    queue = mq_open(name, O_RDWR | O_CREAT, S_IRUSR | S_IWUSR, &attributes);
    if (queue == (mqd_t)-1)
        die("mq_open %s%s", name, name_rule(name));
    if (clock_gettime(CLOCK_REALTIME, &far) == -1)
        die("clock_gettime");
    far.tv_sec += 1000000;

    /* Item COUNT + 1 is the empty message. */
    for (long i = 1; i <= count + 1; i++) {
        int length = i > count ? 0 : sprintf(item, "item %ld", i);

        while (mq_timedsend(queue, item, length, 0, &far) == -1)
            if (errno != EINTR)
                die("mq_send %s", name);
    }
    if (mq_close(queue) == -1)
        die("mq_close %s", name);
    return EXIT_SUCCESS;
}
