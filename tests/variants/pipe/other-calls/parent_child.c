/* pipe2, writev, dup2, waitid; the parent waits in poll(), not in write() */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"

static _Noreturn void child(int fd[2])
{
    char buffer[4096];
    ssize_t count;

    if (dup2(fd[0], STDIN_FILENO) == -1)
        die("dup2");
    if (close(fd[0]) == -1 || close(fd[1]) == -1)
        die("close the pipe");
    for (;;) {
        if ((count = read(STDIN_FILENO, buffer, sizeof buffer)) == 0)
            break;
        if (count == -1 && errno == EINTR)
            continue;
        if (count == -1)
            die("read from the pipe");
        for (ssize_t done = 0; done < count;) {
            struct iovec rest = { buffer + done, count - done };
            ssize_t n = writev(STDOUT_FILENO, &rest, 1);

            if (n == -1 && errno == EINTR)
                continue;
            if (n == -1)
                die("write to stdout");
            done += n;
        }
    }
    _exit(EXIT_SUCCESS);
}

static int parent(int fd[2], pid_t pid, const char *message)
{
    struct pollfd ready = { .fd = fd[1], .events = POLLOUT };
    size_t left = strlen(message);
    siginfo_t info;

    if (close(fd[0]) == -1)
        die("close the read end");
    signal(SIGPIPE, SIG_IGN);
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
    if (close(fd[1]) == -1)
        die("close the write end");
    if (waitid(P_PID, pid, &info, WEXITED) == -1)
        die("waitid");
    return info.si_code == CLD_EXITED && info.si_status == 0 ? EXIT_SUCCESS
                                                             : EXIT_FAILURE;
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
        child(fd);
    return parent(fd, pid, argv[1]);
}
