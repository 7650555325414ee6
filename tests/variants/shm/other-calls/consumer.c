/* consumer - other calls: sem_timedwait() far ahead, dprintf() */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "args.h"
#include "err.h"
#include "shm.h"

int main(int argc, char *argv[])
{
    struct timespec far;

    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    long count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    const char *name = argc == 3 ? argv[2] : BUFFER_NAME;
    struct buffer *buffer = join_buffer(name);

    if (clock_gettime(CLOCK_REALTIME, &far) == -1)
        die("clock_gettime");
    far.tv_sec += 1000000;
    while (count-- > 0) {
        while (sem_timedwait(&buffer->full, &far) == -1)
            if (errno != EINTR)
                die("sem_timedwait full");
        while (sem_timedwait(&buffer->mutex, &far) == -1)
            if (errno != EINTR)
                die("sem_timedwait mutex");
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
