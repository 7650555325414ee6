/*
 * read - print all bytes of a shared memory object
 *
 *     [ object: NAME ] --mmap()--> read --> stdout
 *
 * Watch fstat(): the reader does not know the size. Whichever process made
 * the object has set it, or has not done so yet: then it is 0.
 *
 * See shm_open(3), fstat(2), mmap(2).
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include "io.h"
#include "shm.h"

int main(int argc, char *argv[])
{
    struct stat info;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];

    int fd = shm_open(name, O_RDONLY, 0);
    if (fd == -1)
        die("shm_open %s%s", name, name_rule(name));
    if (fstat(fd, &info) == -1)
        die("fstat %s", name);
    if (info.st_size == 0)
        return EXIT_SUCCESS; /* mmap() of 0 bytes would fail */

    char *memory = mmap(NULL, info.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        die("mmap %s", name);
    if (write_all(STDOUT_FILENO, memory, info.st_size) == -1)
        die("write to stdout");
    return EXIT_SUCCESS;
}
