/* race - other calls: waitpid(), close() after mmap(), the name goes last */
#define _GNU_SOURCE
#include <errno.h>
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

static void add(struct sum *sum, long count, int safe)
{
    while (count-- > 0) {
        while (safe && sem_wait(&sum->semaphore) == -1)
            if (errno != EINTR)
                die("sem_wait");
        sum->number += 1;
        if (safe && sem_post(&sum->semaphore) == -1)
            die("sem_post");
    }
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
    char name[32];
    int letter, safe = 0, status = 0;

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
    printf("expected %ld, got %ld\n", 2 * count, sum->number);
    return finish();
}
