/*
 * create - make a message queue
 *
 *     create --mq_open()--> [ queue: NAME, MAXMSG messages of MSGSIZE bytes ]
 *
 * Watch what happens when the queue is there already: without O_EXCL (-x)
 * mq_open() succeeds, and the queue keeps the attributes that it has.
 *
 * See mq_open(3), mq_overview(7), getrlimit(2) RLIMIT_MSGQUEUE.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "mq.h"

/* The value of a file in /proc/sys/fs/mqueue. */
static long system_limit(const char *path)
{
    char text[32] = "";
    int fd = open(path, O_RDONLY);

    if (fd == -1)
        die("open %s", path);
    if (read(fd, text, sizeof text - 1) == -1)
        die("read %s", path);
    if (close(fd) == -1)
        die("close %s", path);
    return strtol(text, NULL, 10);
}

/* mq_open() has failed with REASON: say so, and which limit it was. */
static _Noreturn void explain(const char *name, const struct mq_attr *wanted,
                              int reason)
{
    long most = system_limit("/proc/sys/fs/mqueue/msg_max");
    long largest = system_limit("/proc/sys/fs/mqueue/msgsize_max");
    long queues = system_limit("/proc/sys/fs/mqueue/queues_max");
    struct rlimit bytes;

    if (getrlimit(RLIMIT_MSGQUEUE, &bytes) == -1)
        die("getrlimit RLIMIT_MSGQUEUE");
    errno = reason;
    if (*name_rule(name) == '\0') {
        if (reason == EINVAL && wanted->mq_maxmsg > most)
            die("mq_open %s (fs.mqueue.msg_max is %ld)", name, most);
        if (reason == EINVAL && wanted->mq_msgsize > largest)
            die("mq_open %s (fs.mqueue.msgsize_max is %ld)", name, largest);
        if (reason == ENOSPC)
            die("mq_open %s (fs.mqueue.queues_max is %ld)", name, queues);
        if (reason == EMFILE)
            die("mq_open %s (RLIMIT_MSGQUEUE is %lu bytes for all your queues)",
                name, (unsigned long)bytes.rlim_cur);
    }
    die("mq_open %s%s", name, name_rule(name));
}

int main(int argc, char *argv[])
{
    static const char synopsis[] = "[-x] [-m MAXMSG] [-s MSGSIZE] NAME";
    struct mq_attr wanted = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    int option, exclusive = 0;

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+xm:s:")) != -1)
        switch (option) {
        case 'x':
            exclusive = O_EXCL;
            break;
        case 'm':
            wanted.mq_maxmsg = number_arg(optarg, "MAXMSG", 1, INT_MAX);
            break;
        case 's':
            wanted.mq_msgsize = number_arg(optarg, "MSGSIZE", 1, INT_MAX);
            break;
        default:
            usage(synopsis);
        }
    if (argc - optind != 1)
        usage(synopsis);
    const char *name = argv[optind];

    if (mq_open(name, O_RDWR | O_CREAT | exclusive, 0600, &wanted) == -1)
        explain(name, &wanted, errno);
    return EXIT_SUCCESS;
}
