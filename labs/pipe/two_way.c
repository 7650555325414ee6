/*
 * two_way - two pipes make a coprocess: we feed it and read its answers
 *
 *     stdin --> two_way --> [ pipe ] --> CMD
 *                  |                      |
 *     stdout <-----+------- [ pipe ] <----+
 *
 * Watch poll(). Written naively (send all, then read all) two big transfers
 * stop each other: we wait in write() for CMD to read, and CMD waits in its
 * own write() for us to read. So: never block on one side only.
 *
 * See poll(2), pipe(7), fcntl(2) O_NONBLOCK.
 */
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

enum { READ_END, WRITE_END };

static _Noreturn void become(char *argv[], int to_child[2], int from_child[2])
{
    if (dup2(to_child[READ_END], STDIN_FILENO) == -1 ||
        dup2(from_child[WRITE_END], STDOUT_FILENO) == -1)
        die("dup2");
    for (int i = 0; i < 2; i++)
        if (close(to_child[i]) == -1 || close(from_child[i]) == -1)
            die("close");
    execvp(argv[0], argv);
    die("exec %s", argv[0]);
}

/* Copy stdin to the descriptor TO, and FROM to stdout, until FROM ends. */
static void transfer(int to, int from)
{
    static char in[65536], out[65536];
    ssize_t pending = 0, next = 0, count = 1;
    enum { FROM, TO, IN };

    while (count > 0) {
        /* poll() ignores negative descriptors: wait only for what can go on */
        struct pollfd wait_for[] = {
            [FROM] = { .fd = from, .events = POLLIN },
            [TO] = { .fd = pending > 0 ? to : -1, .events = POLLOUT },
            [IN] = { .fd = to != -1 && pending == 0 ? STDIN_FILENO : -1,
                     .events = POLLIN },
        };

        if (poll(wait_for, 3, -1) == -1)
            die("poll");

        if (wait_for[IN].revents) {
            if ((pending = read(STDIN_FILENO, in, sizeof in)) == -1)
                die("read from stdin");
            next = 0;
            if (pending == 0 && close(to) == -1) /* CMD sees end of file */
                die("close the write end");
            if (pending == 0)
                to = -1;
        }
        if (wait_for[TO].revents) {
            ssize_t n = write(to, in + next, pending);

            if (n == -1 && errno == EPIPE) { /* CMD wants no more, as head */
                close(to);
                to = -1;
                pending = 0;
            } else if (n == -1 && errno != EAGAIN) {
                die("write to the pipe");
            } else if (n > 0) {
                next += n;
                pending -= n;
            }
        }
        if (wait_for[FROM].revents) {
            if ((count = read(from, out, sizeof out)) == -1)
                die("read from the pipe");
            if (write_all(STDOUT_FILENO, out, count) == -1)
                die("write to stdout");
        }
    }
}

int main(int argc, char *argv[])
{
    int to_child[2], from_child[2], status;
    pid_t pid;

    expect_args(argc, argv, 1, INT_MAX, "CMD [ARG...]");
    if (pipe(to_child) == -1 || pipe(from_child) == -1)
        die("pipe");
    if ((pid = fork()) == -1)
        die("fork");
    if (pid == 0)
        become(argv + 1, to_child, from_child);
    if (close(to_child[READ_END]) == -1 || close(from_child[WRITE_END]) == -1)
        die("close");

    /* write() shall fail where CMD is gone, and be short where it is slow. */
    signal(SIGPIPE, SIG_IGN);
    if (fcntl(to_child[WRITE_END], F_SETFL, O_NONBLOCK) == -1)
        die("fcntl O_NONBLOCK");

    transfer(to_child[WRITE_END], from_child[READ_END]);

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid %ld", (long)pid);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
