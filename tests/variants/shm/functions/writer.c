/* writer - in functions */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "shm.h"

static void enter(void *memory, const char *name, int first)
{
    struct transfer *shared = memory;

    if (first)
        if (sem_init(&shared->writable, 1, 1) == -1 ||
            sem_init(&shared->readable, 1, 0) == -1)
            die("sem_init");

    if (shared->writer != 0)
        fail("%s is used by writer %ld; if that has crashed: ./unlink %s",
             name, (long)shared->writer, name);
    shared->writer = getpid();

    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (shared->reader == 0)
        fprintf(stderr, "writer: waiting for a reader of %s\n", name);
}

static void down(sem_t *semaphore)
{
    if (sem_wait(semaphore) == -1)
        die("sem_wait");
}

static void up(sem_t *semaphore)
{
    if (sem_post(semaphore) == -1)
        die("sem_post");
}

/* Return how many bytes were passed on. */
static size_t pass_on(struct transfer *shared)
{
    down(&shared->writable);
    ssize_t count = read(0, shared->buffer, sizeof shared->buffer);
    if (count < 0)
        die("read from stdin");
    shared->count = count;
    up(&shared->readable);
    return count;
}

int main(int argc, char *argv[])
{
    size_t bytes = 0, transfers = 0, count;

    expect_args(argc, argv, 0, 1, "[NAME]");
    struct transfer *shared = attach(argc == 2 ? argv[1] : "/ipc-transfer",
                                     sizeof *shared, enter);
    while ((count = pass_on(shared)) > 0) {
        bytes += count;
        transfers++;
    }
    down(&shared->writable);
    fprintf(stderr, "writer: %zu bytes in %zu transfers\n", bytes, transfers);
    return EXIT_SUCCESS;
}
