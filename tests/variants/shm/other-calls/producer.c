/* producer - other calls: memcpy(), sem_post() of full before the mutex */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

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

int main(int argc, char *argv[])
{
    struct item item = { getpid(), 0 };

    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    long count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    struct buffer *buffer = attach(argc == 3 ? argv[2] : "/ipc-buffer",
                                   sizeof *buffer, enter);
    while (item.number < count) {
        item.number++;
        while (sem_wait(&buffer->empty) == -1)
            if (errno != EINTR)
                die("sem_wait empty");
        while (sem_wait(&buffer->mutex) == -1)
            if (errno != EINTR)
                die("sem_wait mutex");
        memcpy(&buffer->slot[buffer->in & (SLOTS - 1)], &item, sizeof item);
        buffer->in += 1;
        if (sem_post(&buffer->full) == -1)
            die("sem_post full");
        if (sem_post(&buffer->mutex) == -1)
            die("sem_post mutex");
    }
    exit(EXIT_SUCCESS);
}
