/*
 * two_way - two pipes make a coprocess: feed it, and read its answers
 *
 *     stdin --> two_way --> [ pipe ] --> CMD
 *                  |                      |
 *     stdout <-----+------- [ pipe ] <----+
 *
 * Watch poll(). Written naively (send everything, then read everything), two
 * big transfers block each other: each side waits in write() for the other
 * to read. So never wait on one side only.
 *
 * See poll(2), pipe2(2), pipe(7), open(2) O_CLOEXEC.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "pipe.h"

/* Copy stdin to the pipe TO, and the pipe FROM to stdout, until FROM ends. */
static void transfer(int to, int from)
{
    /* POLLOUT on a pipe promises room for PIPE_BUF bytes, not for more. */
    static char in[PIPE_BUF], out[65536];
    ssize_t got_in = 1, got_out = 1; /* 0 at end of file */
    enum { FROM, IN, TO };
    struct pollfd wait_for[] = {
        [FROM] = { .fd = from, .events = POLLIN },
        [IN] = { .fd = STDIN_FILENO, .events = POLLIN },
        [TO] = { .fd = -1, .events = POLLOUT }, /* -1: not now */
    };

    while (got_out > 0) {
        if (poll(wait_for, 3, -1) == -1)
            die("poll");

        if (wait_for[IN].revents) {
            if ((got_in = read(STDIN_FILENO, in, sizeof in)) == -1)
                die("read from stdin");
            wait_for[IN].fd = -1;
            if (got_in > 0)
                wait_for[TO].fd = to;
            else if (close(to) == -1) /* CMD sees end of file */
                die("close the write end");
        }
        if (wait_for[TO].revents) {
            if (write(to, in, got_in) != -1)
                wait_for[IN].fd = STDIN_FILENO;
            else if (errno != EPIPE) /* CMD may want no more, as head does */
                die("write to the pipe");
            wait_for[TO].fd = -1;
        }
        if (wait_for[FROM].revents) {
            if ((got_out = read(from, out, sizeof out)) == -1)
                die("read from the pipe");
            if (write_all(STDOUT_FILENO, out, got_out) == -1)
                die("write to stdout");
        }
    }
    if (got_in > 0 && close(to) == -1) /* or CMD may wait for more */
        die("close the write end");
}

int main(int argc, char *argv[])
{
    int to[2], from[2], status;

    expect_args(argc, argv, 1, INT_MAX, "CMD [ARG...]");

    /* Close-on-exec: CMD has copies of two ends, as 0 and 1, and no more. */
    if (pipe2(to, O_CLOEXEC) == -1 || pipe2(from, O_CLOEXEC) == -1)
        die("pipe");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        if (dup2(to[READ_END], STDIN_FILENO) == -1 ||
            dup2(from[WRITE_END], STDOUT_FILENO) == -1)
            die("dup2");
        execvp(argv[1], argv + 1);
        die("exec %s", argv[1]);
    }
    if (close(to[READ_END]) == -1 || close(from[WRITE_END]) == -1)
        die("close");

    signal(SIGPIPE, SIG_IGN); /* after fork(): CMD must not inherit this */
    transfer(to[WRITE_END], from[READ_END]);

    if (wait(&status) == -1)
        die("wait");
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
