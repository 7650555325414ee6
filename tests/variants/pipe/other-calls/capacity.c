/* pipe2(O_NONBLOCK), 16 bytes at a time; poll confirms that the pipe is full */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "args.h"
#include "err.h"

int main(int argc, char *argv[])
{
    int fd[2];
    long bytes = 0, capacity = 0;

    expect_args(argc, argv, 0, 1, "[BYTES]");
    if (argc == 2)
        bytes = number_arg(argv[1], "BYTES", 1, INT_MAX);
    if (pipe2(fd, O_NONBLOCK | O_CLOEXEC) == -1)
        die("pipe");
    if (bytes != 0 && fcntl(fd[0], F_SETPIPE_SZ, (int)bytes) == -1)
        die("fcntl F_SETPIPE_SZ %ld", bytes);
    for (;;) {
        ssize_t count = write(fd[1], "0123456789abcdef", 16);

        if (count == -1 && errno == EAGAIN)
            break;
        if (count == -1)
            die("write to the pipe");
        capacity += count;
    }
    struct pollfd room = { .fd = fd[1], .events = POLLOUT };
    if (poll(&room, 1, 0) != 0)
        fail("poll finds room in a full pipe");
    long atomic = fpathconf(fd[0], _PC_PIPE_BUF);
    if (atomic == -1)
        die("fpathconf _PC_PIPE_BUF");
    if (dprintf(STDOUT_FILENO, "capacity %ld bytes\nPIPE_BUF %ld bytes\n",
                capacity, atomic) < 0)
        die("write to stdout");
    return 0;
}
