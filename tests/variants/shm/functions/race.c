/* race - in functions: one that adds safely, one that does not */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "cleanup.h"
#include "err.h"

static const char synopsis[] = "[-s] COUNT";

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

static struct sum *new_sum(const char *name)
{
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);

    if (fd == -1)
        die("shm_open %s", name);
    remove_at_exit(shm_unlink, name, BY_SIGNAL);
    if (shm_unlink(name) == -1)
        die("shm_unlink %s", name);
    if (ftruncate(fd, sizeof(struct sum)) == -1)
        die("ftruncate %s", name);
    struct sum *sum = mmap(NULL, sizeof(struct sum), PROT_READ | PROT_WRITE,
                           MAP_SHARED, fd, 0);
    if (sum == MAP_FAILED)
        die("mmap %s", name);
    if (sem_init(&sum->semaphore, 1, 1) == -1)
        die("sem_init");
    return sum;
}

int main(int argc, char *argv[])
{
    char name[32];
    int letter, safe = 0, status;

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
    struct sum *sum = new_sum(name);

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
