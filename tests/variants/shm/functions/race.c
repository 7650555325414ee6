/* race - in functions: the semaphore is initialised under the lock */
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

static void add_safely(struct sum *sum)
{
    if (sem_wait(&sum->semaphore) == -1)
        die("sem_wait");
    sum->number++;
    if (sem_post(&sum->semaphore) == -1)
        die("sem_post");
}

static void add(struct sum *sum, long count, int safe)
{
    for (long i = 0; i < count; i++)
        if (safe)
            add_safely(sum);
        else
            sum->number++;
}

static _Noreturn void child(struct sum *sum, long count, int safe)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        die("prctl");
    add(sum, count, safe);
    _exit(EXIT_SUCCESS);
}

static void enter(void *memory, const char *name, int first)
{
    if (first && sem_init(&((struct sum *)memory)->semaphore, 1, 1) == -1)
        die("sem_init");
    if (shm_unlink(name) == -1)
        die("shm_unlink %s", name);
}

int main(int argc, char *argv[])
{
    int status;
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
    struct sum *sum = attach(name, sizeof *sum, enter);

    switch (fork()) {
    case -1:
        die("fork");
    case 0:
        child(sum, count, safe);
    }
    add(sum, count, safe);
    if (wait(&status) == -1)
        die("wait");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail("the child failed");
    printf("expected %ld, got %ld\n", 2 * count, sum->number);
    return finish();
}
