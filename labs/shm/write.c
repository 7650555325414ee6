/*
 * write - put a text at the beginning of a shared memory object
 *
 *     TEXT --memcpy()--> [ object: NAME ]
 *
 * Watch that nothing is written, in the sense of write(2): once the object is
 * mapped, it is memory. But it has a size, and TEXT must fit into it.
 *
 * See shm_open(3), fstat(2), mmap(2).
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "shm.h"

int main(int argc, char *argv[])
{
    struct stat info;

    expect_args(argc, argv, 2, 2, "NAME TEXT");
    const char *name = argv[1], *text = argv[2];
    long long length = strlen(text);

    int fd = shm_open(name, O_RDWR, 0);
    if (fd == -1)
        die("shm_open %s%s", name, name_rule(name));
    if (fstat(fd, &info) == -1)
        die("fstat %s", name);
    long long size = info.st_size;
    if (length > size)
        fail("%s has %lld bytes, TEXT has %lld", name, size, length);
    if (length == 0)
        return EXIT_SUCCESS; /* mmap() of 0 bytes would fail */

    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        die("mmap %s", name);
    memcpy(memory, text, length);
    return EXIT_SUCCESS;
}
