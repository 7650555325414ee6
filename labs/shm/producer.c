/*
 * producer - put COUNT items into a bounded buffer, for any consumer
 *
 *     producer --+                        +--> consumer
 *     producer --+--> [ 8 slots: NAME ] --+--> consumer
 *
 * Watch the order: first a free slot (empty), then the slots for oneself
 * (mutex). Who has the mutex and waits for a slot keeps out the consumer
 * that could free one.
 *
 * See sem_overview(7), sem_wait(3), sem_post(3).
 */
#define _GNU_SOURCE
#include <limits.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "shm.h"

int main(int argc, char *argv[])
{
    struct item item = { getpid(), 0 };

    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    long count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    const char *name = argc == 3 ? argv[2] : BUFFER_NAME;
    struct buffer *buffer = join_buffer(name);

    for (long i = 1; i <= count; i++) {
        item.number = i;

        /* STEP 1: wait until a slot is empty; from now on it is ours. */
        if (sem_wait(&buffer->empty) == -1)
            die("sem_wait empty");

        /* STEP 2: wait until nobody else is at the slots. */
        if (sem_wait(&buffer->mutex) == -1)
            die("sem_wait mutex");

        /* STEP 3: put the item into the next slot. */
        buffer->slot[buffer->in++ % SLOTS] = item;

        /* STEP 4: let the others at the slots again. */
        if (sem_post(&buffer->mutex) == -1)
            die("sem_post mutex");

        /* STEP 5: one more slot is full. */
        if (sem_post(&buffer->full) == -1)
            die("sem_post full");
    }
    return EXIT_SUCCESS;
}
