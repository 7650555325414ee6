/* producer - the item is written in its slot, member by member */
#define _GNU_SOURCE
#include <limits.h>

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
    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    int count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    struct buffer *buffer = attach(argc == 3 ? argv[2] : "/ipc-buffer",
                                   sizeof *buffer, enter);
    for (int i = 0; i < count; i++) {
        if (sem_wait(&buffer->empty) < 0)
            die("sem_wait empty");
        if (sem_wait(&buffer->mutex) < 0)
            die("sem_wait mutex");
        struct item *slot = buffer->slot + buffer->in % SLOTS;
        slot->number = i + 1;
        slot->producer = getpid();
        ++buffer->in;
        if (sem_post(&buffer->mutex) < 0)
            die("sem_post mutex");
        if (sem_post(&buffer->full) < 0)
            die("sem_post full");
    }
    return 0;
}
