/*
 * reader - print what a writer puts into shared memory
 *
 *     writer --> [ NAME: buffer, 2 semaphores ] --> reader --> stdout
 *
 * Watch what happens when the writer is killed: nothing. No end of file, no
 * error: the kernel does not know who uses the memory, and for what.
 *
 * See shm_overview(7), sem_overview(7), sem_wait(3), sem_init(3).
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "io.h"
#include "shm.h"

static enter_function enter;

int main(int argc, char *argv[])
{
    size_t bytes = 0, transfers = 0, count = 0; /* a count of 0 is the end */

    expect_args(argc, argv, 0, 1, "[NAME]");
    const char *name = argc == 2 ? argv[1] : "/ipc-transfer";
    struct transfer *shared = attach(name, sizeof *shared, enter);

    do {
        /* STEP 1: wait until it is the reader's turn. */
        if (sem_wait(&shared->readable) == -1)
            die("sem_wait");

        /* STEP 2: print what is in the buffer, and set its count to 0. */
        count = shared->count;
        shared->count = 0;
        if (write_all(STDOUT_FILENO, shared->buffer, count) == -1)
            die("write to stdout");

        /* STEP 3: now it is the writer's turn, even after the end. */
        if (sem_post(&shared->writable) == -1)
            die("sem_post");

        bytes += count;
        transfers += count > 0;
    } while (count > 0);

    fprintf(stderr, "reader: %zu bytes in %zu transfers\n", bytes, transfers);
    return EXIT_SUCCESS;
}

/* Become the reader. The first half to end removes the object. */
static void enter(void *memory, const char *name, int first)
{
    struct transfer *shared = memory;

    /* STEP 4: if we are first, initialise both semaphores (see shm.h). */
    if (first && (sem_init(&shared->writable, 1, 1) == -1 ||
                  sem_init(&shared->readable, 1, 0) == -1))
        die("sem_init %s", name);

    /* STEP 5: record our pid. If another is recorded already, print it and
       the remedy for a crash, "./unlink NAME", and exit with status 1. */
    if (shared->reader != 0)
        fail("%s is used by reader %ld; if that has crashed: ./unlink %s",
             name, (long)shared->reader, name);
    shared->reader = getpid();

    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (shared->writer == 0)
        fprintf(stderr, "reader: waiting for a writer to %s\n", name);
}
