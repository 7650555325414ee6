/*
 * shm.h - what the programs of this lab have in common in shared memory
 *
 * struct transfer is for one writer and one reader, struct buffer for any
 * number of producers and consumers. Either may start first: the first to
 * hold the lock on the object gives it its size and its initial values (its
 * bytes are zeros until then), and "ready" is set when all of that is done.
 *
 * The reader removes its object at the end, the last producer or consumer
 * theirs, unless there are items left in it. Who is interrupted while it waits
 * does so, too; what a crash leaves behind is removed by: ./unlink NAME
 */
#ifndef SHM_H
#define SHM_H

#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"

#define TRANSFER_NAME "/ipc-transfer"
#define BUFFER_NAME "/ipc-buffer"

/* Small on purpose: a larger file needs many turns. */
enum { TRANSFER_SIZE = 4096 };

struct transfer {
    int ready;
    pid_t writer, reader;     /* 0 if there has been none */
    sem_t writable, readable; /* initially 1 and 0: the writer's turn */
    size_t count;             /* of the bytes in the buffer; 0 at the end */
    char buffer[TRANSFER_SIZE];
};

enum { SLOTS = 8 };

struct item {
    pid_t producer;
    int number; /* 1, 2, ... from each producer */
};

struct buffer {
    int ready;
    int users;                /* processes; changed by who holds the lock */
    sem_t empty, full, mutex; /* initially SLOTS, 0 and 1 */
    unsigned in, out;         /* how many items were put in, taken out */
    struct item slot[SLOTS];  /* item number N is in slot N % SLOTS */
};

/* The object that this process uses: its descriptor. */
static int object = -1;

/* For a message: the rule for names, if it is the name that was refused. */
static inline const char *rule_for_names(void)
{
    return errno == EINVAL || errno == ENAMETOOLONG
               ? " (a name is a slash and up to 255 characters, none a slash)"
               : "";
}

/* Remove NAME, unless it has gone or is by now the name of another object. */
static inline int remove_own(const char *name)
{
    struct stat info;

    if (fstat(object, &info) == -1)
        return -1;
    return info.st_nlink == 0 ? 0 : shm_unlink(name);
}

/* The buffer, while this process is one of its users. */
static struct buffer *joined;

/* What the last user does: remove the buffer, unless it holds items. */
static inline int leave_buffer(const char *name)
{
    struct buffer *buffer = joined;

    joined = NULL;
    if (buffer == NULL)
        return 0;
    if (flock(object, LOCK_EX) == -1)
        return -1;
    if (--buffer->users > 0 || buffer->in != buffer->out)
        return 0;
    return remove_own(name);
}

/* Become a user of the buffer NAME, in the way that writer.c explains. */
static inline struct buffer *join_buffer(const char *name)
{
    struct buffer *buffer;
    struct stat info;

    do {
        if ((object = shm_open(name, O_RDWR | O_CREAT, 0600)) == -1)
            die("shm_open %s%s", name, rule_for_names());
        if (flock(object, LOCK_EX) == -1)
            die("flock %s", name);
        if (fstat(object, &info) == -1)
            die("fstat %s", name);
    } while (info.st_nlink == 0 && close(object) == 0);
    if (info.st_size == 0) {
        remove_at_exit(remove_own, name, BY_SIGNAL);
        if (ftruncate(object, sizeof *buffer) == -1)
            die("ftruncate %s", name);
    } else if (info.st_size != sizeof *buffer)
        fail("%s is not a buffer of producers and consumers", name);

    buffer = mmap(NULL, sizeof *buffer, PROT_READ | PROT_WRITE, MAP_SHARED,
                  object, 0);
    if (buffer == MAP_FAILED)
        die("mmap %s", name);
    if (!buffer->ready) {
        if (sem_init(&buffer->empty, 1, SLOTS) == -1 ||
            sem_init(&buffer->full, 1, 0) == -1 ||
            sem_init(&buffer->mutex, 1, 1) == -1)
            die("sem_init %s", name);
        buffer->ready = 1;
    }
    buffer->users++;
    joined = buffer;
    remove_at_exit(leave_buffer, name, BY_SIGNAL);
    if (flock(object, LOCK_UN) == -1)
        die("flock %s", name);
    return buffer;
}

#endif
