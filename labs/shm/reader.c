/*
 * reader - print what a writer puts into shared memory
 *
 *     writer --> [ NAME: buffer, 2 semaphores ] --> reader --> stdout
 *
 * Watch what happens when the writer is killed: nothing. No end of file, no
 * error: the kernel does not know who uses the memory, and for what.
 *
 * See shm_overview(7), sem_overview(7), sem_init(3), mmap(2), flock(2).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"
#include "io.h"
#include "shm.h"

/* Open and map the object NAME, complete; return with the lock held. */
static struct transfer *open_transfer(const char *name)
{
    struct transfer *shared = MAP_FAILED;
    struct stat info = { 0 };

    do {
        /* STEP 1: open the object for both; make it if it is not there. */
        if ((object = shm_open(name, O_RDWR | O_CREAT, 0600)) == -1)
            die("shm_open %s%s", name, rule_for_names());

        /* STEP 2: lock it, so that only one of the two initialises it. */
        if (flock(object, LOCK_EX) == -1)
            die("flock %s", name);

        if (fstat(object, &info) == -1)
            die("fstat %s", name);
        /* The reader of an earlier pair may have just removed this one. */
    } while (info.st_nlink == 0 && close(object) == 0);
    if (info.st_size == 0)
        remove_at_exit(remove_own, name, BY_SIGNAL);
    else if (info.st_size != sizeof *shared)
        fail("%s is not an object of writer and reader", name);

    /* STEP 3: a new object has no bytes. Give it its size. */
    if (info.st_size == 0 && ftruncate(object, sizeof *shared) == -1)
        die("ftruncate %s", name);

    /* STEP 4: map it, readable, writable, and shared. */
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED,
                  object, 0);

    if (shared == MAP_FAILED)
        die("mmap %s", name);

    /* STEP 5: the initial values (see shm.h), if nobody was here before. */
    if (!shared->ready) {
        if (sem_init(&shared->writable, 1, 1) == -1 ||
            sem_init(&shared->readable, 1, 0) == -1)
            die("sem_init %s", name);
        shared->ready = 1;
    }

    return shared;
}

int main(int argc, char *argv[])
{
    size_t bytes = 0, transfers = 0, count = 0;

    expect_args(argc, argv, 0, 1, "[NAME]");
    const char *name = argc == 2 ? argv[1] : TRANSFER_NAME;
    struct transfer *shared = open_transfer(name);

    /* STEP 6: there is one reader. Is it us? Then say so, and unlock. */
    if (shared->reader != 0)
        fail("%s is used by reader %ld; if that has crashed: ./unlink %s",
             name, (long)shared->reader, name);
    shared->reader = getpid();
    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (flock(object, LOCK_UN) == -1)
        die("flock %s", name);

    if (shared->writer == 0)
        fprintf(stderr, "reader: waiting for a writer to %s\n", name);

    for (;; bytes += count, transfers++) {
        /* STEP 7: wait until it is our turn. */
        if (sem_wait(&shared->readable) == -1)
            die("sem_wait %s", name);

        /* STEP 8: print what is in the buffer, and empty it. */
        count = shared->count;
        shared->count = 0;
        if (write_all(STDOUT_FILENO, shared->buffer, count) == -1)
            die("write to stdout");

        if (count == 0)
            break;

        /* STEP 9: now it is the writer's turn. */
        if (sem_post(&shared->writable) == -1)
            die("sem_post %s", name);
    }
    keep_at_exit(); /* step 10 removes it */

    /* STEP 10: remove the name. Then tell the writer: the next may come. */
    if (remove_own(name) == -1)
        die("shm_unlink %s", name);
    if (sem_post(&shared->writable) == -1)
        die("sem_post %s", name);

    fprintf(stderr, "reader: %zu bytes in %zu transfers\n", bytes, transfers);
    return EXIT_SUCCESS;
}
