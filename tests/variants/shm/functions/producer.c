/* producer - in functions */
#define _GNU_SOURCE
#include <limits.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "shm.h"

static void down(sem_t *semaphore, const char *name)
{
    if (sem_wait(semaphore) == -1)
        die("sem_wait %s", name);
}

static void up(sem_t *semaphore, const char *name)
{
    if (sem_post(semaphore) == -1)
        die("sem_post %s", name);
}

static void put(struct buffer *buffer, struct item item)
{
    down(&buffer->empty, "empty");
    down(&buffer->mutex, "mutex");
    unsigned at = buffer->in++;
    buffer->slot[at % SLOTS] = item;
    up(&buffer->mutex, "mutex");
    up(&buffer->full, "full");
}

int main(int argc, char *argv[])
{
    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    long count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    struct buffer *buffer = join_buffer(argc == 3 ? argv[2] : BUFFER_NAME);

    for (long i = 1; i <= count; i++)
        put(buffer, (struct item){ getpid(), i });
    return EXIT_SUCCESS;
}
