/* race - other calls: shm_open() and mmap() itself, waitpid(), sem_destroy() */
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

int main(int argc, char *argv[])
{
    int status = 0;
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
    int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, S_IRUSR | S_IWUSR);
    if (fd == -1)
        die("shm_open %s", name);
    remove_at_exit(shm_unlink, name, BY_SIGNAL);
    if (ftruncate(fd, sizeof(struct sum)) == -1)
        die("ftruncate %s", name);
    struct sum *sum = mmap(NULL, sizeof *sum, PROT_READ | PROT_WRITE,
                           MAP_SHARED, fd, 0);
    if (sum == MAP_FAILED)
        die("mmap %s", name);
    if (close(fd) == -1)
        die("close %s", name);
    if (shm_unlink(name) == -1)
        die("shm_unlink %s", name);
    keep_at_exit();
    if (sem_init(&sum->semaphore, 1, 1) == -1)
        die("sem_init");

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        child(sum, count, safe);
    add(sum, count, safe);
    while (waitpid(pid, &status, 0) == -1)
        if (errno != EINTR)
            die("waitpid");
    if (status != 0)
        fail("the child failed");
    if (sem_destroy(&sum->semaphore) == -1)
        die("sem_destroy");
    printf("expected %ld, got %ld\n", 2 * count, sum->number);
    return finish();
}
