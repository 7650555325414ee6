/* autopsy_wait.h - what a thread waits for: for the autopsy's own files only */
#ifndef AUTOPSY_WAIT_H
#define AUTOPSY_WAIT_H

#include <dirent.h>

#include "autopsy.h"

enum { MAX_ENDS = 16, MAX_NAMED = 6 };

/* What a descriptor leads to: a path, or "pipe:[1234]" and the like. */
struct target {
    char name[256];
    bool readable, writable;
};

/* Whose descriptors or mappings are of use to somebody who waits. */
enum use { WHO_WRITES, WHO_READS, WHO_HAS, WHO_LOCKED, WHO_MAPPED };

/* What another process must use to end the wait; a line of its own tells. */
struct end {
    char name[256];             /* as it stands in struct holder; or empty */
    enum use use;
    int fd;                     /* that leads to it here */
    bool anonymous;             /* a pipe: nobody can open it by a name */
    char note[256];             /* empty for a pipe or FIFO */
    char lock[128];             /* its line in /proc/locks */
    pid_t owner;                /* of the lock, if no descriptor shows it */
};

/* What one thread waits for. */
struct wait {
    const struct process *process;
    const struct tree *tree;
    pid_t thread;
    unsigned long arg[6];
    bool brief;                 /* nobody asks for more than INSIDE */
    bool ended;
    bool inside;                /* only the tree could end it */
    size_t end_count;
    struct end end[MAX_ENDS];
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

/* autopsy_calls.c: fill in a wait, of which the first three are given */
void explain_sleeper(struct wait *wait);
void add(struct wait *wait, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
size_t peek(const struct wait *wait, unsigned long address, void *buffer,
            size_t size);
struct end *add_end(struct wait *wait, const char *name, enum use use);

/* autopsy_net.c: FD is a socket; LENGTH bytes at ADDRESS are an address */
void add_socket(struct wait *wait, int fd, unsigned long inode, bool alone);
void add_address(struct wait *wait, unsigned long address, size_t length);

#endif
