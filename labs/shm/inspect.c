/*
 * inspect - look into the buffer of producers and consumers
 *
 *     [ NAME: empty, full, mutex, 8 slots ] --> inspect --> stdout
 *
 * Watch the sum of empty and full: 8, unless a process is just putting or
 * taking an item. This is a snapshot, and may be out of date at once.
 *
 * See shm_open(3), sem_getvalue(3).
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "shm.h"

static void show(const char *what, sem_t *semaphore)
{
    int value;

    if (sem_getvalue(semaphore, &value) == -1)
        die("sem_getvalue %s", what);
    printf("%s %d\n", what, value);
}

int main(int argc, char *argv[])
{
    struct stat info;

    expect_args(argc, argv, 0, 1, "[NAME]");
    const char *name = argc == 2 ? argv[1] : "/ipc-buffer";

    if ((object = shm_open(name, O_RDONLY, 0)) == -1)
        die("shm_open %s%s", name, name_rule(name));
    if (fstat(object, &info) == -1)
        die("fstat %s", name);
    if (info.st_size != sizeof(struct buffer))
        fail("%s is an object of another kind", name);
    struct buffer *buffer = mmap(NULL, sizeof *buffer, PROT_READ, MAP_SHARED,
                                 object, 0);
    if (buffer == MAP_FAILED)
        die("mmap %s", name);

    show("empty", &buffer->empty);
    show("full", &buffer->full);
    show("mutex", &buffer->mutex);
    for (unsigned i = buffer->out, in = buffer->in; i != in; i++)
        printf("slot %u: item %d of producer %ld\n", i % SLOTS,
               buffer->slot[i % SLOTS].number,
               (long)buffer->slot[i % SLOTS].producer);
    return finish();
}
