/* autopsy_wait.h - the wait of one thread: for the autopsy's files only */
#ifndef AUTOPSY_WAIT_H
#define AUTOPSY_WAIT_H

#include <dirent.h>

#include "autopsy.h"

enum { MAX_RESOURCES = 16, MAX_NAMED = 6 };

/* What a descriptor refers to: a path, or "pipe:[1234]" and the like. */
struct target {
    char name[256];
    bool readable, writable;
};

/* Whose descriptors or mappings could unblock the waiting thread. */
enum use { WHO_WRITES, WHO_READS, WHO_HAS, WHO_LOCKED, WHO_MAPPED };

/* An object whose other users could unblock the thread. */
struct resource {
    char name[256];             /* as in struct holder; or empty */
    enum use use;
    int fd;                     /* of the waiting process */
    bool anonymous;             /* a pipe: nobody can open it by name */
    char note[256];             /* empty for a pipe or FIFO */
    char lock[128];             /* its line in /proc/locks */
    pid_t owner;                /* of the lock, if no descriptor shows it */
};

/* What one thread is waiting for. */
struct wait {
    const struct process *process;
    const struct tree *tree;
    pid_t thread;
    unsigned long arg[6];
    bool brief;                 /* INSIDE is all that is needed */
    bool ended;
    bool inside;                /* only the tree itself could end the wait */
    size_t resource_count;
    struct resource resource[MAX_RESOURCES];
    char text[512];
};

/* autopsy.c: reading /proc */
ssize_t read_proc(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
FILE *open_proc(pid_t pid, const char *name);
DIR *open_directory(pid_t pid, const char *name);
bool find_target(pid_t pid, int fd, struct target *target);
void *grow(void *array, size_t count, size_t size);
bool starts_with(const char *text, const char *start);

/* ask.c: as read_proc() and pread() do, but a labrun may be asked to do it */
ssize_t read_call(pid_t pid, pid_t thread, char *line, size_t size);
ssize_t read_memory(pid_t pid, unsigned long address, void *buffer,
                    size_t size);

/* autopsy_calls.c: complete a wait whose first three members are set */
void explain_sleeper(struct wait *wait);
void add(struct wait *wait, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
size_t peek(const struct wait *wait, unsigned long address, void *buffer,
            size_t size);
struct resource *add_resource(struct wait *wait, const char *name,
                              enum use use);

/* autopsy_net.c: FD is a socket; ADDRESS holds a socket address of LENGTH */
void add_socket(struct wait *wait, int fd, unsigned long inode, bool alone);
void add_address(struct wait *wait, unsigned long address, size_t length);

#endif
