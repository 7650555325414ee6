/*
 * writer - copy standard input to a reader through shared memory
 *
 *     stdin --> writer --> [ NAME: buffer, 2 semaphores ] --> reader
 *
 * Watch the turns: each side waits for its own semaphore and posts the
 * other's, so there is always exactly one that may touch the buffer.
 *
 * See shm_overview(7), sem_overview(7), sem_wait(3), sem_init(3).
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "shm.h"

static enter_function enter;

int main(int argc, char *argv[])
{
    size_t bytes = 0, transfers = 0;
    ssize_t count = 0;

    expect_args(argc, argv, 0, 1, "[NAME]");
    const char *name = argc == 2 ? argv[1] : "/ipc-transfer";
    struct transfer *shared = attach(name, sizeof *shared, enter);

    do {
        /* STEP 1: wait until it is the writer's turn. */
        if (sem_wait(&shared->writable) == -1)
            die("sem_wait");

        /* STEP 2: fill the buffer with one read(). A count of 0: the end. */
        count = read(STDIN_FILENO, shared->buffer, TRANSFER_SIZE);
        if (count == -1)
            die("read from stdin");
        shared->count = count;

        /* STEP 3: now it is the reader's turn. */
        if (sem_post(&shared->readable) == -1)
            die("sem_post");

        bytes += count;
        transfers += count > 0;
    } while (count > 0);

    /* STEP 4: wait for one more turn: the reader has seen the end. */
    if (sem_wait(&shared->writable) == -1)
        die("sem_wait");

    fprintf(stderr, "writer: %zu bytes in %zu transfers\n", bytes, transfers);
    return EXIT_SUCCESS;
}

/* Become the writer. The first half to end removes the object. */
static void enter(void *memory, const char *name, int first)
{
    struct transfer *shared = memory;

    /* STEP 5: if we are first, initialise both semaphores (see shm.h). */
    if (first && (sem_init(&shared->writable, 1, 1) == -1 ||
                  sem_init(&shared->readable, 1, 0) == -1))
        die("sem_init %s", name);

    /* STEP 6: record our pid. If another is recorded already, print it and
       the remedy for a crash, "./unlink NAME", and exit with status 1. */
    if (shared->writer != 0)
        fail("%s is used by writer %ld; if that has crashed: ./unlink %s",
             name, (long)shared->writer, name);
    shared->writer = getpid();

    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (shared->reader == 0)
        fprintf(stderr, "writer: waiting for a reader of %s\n", name);
}
