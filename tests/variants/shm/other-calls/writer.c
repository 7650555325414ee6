/* writer - other calls: sem_timedwait() far ahead, readv() */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>

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
    ssize_t bytes = 0, transfers = 0, count;

    expect_args(argc, argv, 0, 1, "[NAME]");
    struct transfer *shared = attach(argc == 2 ? argv[1] : "/ipc-transfer",
                                     sizeof *shared, enter);
    for (;;) {
        struct iovec part = { shared->buffer, sizeof shared->buffer };

        wait_for(&shared->writable);
        do
            count = readv(STDIN_FILENO, &part, 1);
        while (count == -1 && errno == EINTR);
        if (count == -1)
            die("readv stdin");
        shared->count = count;
        if (sem_post(&shared->readable) != 0)
            die("sem_post");
        if (count == 0)
            break;
        bytes += count;
        transfers++;
    }
    wait_for(&shared->writable);
    munmap(shared, sizeof *shared);
    fprintf(stderr, "writer: %zd bytes in %zd transfers\n", bytes, transfers);
    return EXIT_SUCCESS;
}
