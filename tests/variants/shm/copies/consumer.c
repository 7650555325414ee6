/* consumer - memcpy() of the item, and write() of each line */
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "io.h"
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
    struct item item;
    char line[64];

    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    int count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    struct buffer *buffer = attach(argc == 3 ? argv[2] : "/ipc-buffer",
                                   sizeof *buffer, enter);
    for (int i = 0; i < count; i++) {
        if (sem_wait(&buffer->full) < 0)
            die("sem_wait full");
        if (sem_wait(&buffer->mutex) < 0)
            die("sem_wait mutex");
        memcpy(&item, buffer->slot + buffer->out % SLOTS, sizeof item);
        ++buffer->out;
        if (sem_post(&buffer->mutex) < 0)
            die("sem_post mutex");
        if (sem_post(&buffer->empty) < 0)
            die("sem_post empty");
        int length = snprintf(line, sizeof line, "producer %ld: item %d\n",
                              (long)item.producer, item.number);
        if (write_all(STDOUT_FILENO, line, length) == -1)
            die("write to stdout");
    }
    return 0;
}
