/* pipe2, readv and waitpid; output without stdio; the child waits in poll */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"

static _Noreturn void child(int fd[2], const char *message)
{
    struct pollfd ready = { .fd = fd[1], .events = POLLOUT };
    size_t left = strlen(message);

    signal(SIGPIPE, SIG_IGN);
    if (close(fd[0]) == -1)
        die("close the read end");
    if (fcntl(fd[1], F_SETFL, O_NONBLOCK) == -1)
        die("fcntl O_NONBLOCK");
    while (left > 0) {
        if (poll(&ready, 1, -1) == -1 && errno != EINTR)
            die("poll");
        ssize_t n = write(fd[1], message, left);
        if (n == -1 && errno != EAGAIN && errno != EINTR)
            die("write to the pipe");
        if (n > 0) {
            message += n;
            left -= n;
        }
    }
    _exit(EXIT_SUCCESS);
}

static int parent(int fd[2], pid_t pid)
{
    char first[100], second[1000], line[100];
    struct iovec parts[] = { { first, sizeof first },
                             { second, sizeof second } };
    ssize_t count;
    int status;

    if (close(fd[1]) == -1)
        die("close the write end");
    while ((count = readv(fd[0], parts, 2)) > 0) {
        size_t n = count, of_first = n < sizeof first ? n : sizeof first;

        if (write_all(STDOUT_FILENO, first, of_first) == -1 ||
            write_all(STDOUT_FILENO, second, n - of_first) == -1)
            die("write to stdout");
    }
    if (count == -1)
        die("readv from the pipe");
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    if (WIFSIGNALED(status))
        snprintf(line, sizeof line, "\nchild %d was killed by signal %d\n",
                 pid, WTERMSIG(status));
    else
        snprintf(line, sizeof line, "\nchild %d exited with status %d\n", pid,
                 WEXITSTATUS(status));
    if (write_all(STDOUT_FILENO, line, strlen(line)) == -1)
        die("write to stdout");
    return status != 0;
}

int main(int argc, char *argv[])
{
    int fd[2];

    expect_args(argc, argv, 1, 1, "MESSAGE");
    if (pipe2(fd, O_CLOEXEC) == -1)
        die("pipe");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        child(fd, argv[1]);
    return parent(fd, pid);
}
