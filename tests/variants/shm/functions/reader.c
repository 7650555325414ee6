/* reader - in functions: lock and map apart, the turns in wait and post */
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

static const char *name;
static struct transfer *shared;

static off_t open_and_lock(void)
{
    struct stat info;

    object = shm_open(name, O_RDWR | O_CREAT, 0600);
    if (object == -1)
        die("shm_open %s%s", name, rule_for_names());
    if (flock(object, LOCK_EX) == -1)
        die("flock %s", name);
    if (fstat(object, &info) == -1)
        die("fstat %s", name);
    if (info.st_nlink > 0)
        return info.st_size;
    close(object);
    return open_and_lock();
}

static void map(void)
{
    shared = mmap(0, sizeof(struct transfer), PROT_READ | PROT_WRITE,
                  MAP_SHARED, object, 0);
    if (shared == MAP_FAILED)
        die("mmap %s", name);
}

static void initialise(void)
{
    if (sem_init(&shared->writable, 1, 1) == -1)
        die("sem_init %s", name);
    if (sem_init(&shared->readable, 1, 0) == -1)
        die("sem_init %s", name);
    shared->ready = 1;
}

static void attach(void)
{
    off_t size = open_and_lock();

    if (size == 0) {
        remove_at_exit(remove_own, name, BY_SIGNAL);
        if (ftruncate(object, sizeof(struct transfer)) == -1)
            die("ftruncate %s", name);
    } else if (size != sizeof(struct transfer)) {
        fail("%s is not an object of writer and reader", name);
    }
    map();
    if (!shared->ready)
        initialise();
}

static void down(sem_t *semaphore)
{
    if (sem_wait(semaphore) == -1)
        die("sem_wait %s", name);
}

static void up(sem_t *semaphore)
{
    if (sem_post(semaphore) == -1)
        die("sem_post %s", name);
}

/* How many bytes were printed; the buffer is empty then. */
static size_t print(void)
{
    down(&shared->readable);
    size_t count = shared->count;
    fwrite(shared->buffer, count, 1, stdout);
    shared->count = 0;
    finish();
    return count;
}

int main(int argc, char *argv[])
{
    size_t bytes = 0, transfers = 0, count;

    expect_args(argc, argv, 0, 1, "[NAME]");
    name = argc == 2 ? argv[1] : TRANSFER_NAME;
    setvbuf(stdout, NULL, _IOFBF, 100000);
    attach();
    if (shared->reader != 0)
        fail("%s is used by reader %ld; if that has crashed: ./unlink %s",
             name, (long)shared->reader, name);
    shared->reader = getpid();
    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (flock(object, LOCK_UN) == -1)
        die("flock %s", name);
    if (shared->writer == 0)
        fprintf(stderr, "reader: waiting for a writer to %s\n", name);

    while ((count = print()) > 0) {
        bytes += count;
        transfers++;
        up(&shared->writable);
    }
    keep_at_exit();
    if (remove_own(name) == -1)
        die("shm_unlink %s", name);
    up(&shared->writable);
    fprintf(stderr, "reader: %zu bytes in %zu transfers\n", bytes, transfers);
    return finish();
}
