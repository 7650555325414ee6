/* reader - other calls: sem_timedwait() far ahead, fwrite() and fflush() */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "shm.h"

static void enter(void *memory, const char *name, int first)
{
    struct transfer *shared = memory;

    if (first && sem_init(&shared->readable, 1, 0) != 0)
        die("sem_init %s", name);
    if (first && sem_init(&shared->writable, 1, 1) != 0)
        die("sem_init %s", name);

    if (shared->reader != 0)
        fail("%s is used by reader %ld; if that has crashed: ./unlink %s",
             name, (long)shared->reader, name);
    shared->reader = getpid();

    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (shared->writer == 0)
        fprintf(stderr, "reader: waiting for a writer to %s\n", name);
}

static void wait_for(sem_t *semaphore)
{
    struct timespec far;

    if (clock_gettime(CLOCK_REALTIME, &far) == -1)
        die("clock_gettime");
    far.tv_sec += 1000000;
    while (sem_timedwait(semaphore, &far) == -1)
        if (errno != EINTR)
            die("sem_timedwait");
}

int main(int argc, char *argv[])
{
    size_t bytes = 0, transfers = 0, count;

    expect_args(argc, argv, 0, 1, "[NAME]");
    struct transfer *shared = attach(argc == 2 ? argv[1] : "/ipc-transfer",
                                     sizeof *shared, enter);
    for (;; bytes += count, transfers++) {
        wait_for(&shared->readable);
        count = shared->count;
        if (count == 0)
            break;
        if (fwrite(shared->buffer, 1, count, stdout) != count ||
            fflush(stdout) == EOF)
            die("write to stdout");
        if (sem_post(&shared->writable) != 0)
            die("sem_post");
    }
    if (sem_post(&shared->writable) != 0)
        die("sem_post");
    if (munmap(shared, sizeof *shared) == -1)
        die("munmap");
    fprintf(stderr, "reader: %zu bytes in %zu transfers\n", bytes, transfers);
    exit(EXIT_SUCCESS);
}
