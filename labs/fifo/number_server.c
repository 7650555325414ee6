/*
 * number_server - give out numbers, none of them twice, to its clients
 *
 *     client --request--> [ PATH ]     --> server
 *     client <----reply-- [ PATH.PID ] <-- server      (see fifo.h)
 *
 * Watch how little a client can do to the server: it never waits for one,
 * whether that one is slow, stopped or dead.
 *
 * See fifo(7), mkfifo(3), open(2) O_NONBLOCK.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"
#include "fifo.h"

int main(int argc, char *argv[])
{
    struct request request;
    char name[PATH_MAX];
    long long next = 1;
    int result;

    expect_args(argc, argv, 1, 1, "PATH");
    const char *path = argv[1];
    signal(SIGPIPE, SIG_IGN); /* a client may die before we write to it */

    /* STEP 1: make the FIFO. If PATH exists, another server may use it. At
       exit, remove it: SIGINT and SIGTERM end a server with status 0. */
    if (mkfifo(path, 0600) == -1)
        die("mkfifo %s", path);
    remove_at_exit(unlink, path, EXIT_SUCCESS);

    /* STEP 2: open it for reading. Do not wait: there is no client yet. */
    int in = open(path, O_RDONLY | O_NONBLOCK);
    if (in == -1)
        die("open %s", path);

    /* It was only open() that must not wait; read() must. */
    if (fcntl(in, F_SETFL, 0) == -1)
        die("fcntl %s", path);

    /* STEP 3: hold a write end, too, or read() returns 0 without clients. */
    if (open(path, O_WRONLY) == -1)
        die("open %s for writing", path);

    printf("listening on %s\n", path);
    finish(); /* flush it now: somebody may be waiting for this line */

    while ((result = read_request(in, &request)) == 1) {
        reply_name(name, path, request.client);

        /* STEP 4: open the client's FIFO without waiting. If it has died,
           report that and serve the next client. */
        int out = open(name, O_WRONLY | O_NONBLOCK);
        if (out == -1) {
            report("open %s", name);
            continue;
        }

        /* STEP 5: send the reply. If that fails, report it, and let the next
           client have these numbers. */
        struct reply reply = { next };
        if (write(out, &reply, sizeof reply) == sizeof reply)
            next += request.count;
        else
            report("write to %s", name);

        /* STEP 6: close it, or after many clients descriptors run out. */
        if (close(out) == -1)
            report("close %s", name);
    }
    if (result == -1)
        die("read from %s", path);
    fail("%s: end of file: no process can send a request", path);
}
