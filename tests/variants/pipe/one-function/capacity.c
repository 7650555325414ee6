/* all in main; a large write is cut to the room that is left */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "args.h"
#include "err.h"

int main(int argc, char *argv[])
{
    static char block[1 << 20];
    int fd[2];
    long sum = 0, n;

    expect_args(argc, argv, 0, 1, "[BYTES]");
    if (pipe(fd) == -1)
        die("pipe");
    if (argc == 2) {
        n = number_arg(argv[1], "BYTES", 1, INT_MAX);
        if (fcntl(fd[1], F_SETPIPE_SZ, (int)n) == -1)
            die("fcntl F_SETPIPE_SZ %ld", n);
    }
    if (fcntl(fd[1], F_SETFL, O_NONBLOCK) == -1)
        die("fcntl O_NONBLOCK");
    while ((n = write(fd[1], block, sizeof block)) != -1)
        sum += n;
    if (errno != EAGAIN)
        die("write to the pipe");
    n = fpathconf(fd[0], _PC_PIPE_BUF);
    printf("capacity %ld bytes\nPIPE_BUF %ld bytes\n", sum, n);
    return finish();
}
