/* race - copies: waitid(), a number of its own in between */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "args.h"
#include "shm.h"

struct sum {
    sem_t semaphore;
    volatile long number;
};

int main(int argc, char *argv[])
{
    siginfo_t info = { 0 };
    static const char synopsis[] = "[-s] COUNT";
    int option, safe = 0;
    char name[32];

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+s")) != -1) {
        if (option != 's')
            usage(synopsis);
        safe = 1;
    }
    if (argc - optind != 1)
        usage(synopsis);
    long count = number_arg(argv[optind], "COUNT", 1, INT_MAX);
    snprintf(name, sizeof name, "/ipc-race-%ld", (long)getpid());
    struct sum *sum = attach(name, sizeof *sum, NULL);
    if (shm_unlink(name) == -1)
        die("shm_unlink %s", name);
    if (sem_init(&sum->semaphore, 1, 1) == -1)
        die("sem_init");

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        die("prctl");
    for (long i = 0; i < count; i++) {
        if (safe && sem_wait(&sum->semaphore) == -1)
            die("sem_wait");
        long number = sum->number;
        sum->number = number + 1;
        if (safe && sem_post(&sum->semaphore) == -1)
            die("sem_post");
    }
    if (pid == 0)
        _exit(EXIT_SUCCESS);
    if (waitid(P_PID, pid, &info, WEXITED) == -1)
        die("waitid");
    if (info.si_code != CLD_EXITED || info.si_status != 0)
        fail("the child failed");
    printf("expected %ld, got %ld\n", 2 * count, sum->number);
    return finish();
}
