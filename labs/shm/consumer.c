/*
 * consumer - take COUNT items out of a bounded buffer and print them
 *
 *     producers --> [ NAME: 8 slots, 3 semaphores ] --> consumers
 *
 * Watch how briefly the mutex is held: to take an item, not to print it.
 * Anything slow is done afterwards, or all the others wait for it.
 *
 * See sem_overview(7), sem_wait(3), sem_post(3), sem_init(3).
 */
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>

#include "args.h"
#include "shm.h"

static enter_function enter;

int main(int argc, char *argv[])
{
    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    long count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    const char *name = argc == 3 ? argv[2] : "/ipc-buffer";
    struct buffer *buffer = attach(name, sizeof *buffer, enter);
    setvbuf(stdout, NULL, _IOLBF, 0); /* print each item at once */

    for (long i = 1; i <= count; i++) {
        /* STEP 1: wait until a slot is full. From now on it is ours. */
        if (sem_wait(&buffer->full) == -1)
            die("sem_wait full");

        /* STEP 2: wait until no other process is using the slots. */
        if (sem_wait(&buffer->mutex) == -1)
            die("sem_wait mutex");

        /* STEP 3: take the oldest item. */
        struct item item = buffer->slot[buffer->out++ % SLOTS];

        /* STEP 4: let the others use the slots again. */
        if (sem_post(&buffer->mutex) == -1)
            die("sem_post mutex");

        /* STEP 5: one more slot is empty. */
        if (sem_post(&buffer->empty) == -1)
            die("sem_post empty");

        if (printf("producer %ld: item %d\n", (long)item.producer,
                   item.number) < 0)
            die("write to stdout");
    }
    return finish();
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
