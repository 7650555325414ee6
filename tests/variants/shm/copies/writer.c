/* writer - reads ahead into a buffer of its own, before it is its turn */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shm.h"

static void enter(void *memory, const char *name, int first)
{
    struct transfer *shared = memory;

    if (first && sem_init(&shared->readable, 1, 0) != 0)
        die("sem_init %s", name);
    if (first && sem_init(&shared->writable, 1, 1) != 0)
        die("sem_init %s", name);

    if (shared->writer != 0)
        fail("%s: there is a writer, %ld. Try ./unlink %s",
             name, (long)shared->writer, name);
    shared->writer = getpid();

    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (shared->reader == 0)
        fprintf(stderr, "writer: waiting for a reader of %s\n", name);
}

int main(int argc, char *argv[])
{
    ssize_t bytes = 0, transfers = 0, count = 0;
    char own[TRANSFER_SIZE];

    expect_args(argc, argv, 0, 1, "[NAME]");
    struct transfer *shared = attach(argc == 2 ? argv[1] : "/ipc-transfer",
                                     sizeof *shared, enter);
    while ((count = read(STDIN_FILENO, own, sizeof own)) > 0) {
        if (sem_wait(&shared->writable) == -1)
            die("sem_wait");
        memcpy(shared->buffer, own, count);
        shared->count = count;
        if (sem_post(&shared->readable) == -1)
            die("sem_post");
        bytes += count;
        transfers++;
    }
    if (count == -1)
        die("read");
    if (sem_wait(&shared->writable) == -1)
        die("sem_wait");
    shared->count = 0;
    if (sem_post(&shared->readable) == -1)
        die("sem_post");
    if (sem_wait(&shared->writable) == -1)
        die("sem_wait");
    fprintf(stderr, "writer: %zd bytes in %zd transfers\n", bytes, transfers);
    return EXIT_SUCCESS;
}
