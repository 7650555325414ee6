/*
 * workers - several receivers on one queue: each message is one's, whole
 *
 *                                    +--> child: took 260 messages
 *     a sender --> [ queue: NAME ] --+--> child: took 391 messages
 *                                    +--> child: took 349 messages
 *
 * Watch how they end. The children hold the queue open themselves, and no
 * read() will ever return 0: the sender must say it, once to each.
 *
 * See mq_overview(7), mq_receive(3), prctl(2) PR_SET_PDEATHSIG.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "cleanup.h"
#include "err.h"
#include "io.h"
#include "mq.h"

enum { READ_END, WRITE_END };
enum { JOBS = 1000 };

/* What a worker tells the parent; small enough to be written atomically. */
struct share {
    long messages, sum;
};

static _Noreturn void work(mqd_t queue, int shares)
{
    struct share mine = { 0, 0 };
    ssize_t length;
    long job;

    while ((length = mq_receive(queue, (char *)&job, sizeof job, NULL)) > 0) {
        mine.messages++;
        mine.sum += job;
    }
    if (length == -1)
        die("mq_receive");
    printf("child %ld: took %ld messages\n", (long)getpid(), mine.messages);
    finish();
    if (write_all(shares, &mine, sizeof mine) == -1)
        die("write to the pipe");
    _exit(EXIT_SUCCESS);
}

static _Noreturn void send_all(mqd_t queue, long workers)
{
    for (long job = 1; job <= JOBS; job++)
        if (mq_send(queue, (char *)&job, sizeof job, 0) == -1)
            die("mq_send");
    for (long i = 0; i < workers; i++)
        if (mq_send(queue, "", 0, 0) == -1)
            die("mq_send");
    _exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    struct mq_attr attributes = { .mq_maxmsg = MAXMSG,
                                  .mq_msgsize = sizeof(long) };
    struct share taken = { 0, 0 }, one;
    int shares[2], status;

    expect_args(argc, argv, 2, 2, "NAME WORKERS");
    const char *name = argv[1];
    long workers = number_arg(argv[2], "WORKERS", 1, 100);
    pid_t parent = getpid();

    mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
    remove_at_exit(mq_unlink, name, BY_SIGNAL);
    if (pipe(shares) == -1)
        die("pipe");

    for (int i = 0; i <= workers; i++) {
        pid_t pid = fork();

        if (pid == -1)
            die("fork");
        if (pid > 0)
            continue;
        /* Nobody else would end us, if the parent is killed. */
        if (prctl(PR_SET_PDEATHSIG, SIGTERM) == -1)
            die("prctl PR_SET_PDEATHSIG");
        if (getppid() != parent)
            _exit(EXIT_FAILURE);
        if (i < workers)
            work(queue, shares[WRITE_END]);
        send_all(queue, workers);
    }
    for (int i = 0; i <= workers; i++) {
        if (wait(&status) == -1)
            die("wait");
        if (status != 0)
            fail("a child failed");
    }

    for (int i = 0; i < workers; i++) {
        if (read_full(shares[READ_END], &one, sizeof one) == -1)
            die("read from the pipe");
        taken.messages += one.messages;
        taken.sum += one.sum;
    }
    if (taken.messages != JOBS || taken.sum != JOBS * (JOBS + 1L) / 2)
        fail("sent %d messages, but the workers took others", JOBS);
    printf("parent %ld: sent %d messages\n", (long)parent, JOBS);
    return finish();
}
