/*
 * number_client - ask number_server for COUNT numbers and print them
 *
 *     client --request--> [ PATH ]     --> server
 *     client <----reply-- [ PATH.PID ] <-- server      (see fifo.h)
 *
 * Watch the order: the client opens its own FIFO before it asks. Otherwise
 * the server might answer before anybody can receive the answer.
 *
 * See fifo(7), open(2) O_NONBLOCK, poll(2).
 */
#define _GNU_SOURCE
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

int main(int argc, char *argv[])
{
    struct reply reply = { 0 };
    struct stat info = { 0 };
    char name[PATH_MAX];

    expect_args(argc, argv, 2, 2, "PATH COUNT");
    const char *path = argv[1];
    int wanted = number_arg(argv[2], "COUNT", 1, MAX_COUNT);
    struct request request = { MAGIC, getpid(), wanted };
    reply_name(name, path, request.client);
    signal(SIGPIPE, SIG_IGN); /* the server may die before we write to it */

    /* STEP 1: make a FIFO for the reply, and remove it at exit. */
    if (mkfifo(name, 0600) == -1)
        die("mkfifo %s", name);
    remove_at_exit(unlink, name, BY_SIGNAL);

    /* STEP 2: open it for reading. Do not wait: we have not asked yet. */
    int in = open(name, O_RDONLY | O_NONBLOCK);
    if (in == -1)
        die("open %s", name);

    /* STEP 3: open the server's FIFO. Without a server, fail at once. */
    int out = open(path, O_WRONLY | O_NONBLOCK);
    if (out == -1)
        die("open %s", path);

    if (fstat(out, &info) == -1)
        die("fstat %s", path);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", path);

    /* STEP 4: send the request by a single write(), which is atomic. */
    if (write(out, &request, sizeof request) == -1)
        die("write to %s", path);

    /* STEP 5: wait for the reply, or for the server's death (POLLERR). */
    struct pollfd either[] = { { .fd = in, .events = POLLIN }, { .fd = out } };
    if (poll(either, 2, -1) == -1)
        die("poll");

    /* STEP 6: read the reply. If the server has died, there is none. */
    ssize_t count = read(in, &reply, sizeof reply);
    if (count == -1)
        die("read from %s", name);
    if (count < (ssize_t)sizeof reply)
        fail("%s: the server ended without a reply", path);

    for (int i = 0; i < wanted; i++)
        printf("%lld\n", reply.first + i);
    return finish();
}
