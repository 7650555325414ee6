/* pipe.h - what several programs of this lab need, but none of them is about */
#ifndef PIPE_H
#define PIPE_H

#include <errno.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "err.h"

/* The two descriptors that pipe() stores in int fd[2]. */
enum { READ_END, WRITE_END };

/*
 * Wait for all children of this process. If one of them failed or was killed,
 * print a message and exit 1. parent_child.c shows how to wait for one.
 */
static inline void wait_for_children(void)
{
    int status, failed = 0;

    while (wait(&status) != -1)
        failed |= status;
    if (errno != ECHILD)
        die("wait");
    if (failed)
        fail("a child failed");
}

/*
 * RESULT is what a system call has just returned. Return if the call failed
 * with ERROR, as it should; otherwise print a message that begins with CALL,
 * and exit 1.
 */
static inline void must_fail(const char *call, ssize_t result, int error)
{
    if (result != -1)
        fail("%s: should fail, but returned %zd", call, result);
    if (errno != error)
        die("%s", call);
}

#endif
