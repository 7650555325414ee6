/*
 * limits - print the limits on the number and the size of message queues
 *
 *     /proc/sys/fs/mqueue, getrlimit(), sysconf() --> limits --> stdout
 *
 * Watch RLIMIT_MSGQUEUE: it counts the bytes that all queues of a user may
 * need, full or not. A few queues of the default size use it up.
 *
 * See mq_overview(7), getrlimit(2) RLIMIT_MSGQUEUE, sysconf(3).
 */
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "err.h"
#include "mq.h"

static const char *const names[] = { "queues_max", "msg_max", "msgsize_max",
                                     "msg_default", "msgsize_default", NULL };

int main(int argc, char *argv[])
{
    struct rlimit bytes;

    expect_args(argc, argv, 0, 0, "");
    for (int i = 0; names[i] != NULL; i++)
        printf("fs.mqueue.%s %ld\n", names[i], system_limit(names[i]));

    if (getrlimit(RLIMIT_MSGQUEUE, &bytes) == -1)
        die("getrlimit RLIMIT_MSGQUEUE");
    if (bytes.rlim_cur == RLIM_INFINITY)
        printf("RLIMIT_MSGQUEUE unlimited\n");
    else
        printf("RLIMIT_MSGQUEUE %lu\n", (unsigned long)bytes.rlim_cur);

    printf("MQ_PRIO_MAX %ld\n", sysconf(_SC_MQ_PRIO_MAX));
    return finish();
}
