/* reader - takes a copy and gives the turn back before it prints */
#define _GNU_SOURCE
#include <errno.h>
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

    if (shared->reader != 0)
        fail("%s: there is a reader, %ld. Try ./unlink %s",
             name, (long)shared->reader, name);
    shared->reader = getpid();

    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (shared->writer == 0)
        fprintf(stderr, "reader: waiting for a writer to %s\n", name);
}

int main(int argc, char *argv[])
{
    size_t bytes = 0, transfers = 0, count;
    char own[TRANSFER_SIZE];

    expect_args(argc, argv, 0, 1, "[NAME]");
    struct transfer *shared = attach(argc == 2 ? argv[1] : "/ipc-transfer",
                                     sizeof *shared, enter);
    do {
        if (sem_wait(&shared->readable) == -1)
            die("sem_wait");
        count = shared->count;
        memcpy(own, shared->buffer, count);
        if (sem_post(&shared->writable) == -1)
            die("sem_post");
        for (size_t done = 0; done < count;) {
            ssize_t n = write(STDOUT_FILENO, own + done, count - done);

            if (n == -1 && errno != EINTR)
                die("write");
            if (n > 0)
                done += n;
        }
        bytes += count;
        transfers += count > 0;
    } while (count > 0);
    fprintf(stderr, "reader: %zu bytes in %zu transfers\n", bytes, transfers);
    return EXIT_SUCCESS;
}
