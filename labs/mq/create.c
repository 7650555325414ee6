/*
 * create - create a message queue
 *
 *     create --mq_open()--> [ queue: NAME, MAXMSG messages of MSGSIZE bytes ]
 *
 * Watch what happens if the queue exists already. Without O_EXCL (-x),
 * mq_open() succeeds, and the queue keeps the attributes that it has.
 *
 * See mq_open(3), mq_overview(7), getrlimit(2) RLIMIT_MSGQUEUE.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "mq.h"

static const char synopsis[] = "[-x] [-m MAXMSG] [-s MSGSIZE] NAME";
static _Noreturn void explain(const char *name, const struct mq_attr *wanted);

int main(int argc, char *argv[])
{
    struct mq_attr wanted = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    int option, flags = O_RDWR | O_CREAT;

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+xm:s:")) != -1) {
        if (option == 'x')
            flags |= O_EXCL;
        else if (option == 'm')
            wanted.mq_maxmsg = number_arg(optarg, "MAXMSG", 1, INT_MAX);
        else if (option == 's')
            wanted.mq_msgsize = number_arg(optarg, "MSGSIZE", 1, INT_MAX);
        else
            usage(synopsis);
    }
    if (argc - optind != 1)
        usage(synopsis);
    const char *name = argv[optind];

    /* It outlives this process, which closes its descriptor when it ends. */
    if (mq_open(name, flags, 0600, &wanted) == -1)
        explain(name, &wanted);
    return EXIT_SUCCESS;
}

/* mq_open() has failed. Print why, and the limit that was exceeded, if any. */
static _Noreturn void explain(const char *name, const struct mq_attr *wanted)
{
    int reason = errno;
    long messages = system_limit("msg_max"), size = system_limit("msgsize_max");
    long queues = system_limit("queues_max");
    struct rlimit bytes;

    if (getrlimit(RLIMIT_MSGQUEUE, &bytes) == -1)
        die("getrlimit RLIMIT_MSGQUEUE");

    errno = reason; /* for die() */
    if (reason == EINVAL && wanted->mq_maxmsg > messages)
        die("mq_open %s (fs.mqueue.msg_max is %ld)", name, messages);
    if (reason == EINVAL && wanted->mq_msgsize > size)
        die("mq_open %s (fs.mqueue.msgsize_max is %ld)", name, size);
    if (reason == ENOSPC)
        die("mq_open %s (fs.mqueue.queues_max is %ld)", name, queues);
    if (reason == EMFILE)
        die("mq_open %s (RLIMIT_MSGQUEUE is %lu bytes for all your queues)",
            name, (unsigned long)bytes.rlim_cur);
    die("mq_open %s%s", name, name_rule(name));
}
