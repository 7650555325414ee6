/*
 * race - two processes add to one number; with -s a semaphore keeps order
 *
 *     parent --+1--> [ number ] <--+1-- child
 *
 * Watch the sum without -s: to add 1 is to load, to add, and to store. What
 * the other one stored in between is lost.
 *
 * See shm_open(3), sem_init(3), mmap(2), fork(2).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "cleanup.h"
#include "err.h"

static const char synopsis[] = "[-s] COUNT";

struct sum {
    sem_t semaphore;
    volatile long number; /* volatile: each addition shall be made */
};

static void add(struct sum *sum, long count, int safe)
{
    for (long i = 0; i < count; i++) {
        /* STEP 6: add 1, and with -s alone: wait before, post after. */
        if (safe && sem_wait(&sum->semaphore) == -1)
            die("sem_wait");
        sum->number = sum->number + 1;
        if (safe && sem_post(&sum->semaphore) == -1)
            die("sem_post");
    }
}

static _Noreturn void child(struct sum *sum, long count, int safe)
{
    /* A parent that is killed may have the semaphore. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        die("prctl");
    add(sum, count, safe);
    _exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    struct sum *sum = MAP_FAILED;
    char name[32];
    int letter, safe = 0, fd = -1, status = 0;
    pid_t pid = -1;

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    opterr = 0;
    while ((letter = getopt(argc, argv, "+s")) != -1) {
        if (letter != 's')
            usage(synopsis);
        safe = 1;
    }
    if (argc - optind != 1)
        usage(synopsis);
    long count = number_arg(argv[optind], "COUNT", 1, INT_MAX);
    snprintf(name, sizeof name, "/ipc-race-%ld", (long)getpid());

    /* STEP 1: make an object. A child needs no name: remove it at once. */
    if ((fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600)) == -1)
        die("shm_open %s", name);
    remove_at_exit(shm_unlink, name, BY_SIGNAL);
    if (shm_unlink(name) == -1)
        die("shm_unlink %s", name);

    /* STEP 2: give it its size. */
    if (ftruncate(fd, sizeof *sum) == -1)
        die("ftruncate %s", name);

    /* STEP 3: map it. The child will have the same mapping. */
    sum = mmap(NULL, sizeof *sum, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (sum == MAP_FAILED)
        die("mmap %s", name);

    /* STEP 4: the semaphore is for processes, and free. */
    if (sem_init(&sum->semaphore, 1, 1) == -1)
        die("sem_init");

    /* STEP 5: fork. From here on, two processes run this code. */
    if ((pid = fork()) == -1)
        die("fork");

    if (pid == 0)
        child(sum, count, safe);
    add(sum, count, safe);

    /* STEP 7: wait for the child: it may not have finished yet. */
    if (wait(&status) == -1)
        die("wait");

    if (status != 0)
        fail("the child failed");
    printf("expected %ld, got %ld\n", 2 * count, sum->number);
    return finish();
}
