/*
 * producer - put COUNT items into a bounded buffer, for any consumer
 *
 *     producers --> [ NAME: 8 slots, 3 semaphores ] --> consumers
 *
 * Watch the order: empty, then mutex. A producer that held the mutex while it
 * waits for a slot would keep out the consumer that could free one.
 *
 * See sem_overview(7), sem_wait(3), sem_post(3), sem_init(3).
 */
#define _GNU_SOURCE
#include <limits.h>
#include <stdlib.h>

#include "args.h"
#include "shm.h"

static enter_function enter;

int main(int argc, char *argv[])
{
    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    long count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    const char *name = argc == 3 ? argv[2] : "/ipc-buffer";
    struct buffer *buffer = attach(name, sizeof *buffer, enter);

    for (long i = 1; i <= count; i++) {
        /* STEP 1: wait until a slot is empty. From now on it is ours. */
        if (sem_wait(&buffer->empty) == -1)
            die("sem_wait empty");

        /* STEP 2: wait until no other process is using the slots. */
        if (sem_wait(&buffer->mutex) == -1)
            die("sem_wait mutex");

        /* STEP 3: put the item, our pid and I, into the next slot. */
        buffer->slot[buffer->in++ % SLOTS] = (struct item){ getpid(), i };

        /* STEP 4: let the others use the slots again. */
        if (sem_post(&buffer->mutex) == -1)
            die("sem_post mutex");

        /* STEP 5: one more slot is full. */
        if (sem_post(&buffer->full) == -1)
            die("sem_post full");
    }
    return EXIT_SUCCESS;
}

static void enter(void *memory, const char *name, int first)
{
    struct buffer *buffer = memory;
    /* STEP 6: if we are first, initialise the semaphores (see shm.h). */
    if (first && (sem_init(&buffer->empty, 1, SLOTS) == -1 ||
                  sem_init(&buffer->full, 1, 0) == -1 ||
                  sem_init(&buffer->mutex, 1, 1) == -1))
        die("sem_init %s", name);

    keep_at_exit(); /* the buffer outlives us: its items must not be lost */
}
