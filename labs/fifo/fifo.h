/*
 * fifo.h - what number_server and number_client say to each other
 *
 *     client --request--> [ PATH ]     --> server
 *     client <----reply-- [ PATH.PID ] <-- server
 *
 * The server makes PATH and removes it; each client makes a PATH.PID of its
 * own and removes it. Both structs are smaller than PIPE_BUF, so each is
 * written atomically: the requests of many clients do not mix in one FIFO.
 */
#ifndef FIFO_H
#define FIFO_H

#include <limits.h>
#include <stdio.h>
#include <sys/types.h>

enum { MAGIC = 0x4e554d42, MAX_COUNT = 1000000 };

struct request {
    int magic; /* MAGIC; what does not begin with it is rubbish */
    pid_t client;
    int count; /* how many numbers, 1 to MAX_COUNT */
};

struct reply {
    long long first; /* the numbers are first, first + 1, ... */
};

static inline int is_valid(const struct request *request)
{
    return request->magic == MAGIC && request->client > 0 &&
           request->count >= 1 && request->count <= MAX_COUNT;
}

/* Write the name of the client's own FIFO into NAME. */
static inline void reply_name(char name[PATH_MAX], const char *path,
                              pid_t client)
{
    snprintf(name, PATH_MAX, "%s.%ld", path, (long)client);
}

#endif
