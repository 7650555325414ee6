/* consumer - other calls: sem_timedwait() far ahead, dprintf() */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

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

static void wait_for(sem_t *semaphore)
{
    struct timespec far;

    if (clock_gettime(CLOCK_REALTIME, &far) == -1)
        die("clock_gettime");
    far.tv_sec += 1000000;
    while (sem_timedwait(semaphore, &far) == -1)
        if (errno != EINTR)
            die("sem_timedwait");
}

int main(int argc, char *argv[])
{
    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    long count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    struct buffer *buffer = attach(argc == 3 ? argv[2] : "/ipc-buffer",
                                   sizeof *buffer, enter);
    while (count-- > 0) {
        wait_for(&buffer->full);
        wait_for(&buffer->mutex);
        struct item item = buffer->slot[buffer->out % SLOTS];
        buffer->out++;
        if (sem_post(&buffer->empty) == -1)
            die("sem_post empty");
        if (sem_post(&buffer->mutex) == -1)
            die("sem_post mutex");
        if (dprintf(STDOUT_FILENO, "producer %ld: item %d\n",
                    (long)item.producer, item.number) < 0)
            die("write to stdout");
    }
    return EXIT_SUCCESS;
}
