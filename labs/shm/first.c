/*
 * first - of all processes that open an object, exactly one initialises it
 *
 *     first --+
 *     first --+--> flock() --> [ object: NAME ]   0 bytes? Then it is new.
 *     first --+
 *
 * Watch the lock: O_EXCL would tell the others that they are not the first,
 * but not when the first has finished. Here they wait until it has.
 *
 * See shm_open(3), flock(2), ftruncate(2), mmap(2).
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "shm.h"

struct note { char text[60]; pid_t author; };

int main(int argc, char *argv[])
{
    struct stat info = { 0 };
    int first = 0;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];

    do {
        /* STEP 1: open the object; make it, unless it exists already. */
        object = shm_open(name, O_RDWR | O_CREAT, 0600);
        if (object == -1)
            die("shm_open %s%s", name, name_rule(name));

        /* STEP 2: lock it. The others wait here until step 7. */
        if (flock(object, LOCK_EX) == -1)
            die("flock %s", name);

        if (fstat(object, &info) == -1)
            die("fstat %s", name);
    } while (info.st_nlink == 0 && close(object) == 0); /* it was removed */

    /* STEP 3: a new object has 0 bytes. Then this process is the first. */
    first = info.st_size == 0;

    if (first)
        remove_at_exit(remove_own, name, BY_SIGNAL); /* if step 4 fails */

    /* STEP 4: the first process gives it its size. */
    if (first && ftruncate(object, sizeof(struct note)) == -1)
        die("ftruncate %s", name);

    /* STEP 5: map it, readable, writable and shared. */
    struct note *note = mmap(NULL, sizeof *note, PROT_READ | PROT_WRITE,
                             MAP_SHARED, object, 0);
    if (note == MAP_FAILED)
        die("mmap %s", name);

    /* STEP 6: the first process fills in the note. */
    if (first)
        *note = (struct note){ "initialised by process", getpid() };

    keep_at_exit();

    /* STEP 7: unlock the object: it is complete. */
    if (flock(object, LOCK_UN) == -1)
        die("flock %s", name);

    printf("%s\n%s %ld\n", first ? "first" : "not first", note->text,
           (long)note->author);
    return finish();
}
