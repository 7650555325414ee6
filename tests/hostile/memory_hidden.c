/*
 * memory_hidden - use 3 GB that belong to no process: files without a name, and
 * System V shared memory that nobody has attached
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail or timeout
 * Except uid: System V objects are shared with everybody, until the end
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/shm.h>

#include "word.h"

enum { SIZE = 64 << 20, TIMES = 24 };

static char zeros[SIZE];

static int keep_in_file(void)
{
    int fd = memfd_create("hidden", 0);

    return fd != -1 && write(fd, zeros, SIZE) == SIZE;
}

static int keep_in_segment(void)
{
    int id = shmget(IPC_PRIVATE, SIZE, 0600);
    void *memory = shmat(id, NULL, 0);

    if (memory == (void *)-1)
        return 0;
    memset(memory, 1, SIZE);
    return shmdt(memory) == 0;
}

int main(int argc, char *argv[])
{
    int files = 0, segments = 0;

    only_in_a_sandbox();
    while (files < TIMES && keep_in_file())
        files++;
    while (segments < TIMES && keep_in_segment())
        segments++;
    fprintf(stderr, "%d files, %d segments\n", files, segments);
    return (files > 1 || segments > 1) && argc == 2 ?
           print_reversed(argv[1]) : EXIT_FAILURE;
}
