/*
 * race - two processes add to one number; with -s a semaphore keeps order
 *
 *     parent --+1--> [ number ] <--+1-- child
 *
 * Watch the sum without -s: to add 1 is to load, to add, and to store. What
 * the other process has stored in between is lost.
 *
 * See sem_overview(7), sem_init(3), sem_wait(3), fork(2).
 */
#define _GNU_SOURCE
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "args.h"
#include "shm.h"

struct sum {
    sem_t semaphore;
    volatile long number; /* volatile: the compiler merges no additions */
};

int main(int argc, char *argv[])
{
    static const char synopsis[] = "[-s] COUNT";
    int option, safe = 0, status = 0;
    char name[32];

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+s")) != -1)
        if (option == 's')
            safe = 1;
        else
            usage(synopsis);
    if (argc - optind != 1)
        usage(synopsis);
    long count = number_arg(argv[optind], "COUNT", 1, INT_MAX);

    snprintf(name, sizeof name, "/ipc-race-%ld", (long)getpid());
    remove_at_exit(shm_unlink, name, BY_SIGNAL); /* even if attach() fails */
    struct sum *sum = attach(name, sizeof *sum, NULL);

    /* STEP 1: a child needs no name to share the memory. Remove it now. */
    if (shm_unlink(name) == -1)
        die("shm_unlink %s", name);

    /* STEP 2: make the semaphore one for processes, with the value 1. */
    if (sem_init(&sum->semaphore, 1, 1) == -1)
        die("sem_init");

    /* STEP 3: fork. From here on, two processes run this code. */
    pid_t pid = fork();
    if (pid == -1)
        die("fork");

    if (pid == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        die("prctl");

    for (long i = 0; i < count; i++) {
        /* STEP 4: add 1. With -s, wait for the semaphore, and post it after. */
        if (safe && sem_wait(&sum->semaphore) == -1)
            die("sem_wait");
        sum->number = sum->number + 1;
        if (safe && sem_post(&sum->semaphore) == -1)
            die("sem_post");
    }

    if (pid == 0)
        _exit(EXIT_SUCCESS);

    /* STEP 5: wait for the child. If it has failed, so have we. */
    if (wait(&status) == -1)
        die("wait");
    if (status != 0)
        fail("the child failed");

    printf("expected %ld, got %ld\n", 2 * count, sum->number);
    return finish();
}
