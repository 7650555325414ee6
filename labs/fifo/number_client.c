/*
 * number_client - ask number_server for COUNT numbers and print them
 *
 *     client --request--> [ PATH ]     --> server
 *     client <----reply-- [ PATH.PID ] <-- server      (see fifo.h)
 *
 * Watch the order: the client opens its own FIFO before it asks, or the
 * server might answer before anybody listens.
 *
 * See fifo(7), open(2) O_NONBLOCK, poll(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "cleanup.h"
#include "err.h"
#include "fifo.h"
#include "io.h"

int main(int argc, char *argv[])
{
    struct request request = { MAGIC, getpid(), 0 };
    struct reply reply = { 0 };
    struct stat info;
    char name[PATH_MAX];
    ssize_t count = 0;
    int in = -1, out = -1;

    expect_args(argc, argv, 2, 2, "PATH COUNT");
    const char *path = argv[1];
    request.count = number_arg(argv[2], "COUNT", 1, MAX_COUNT);
    reply_name(name, path, request.client);
    signal(SIGPIPE, SIG_IGN);

    /* STEP 1: make a FIFO for the reply. The name has our pid in it. */
    if (mkfifo(name, 0600) == -1)
        die("mkfifo %s", name);
    remove_at_exit(unlink, name, BY_SIGNAL);

    /* STEP 2: open it for reading, without waiting for the server. */
    if ((in = open(name, O_RDONLY | O_NONBLOCK)) == -1)
        die("open %s", name);

    /* STEP 3: open the server's FIFO. It fails at once if there is none. */
    if ((out = open(path, O_WRONLY | O_NONBLOCK)) == -1)
        die("open %s", path);

    if (fstat(out, &info) == -1)
        die("fstat %s", path);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", path);

    /* STEP 4: send the request, by one write(). */
    if (write_all(out, &request, sizeof request) == -1)
        die("write to %s", path);

    /* STEP 5: wait for the reply, or for the server's end (POLLERR). */
    struct pollfd wait_for[] = { { .fd = in, .events = POLLIN },
                                 { .fd = out, .events = 0 } };
    if (poll(wait_for, 2, -1) == -1)
        die("poll");

    /* STEP 6: read the reply. */
    if ((count = read_full(in, &reply, sizeof reply)) == -1)
        die("read from %s", name);

    if (count < (ssize_t)sizeof reply)
        fail("%s ended without a reply", path);
    for (int i = 0; i < request.count; i++)
        printf("%lld\n", reply.first + i);
    return finish();
}
