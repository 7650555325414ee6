/*
 * number_server - give out numbers, none twice, to whoever asks
 *
 *     client --request--> [ PATH ]     --> server
 *     client <----reply-- [ PATH.PID ] <-- server      (see fifo.h)
 *
 * Watch that no client can stop the server: it waits for none, dead or slow.
 *
 * See fifo(7), open(2) O_NONBLOCK, flock(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"
#include "fifo.h"
#include "io.h"

/* Open the FIFO at PATH. The lock keeps a second server from reading it. */
static int open_requests(const char *path)
{
    struct stat info;
    int fd = -1;

    /* STEP 1: make the FIFO. A crashed server may have left it there. */
    if (mkfifo(path, 0600) == 0)
        remove_at_exit(unlink, path, EXIT_SUCCESS);
    else if (errno != EEXIST)
        die("mkfifo %s", path);

    /* STEP 2: open it for reading. No client is there yet: do not wait. */
    if ((fd = open(path, O_RDONLY | O_NONBLOCK)) == -1)
        die("open %s", path);

    if (fstat(fd, &info) == -1)
        die("fstat %s", path);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", path);
    if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
        keep_at_exit(); /* the FIFO is that server's */
        die("flock %s", path);
    }
    remove_at_exit(unlink, path, EXIT_SUCCESS);
    if (fcntl(fd, F_SETFL, 0) == -1) /* from here on, read() shall wait */
        die("fcntl %s", path);
    return fd;
}

/* Wait for the next request; skip whatever else is in the FIFO. */
static void next_request(int fd, struct request *request)
{
    char *bytes = (char *)request;
    size_t have = 0;

    for (;;) {
        ssize_t count = read_full(fd, bytes + have, sizeof *request - have);

        if (count == -1)
            die("read a request");
        if ((have += count) < sizeof *request)
            fail("end of file: no client is left, and none can come");
        if (is_valid(request))
            return;
        memmove(bytes, bytes + 1, --have);
    }
}

/* Tell the client its FIRST number. Return how many numbers it has now. */
static int answer(const char *path, struct request *request, long long first)
{
    struct reply reply = { first };
    char name[PATH_MAX];
    int fd = -1, given = 0;

    reply_name(name, path, request->client);

    /* STEP 4: open the client's FIFO. Do not wait: it may have died. */
    if ((fd = open(name, O_WRONLY | O_NONBLOCK)) == -1) {
        report("open %s", name);
        return 0;
    }

    /* STEP 5: send the reply. The client may have died since. */
    if (write(fd, &reply, sizeof reply) == sizeof reply)
        given = request->count;
    else
        report("write to %s", name);

    if (close(fd) == -1)
        report("close %s", name);
    return given;
}

int main(int argc, char *argv[])
{
    struct request request;

    expect_args(argc, argv, 1, 1, "PATH");
    const char *path = argv[1];
    int fd = open_requests(path);
    signal(SIGPIPE, SIG_IGN);

    /* STEP 3: hold a write end too, or clients that leave end it. */
    if (open(path, O_WRONLY) == -1)
        die("open %s for writing", path);

    printf("listening on %s\n", path);
    finish(); /* whoever waits for that line must get it now */

    for (long long next = 1;; next += answer(path, &request, next))
        next_request(fd, &request);
}
