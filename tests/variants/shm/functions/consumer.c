/* consumer - in functions; each line is flushed */
#define _GNU_SOURCE
#include <limits.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "err.h"
#include "shm.h"

static struct item take(struct buffer *buffer)
{
    if (sem_wait(&buffer->full) == -1)
        die("sem_wait full");
    if (sem_wait(&buffer->mutex) == -1)
        die("sem_wait mutex");
    struct item item = buffer->slot[buffer->out % SLOTS];
    buffer->out++;
    if (sem_post(&buffer->mutex) == -1)
        die("sem_post mutex");
    if (sem_post(&buffer->empty) == -1)
        die("sem_post empty");
    return item;
}

int main(int argc, char *argv[])
{
    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    long count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    struct buffer *buffer = join_buffer(argc == 3 ? argv[2] : BUFFER_NAME);

    while (count-- > 0) {
        struct item item = take(buffer);

        printf("producer %ld: item %d\n", (long)item.producer, item.number);
        finish();
    }
    return EXIT_SUCCESS;
}
