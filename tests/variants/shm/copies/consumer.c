/* consumer - memcpy() of the item, stdout unbuffered and a line at once */
#define _GNU_SOURCE
#include <limits.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "err.h"
#include "io.h"
#include "shm.h"

int main(int argc, char *argv[])
{
    struct item item;
    char line[64];

    expect_args(argc, argv, 1, 2, "COUNT [NAME]");
    int count = number_arg(argv[1], "COUNT", 1, INT_MAX);
    struct buffer *buffer = join_buffer(argc == 3 ? argv[2] : BUFFER_NAME);

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
