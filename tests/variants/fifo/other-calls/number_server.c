/* O_RDWR in place of a second open, poll before each read, other messages */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"
#include "fifo.h"
#include "io.h"

static int open_requests(const char *path)
{
    if (mknod(path, S_IFIFO | 0600, 0) == -1)
        die("mknod %s", path);
    remove_at_exit(unlink, path, EXIT_SUCCESS);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd == -1)
        die("open %s", path);
    return fd;
}

static void next_request(int fd, struct request *request)
{
    char *bytes = (char *)request;
    size_t have = 0;

    for (;;) {
        struct pollfd in = { .fd = fd, .events = POLLIN };

        if (poll(&in, 1, -1) == -1)
            die("poll");
        ssize_t count = read(fd, bytes + have, sizeof *request - have);
        if (count == -1)
            die("read a request");
        have += count;
        if (have < sizeof *request)
            continue;
        if (is_valid(request))
            return;
        memmove(bytes, bytes + 1, --have);
    }
}

static int answer(const char *path, struct request *request, long long first)
{
    struct reply reply = { first };
    struct iovec all = { &reply, sizeof reply };
    char name[PATH_MAX];

    reply_name(name, path, request->client);
    int fd = open(name, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd == -1) {
        report("open %s", name);
        return 0;
    }
    ssize_t count = writev(fd, &all, 1);
    if (count == -1)
        report("writev %s", name);
    if (close(fd) == -1)
        report("close %s", name);
    return count == sizeof reply ? request->count : 0;
}

int main(int argc, char *argv[])
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct request request;
    long long next = 1;

    expect_args(argc, argv, 1, 1, "PATH");
    int fd = open_requests(argv[1]);
    if (sigaction(SIGPIPE, &ignore, NULL) == -1)
        die("sigaction");
    if (dprintf(STDOUT_FILENO, "listening on %s\n", argv[1]) < 0)
        die("write to stdout");
    for (;;) {
        next_request(fd, &request);
        next += answer(argv[1], &request, next);
    }
}
