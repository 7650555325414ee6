/*
 * fifo.h - what number_server and number_client send to each other
 *
 *     client --request--> [ PATH ]     --> server
 *     client <----reply-- [ PATH.PID ] <-- server
 *
 * The server makes PATH and removes it; each client makes a PATH.PID of its
 * own and removes it. Both structs are smaller than PIPE_BUF, so a write() of
 * one is atomic: the requests of many clients do not mix in the FIFO.
 */
#ifndef FIFO_H
#define FIFO_H

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "io.h"

enum { MAGIC = 0x4e554d42, MAX_COUNT = 1000000 };

struct request {
    int magic;    /* always MAGIC; anything without it is ignored */
    pid_t client; /* who is asking: the reply goes to PATH.client */
    int count;    /* how many numbers it wants, 1 to MAX_COUNT */
};

struct reply {
    long long first; /* its numbers are first, first + 1, ... */
};

/* Write the name of CLIENT's own FIFO, which is PATH.CLIENT, into NAME. */
static inline void reply_name(char name[PATH_MAX], const char *path,
                              pid_t client)
{
    snprintf(name, PATH_MAX, "%s.%ld", path, (long)client);
}

/* Return 1 if REQUEST can be answered, or 0 if it is rubbish. */
static inline int is_valid(const struct request *request)
{
    return request->magic == MAGIC && request->client > 0 &&
           request->count >= 1 && request->count <= MAX_COUNT;
}

/*
 * Wait for the next valid request from FD and store it in REQUEST. Any other
 * bytes are skipped, one at a time, for a request may begin at the next one.
 * Return 1, or 0 at end of file, or -1 with the reason in errno.
 */
static inline int read_request(int fd, struct request *request)
{
    char *bytes = (char *)request;
    size_t have = 0;

    for (;;) {
        ssize_t count = read_full(fd, bytes + have, sizeof *request - have);

        if (count == -1)
            return -1;
        have += count;
        if (have < sizeof *request)
            return 0;
        if (is_valid(request))
            return 1;
        memmove(bytes, bytes + 1, --have);
    }
}

#endif
