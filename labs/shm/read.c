/*
 * read - print all bytes of a shared memory object
 *
 *     [ object: NAME ] --mmap()--> read --> stdout
 *
 * Watch fstat(): the reader does not know the size. Whoever made the object
 * has set it, and may not have done so yet: then it is 0.
 *
 * See shm_open(3), fstat(2), mmap(2).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "shm.h"

int main(int argc, char *argv[])
{
    struct stat info;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];

    if ((object = shm_open(name, O_RDONLY, 0)) == -1)
        die("shm_open %s%s", name, rule_for_names());
    if (fstat(object, &info) == -1)
        die("fstat %s", name);
    if (info.st_size == 0)
        return EXIT_SUCCESS; /* mmap() of no bytes would fail */

    const char *memory = mmap(NULL, info.st_size, PROT_READ, MAP_SHARED,
                              object, 0);
    if (memory == MAP_FAILED)
        die("mmap %s", name);
    if (write_all(STDOUT_FILENO, memory, info.st_size) == -1)
        die("write to stdout");
    return EXIT_SUCCESS;
}
