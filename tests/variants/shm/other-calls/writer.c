/* writer - other calls: sem_timedwait() far ahead, readv() */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sys/uio.h>

#include "cleanup.h"
#include "err.h"
#include "shm.h"

static void wait_for(sem_t *semaphore, const char *name)
{
    struct timespec far;

    if (clock_gettime(CLOCK_REALTIME, &far) == -1)
        die("clock_gettime");
    far.tv_sec += 1000000;
    while (sem_timedwait(semaphore, &far) == -1)
        if (errno != EINTR)
            die("sem_timedwait %s", name);
}

static struct transfer *open_transfer(const char *name)
{
    struct transfer *shared;
    struct stat info;

    for (;;) {
        object = shm_open(name, O_CREAT | O_RDWR, S_IRUSR | S_IWUSR);
        if (object < 0)
            die("shm_open %s%s", name, rule_for_names());
        while (flock(object, LOCK_EX) != 0)
            if (errno != EINTR)
                die("flock %s", name);
        if (fstat(object, &info) != 0)
            die("fstat %s", name);
        if (info.st_nlink > 0)
            break;
        close(object);
    }
    if (info.st_size != 0 && info.st_size != sizeof *shared)
        fail("%s is not an object of writer and reader", name);
    if (info.st_size == 0)
        remove_at_exit(remove_own, name, BY_SIGNAL);
    /* The same size as before changes nothing. */
    if (ftruncate(object, sizeof *shared) != 0)
        die("ftruncate %s", name);
    shared = mmap(NULL, sizeof *shared, PROT_WRITE | PROT_READ, MAP_SHARED,
                  object, 0);
    if (shared == MAP_FAILED)
        die("mmap %s", name);
    if (shared->ready)
        return shared;
    if (sem_init(&shared->readable, 1, 0) != 0)
        die("sem_init %s", name);
    if (sem_init(&shared->writable, 1, 1) != 0)
        die("sem_init %s", name);
    shared->ready = 1;
    return shared;
}

int main(int argc, char *argv[])
{
    ssize_t bytes = 0, transfers = 0, count = 0;

    expect_args(argc, argv, 0, 1, "[NAME]");
    const char *name = argc == 2 ? argv[1] : TRANSFER_NAME;
    struct transfer *shared = open_transfer(name);

    if (shared->writer)
        fail("%s is used by writer %ld; if that has crashed: ./unlink %s",
             name, (long)shared->writer, name);
    remove_at_exit(remove_own, name, BY_SIGNAL);
    shared->writer = getpid();
    if (flock(object, LOCK_UN) != 0)
        die("flock %s", name);
    if (shared->reader == 0)
        fprintf(stderr, "writer: waiting for a reader of %s\n", name);

    for (;;) {
        struct iovec part = { shared->buffer, sizeof shared->buffer };

        wait_for(&shared->writable, name);
        do
            count = readv(STDIN_FILENO, &part, 1);
        while (count == -1 && errno == EINTR);
        if (count == -1)
            die("read from stdin");
        shared->count = count;
        if (sem_post(&shared->readable) != 0)
            die("sem_post %s", name);
        if (count == 0)
            break;
        bytes += count;
        transfers++;
    }
    wait_for(&shared->writable, name);
    munmap(shared, sizeof *shared);
    fprintf(stderr, "writer: %zd bytes in %zd transfers\n", bytes, transfers);
    return EXIT_SUCCESS;
}
