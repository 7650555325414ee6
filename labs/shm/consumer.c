/*
 * consumer - take COUNT items out of a bounded buffer and print them
 *
 *     producer --+                        +--> consumer
 *     producer --+--> [ 8 slots: NAME ] --+--> consumer
 *
 * Watch how short the mutex is held: to take an item, not to print it. What
 * is slow is done after it, or everybody waits for it.
 *
 * See sem_overview(7), sem_wait(3), sem_post(3).
 */
#define _GNU_SOURCE
#include <limits.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "err.h"
#include "shm.h"

int main(int argc, char *argv[])
{
    struct item item = { 0, 0 };

    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    long count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    const char *name = argc == 3 ? argv[2] : BUFFER_NAME;
    struct buffer *buffer = join_buffer(name);
    setvbuf(stdout, NULL, _IOLBF, 0); /* each item when it comes */

    for (long i = 1; i <= count; i++) {
        /* STEP 1: wait until a slot is full; from now on it is ours. */
        if (sem_wait(&buffer->full) == -1)
            die("sem_wait full");

        /* STEP 2: wait until nobody else is at the slots. */
        if (sem_wait(&buffer->mutex) == -1)
            die("sem_wait mutex");

        /* STEP 3: take the item that is there for the longest time. */
        item = buffer->slot[buffer->out++ % SLOTS];

        /* STEP 4: let the others at the slots again. */
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
