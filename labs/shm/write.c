/*
 * write - put a text at the beginning of a shared memory object
 *
 *     TEXT --memcpy()--> [ object: NAME ]
 *
 * Watch that nothing is written, in the sense of write(2): once the object is
 * mapped it is memory. It has an end, too: a text beyond it has no place.
 *
 * See shm_open(3), fstat(2), mmap(2).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "err.h"
#include "shm.h"

int main(int argc, char *argv[])
{
    struct stat info;

    expect_args(argc, argv, 2, 2, "NAME TEXT");
    const char *name = argv[1], *text = argv[2];
    size_t length = strlen(text);

    if ((object = shm_open(name, O_RDWR, 0)) == -1)
        die("shm_open %s%s", name, rule_for_names());
    if (fstat(object, &info) == -1)
        die("fstat %s", name);
    if (length > (size_t)info.st_size)
        fail("%s has %lld bytes, TEXT has %zu", name, (long long)info.st_size,
             length);
    if (length == 0)
        return EXIT_SUCCESS; /* mmap() of no bytes would fail */

    char *memory = mmap(NULL, info.st_size, PROT_READ | PROT_WRITE,
                        MAP_SHARED, object, 0);
    if (memory == MAP_FAILED)
        die("mmap %s", name);
    memcpy(memory, text, length);
    return EXIT_SUCCESS;
}
