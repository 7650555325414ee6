/* all in main; buffer as large as a pipe; loops instead of write_all() */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"

int main(int argc, char *argv[])
{
    static char buffer[65536];
    int fd[2], status;
    ssize_t n;

    expect_args(argc, argv, 1, 1, "MESSAGE");
    if (pipe(fd) == -1)
        die("pipe");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");

    if (pid == 0) {
        if (close(fd[1]) == -1)
            die("close");
        while ((n = read(fd[0], buffer, sizeof buffer)) != 0) {
            char *next = buffer;

            if (n == -1)
                die("read from the pipe");
            while (n > 0) {
                ssize_t m = write(1, next, n);

                if (m == -1)
                    die("write to stdout");
                next += m;
                n -= m;
            }
        }
        _exit(0);
    }

    struct sigaction ignore = { .sa_handler = SIG_IGN };
    if (sigaction(SIGPIPE, &ignore, NULL) == -1)
        die("sigaction");
    if (close(fd[0]) == -1)
        die("close");
    size_t left = strlen(argv[1]);
    for (char *next = argv[1]; left > 0; next += n, left -= n)
        if ((n = write(fd[1], next, left)) == -1) {
            if (errno != EINTR)
                die("write to the pipe");
            n = 0;
        }
    if (close(fd[1]) == -1)
        die("close");
    while (waitpid(pid, &status, 0) == -1)
        if (errno != EINTR)
            die("waitpid");
    return status != 0;
}
