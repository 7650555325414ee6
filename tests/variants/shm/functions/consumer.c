/* consumer - in functions; each line is flushed */
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "shm.h"

static void enter(void *memory, const char *name, int first)
{
    struct buffer *buffer = memory;

    keep_at_exit();
    if (!first)
        return;
    if (sem_init(&buffer->mutex, 1, 1) < 0)
        die("sem_init %s", name);
    if (sem_init(&buffer->empty, 1, SLOTS) < 0)
        die("sem_init %s", name);
    if (sem_init(&buffer->full, 1, 0) < 0)
        die("sem_init %s", name);
}

static void down(sem_t *semaphore)
{
    if (sem_wait(semaphore) == -1)
        die("sem_wait");
}

static void up(sem_t *semaphore)
{
    if (sem_post(semaphore) == -1)
        die("sem_post");
}

static struct item take(struct buffer *buffer)
{
    down(&buffer->full);
    down(&buffer->mutex);
    struct item item = buffer->slot[buffer->out % SLOTS];
    buffer->out++;
    up(&buffer->mutex);
    up(&buffer->empty);
    return item;
}

int main(int argc, char *argv[])
{
    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    long count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    struct buffer *buffer = attach(argc == 3 ? argv[2] : "/ipc-buffer",
                                   sizeof *buffer, enter);
    while (count-- > 0) {
        struct item item = take(buffer);

        printf("producer %ld: item %d\n", (long)item.producer, item.number);
        finish();
    }
    return EXIT_SUCCESS;
}
