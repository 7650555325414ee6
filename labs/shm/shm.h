/* shm.h - the layouts of this lab's objects, and how a process joins one */
#ifndef SHM_H
#define SHM_H

#include <fcntl.h>
#include <semaphore.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "cleanup.h"
#include "err.h"

/* TRANSFER_SIZE is small on purpose: then a large file takes many turns. */
enum { TRANSFER_SIZE = 4096, SLOTS = 8 };
struct transfer { /* one writer, one reader */
    sem_t writable, readable; /* initially 1 and 0: the writer's turn */
    pid_t writer, reader;     /* 0 until there is one */
    size_t count;             /* of the bytes in the buffer; 0 at the end */
    char buffer[TRANSFER_SIZE];
};

struct item { pid_t producer; int number; };
struct buffer { /* any number of producers and consumers */
    sem_t empty, full, mutex; /* initially SLOTS, 0 and 1 */
    unsigned in, out;         /* how many items were put in, taken out */
    struct item slot[SLOTS];  /* item number N is in slot N % SLOTS */
};

static int object = -1; /* the descriptor of the object, for flock() */

/* For remove_at_exit(). The name may be another object's by now: leave it. */
static inline int remove_own(const char *name)
{
    struct stat info;

    if (flock(object, LOCK_EX) == -1 || fstat(object, &info) == -1)
        return -1;
    return info.st_nlink == 0 ? 0 : shm_unlink(name);
}

typedef void enter_function(void *memory, const char *name, int first);
/*
 * Open the object NAME as first.c does, and return the address of its SIZE
 * bytes. ENTER, if not NULL, is called with the lock held; if FIRST, MEMORY is
 * all zeros. A new object is removed at exit unless ENTER calls keep_at_exit().
 * If a call fails, or the object has another size, the program ends.
 */
static inline void *attach(const char *name, size_t size, enter_function *enter)
{
    struct stat info;

    do {
        if ((object = shm_open(name, O_RDWR | O_CREAT, 0600)) == -1)
            die("shm_open %s%s", name, name_rule(name));
        if (flock(object, LOCK_EX) == -1)
            die("flock %s", name);
        if (fstat(object, &info) == -1)
            die("fstat %s", name);
    } while (info.st_nlink == 0 && close(object) == 0); /* it was removed */

    int first = info.st_size == 0;
    if (first)
        remove_at_exit(remove_own, name, BY_SIGNAL);
    if (first && ftruncate(object, size) == -1)
        die("ftruncate %s", name);
    if (!first && (size_t)info.st_size != size)
        fail("%s is an object of another kind", name);
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
    if (at == MAP_FAILED)
        die("mmap %s", name);
    if (enter != NULL)
        enter(at, name, first);
    if (flock(object, LOCK_UN) == -1)
        die("flock %s", name);
    return at;
}
#endif
