/* writer - reads ahead into a buffer of its own, before it is its turn */
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

#include "cleanup.h"
#include "err.h"
#include "shm.h"

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
    if (info.st_size == 0 && ftruncate(object, sizeof *shared) != 0)
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
    char own[TRANSFER_SIZE];

    expect_args(argc, argv, 0, 1, "[NAME]");
    const char *name = argc == 2 ? argv[1] : TRANSFER_NAME;
    struct transfer *shared = open_transfer(name);

    if (shared->writer != 0)
        fail("%s is used by writer %ld; if that has crashed: ./unlink %s",
             name, (long)shared->writer, name);
    shared->writer = getpid();
    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (flock(object, LOCK_UN) == -1)
        die("flock %s", name);
    if (shared->reader == 0)
        fprintf(stderr, "writer: waiting for a reader of %s\n", name);

    while ((count = read(STDIN_FILENO, own, sizeof own)) > 0) {
        if (sem_wait(&shared->writable) == -1)
            die("sem_wait %s", name);
        memcpy(shared->buffer, own, count);
        shared->count = count;
        if (sem_post(&shared->readable) == -1)
            die("sem_post %s", name);
        bytes += count;
        transfers++;
    }
    if (count == -1)
        die("read from stdin");
    if (sem_wait(&shared->writable) == -1)
        die("sem_wait %s", name);
    shared->count = 0;
    if (sem_post(&shared->readable) == -1)
        die("sem_post %s", name);
    if (sem_wait(&shared->writable) == -1)
        die("sem_wait %s", name);
    fprintf(stderr, "writer: %zd bytes in %zd transfers\n", bytes, transfers);
    return EXIT_SUCCESS;
}
