/* reader - takes a copy and gives the turn back before it prints */
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
    size_t bytes = 0, transfers = 0, count = 0;
    char own[TRANSFER_SIZE];

    expect_args(argc, argv, 0, 1, "[NAME]");
    const char *name = argc == 2 ? argv[1] : TRANSFER_NAME;
    struct transfer *shared = open_transfer(name);

    if (shared->reader != 0)
        fail("%s is used by reader %ld; if that has crashed: ./unlink %s",
             name, (long)shared->reader, name);
    shared->reader = getpid();
    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (flock(object, LOCK_UN) == -1)
        die("flock %s", name);
    if (shared->writer == 0)
        fprintf(stderr, "reader: waiting for a writer to %s\n", name);

    do {
        if (sem_wait(&shared->readable) == -1)
            die("sem_wait %s", name);
        count = shared->count;
        memcpy(own, shared->buffer, count);
        if (count == 0)
            break;
        if (sem_post(&shared->writable) == -1)
            die("sem_post %s", name);
        for (size_t done = 0; done < count;) {
            ssize_t n = write(STDOUT_FILENO, own + done, count - done);

            if (n == -1 && errno != EINTR)
                die("write to stdout");
            if (n > 0)
                done += n;
        }
        bytes += count;
        transfers++;
    } while (count > 0);
    if (remove_own(name) == -1)
        die("shm_unlink %s", name);
    keep_at_exit();
    if (sem_post(&shared->writable) == -1)
        die("sem_post %s", name);
    fprintf(stderr, "reader: %zu bytes in %zu transfers\n", bytes, transfers);
    return EXIT_SUCCESS;
}
