/* reader - in functions; printed with stdio, and flushed */
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

    if (shared->reader != 0)
        fail("%s is used by reader %ld; if that has crashed: ./unlink %s",
             name, (long)shared->reader, name);
    shared->reader = getpid();

    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (shared->writer == 0)
        fprintf(stderr, "reader: waiting for a writer to %s\n", name);
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

/* Return how many bytes were printed. */
static size_t print(struct transfer *shared)
{
    down(&shared->readable);
    size_t count = shared->count;
    fwrite(shared->buffer, count, 1, stdout);
    finish();
    up(&shared->writable);
    return count;
}

int main(int argc, char *argv[])
{
    size_t bytes = 0, transfers = 0, count;

    expect_args(argc, argv, 0, 1, "[NAME]");
    setvbuf(stdout, NULL, _IOFBF, 100000);
    struct transfer *shared = attach(argc == 2 ? argv[1] : "/ipc-transfer",
                                     sizeof *shared, enter);
    while ((count = print(shared)) > 0) {
        bytes += count;
        transfers++;
    }
    fprintf(stderr, "reader: %zu bytes in %zu transfers\n", bytes, transfers);
    return finish();
}
