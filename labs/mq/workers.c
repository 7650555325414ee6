/*
 * workers - several receivers on one queue: each message goes to one of them
 *
 *                                  +--> child: took 260 messages
 *     child --> [ queue: NAME ] ---+--> child: took 391 messages
 *                                  +--> child: took 349 messages
 *
 * Watch how they end. The children have the queue open themselves, and no
 * receiver ever sees an end of file: each needs an empty message of its own.
 *
 * See mq_overview(7), mq_receive(3), prctl(2) PR_SET_PDEATHSIG.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "cleanup.h"
#include "err.h"
#include "mq.h"

enum { JOBS = 1000 };

static _Noreturn void work(mqd_t queue)
{
    long job, jobs = 0, sum = 0;
    ssize_t length;

    while ((length = mq_receive(queue, (char *)&job, sizeof job, NULL)) > 0) {
        jobs++;
        sum += job;
    }
    if (length == -1)
        die("mq_receive");
    printf("child %ld: took %ld messages, sum %ld\n", (long)getpid(), jobs,
           sum);
    _exit(finish());
}

static _Noreturn void send_jobs(mqd_t queue, long workers)
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
    int status;

    expect_args(argc, argv, 2, 2, "NAME WORKERS");
    const char *name = argv[1];
    long workers = number_arg(argv[2], "WORKERS", 1, 100);

    mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
    remove_at_exit(mq_unlink, name, BY_SIGNAL);

    pid_t parent = getpid();
    for (int i = 0; i <= workers; i++) {
        pid_t pid = fork();
        if (pid == -1)
            die("fork");
        if (pid == 0) {
            /* If the parent is killed, end, too: we might wait for ever. */
            if (prctl(PR_SET_PDEATHSIG, SIGTERM) == -1)
                die("prctl PR_SET_PDEATHSIG");
            if (getppid() != parent)
                _exit(EXIT_FAILURE);
            if (i < workers)
                work(queue);
            send_jobs(queue, workers);
        }
    }
    for (int i = 0; i <= workers; i++) {
        if (wait(&status) == -1)
            die("wait");
        if (status != 0)
            fail("a child failed");
    }
    printf("parent %ld: sent %d messages, sum %d\n", (long)parent, JOBS,
           JOBS * (JOBS + 1) / 2);
    return finish();
}
