/* all in main, with a buffer as large as a pipe; stdout is line-buffered */
#include <signal.h>
#include <stdio.h>
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
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (pipe(fd) == -1)
        die("pipe");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");

    if (pid == 0) {
        const char *next = argv[1], *end = next + strlen(next);

        if (close(fd[0]) == -1)
            die("close");
        signal(SIGPIPE, SIG_IGN);
        for (; next < end; next += n)
            if ((n = write(fd[1], next, end - next)) == -1)
                die("write to the pipe");
        _exit(0);
    }

    if (close(fd[1]) == -1)
        die("close");
    while ((n = read(fd[0], buffer, sizeof buffer)) != 0) {
        if (n == -1)
            die("read from the pipe");
        for (ssize_t i = 0; i < n; i++)
            if (putchar(buffer[i]) == EOF)
                die("write to stdout");
    }
    putchar('\n');
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    if (WIFEXITED(status))
        printf("child %d exited with status %d\n", pid, WEXITSTATUS(status));
    else
        printf("child %d was killed by signal %d\n", pid, WTERMSIG(status));
    finish();
    return status == 0 ? 0 : 1;
}
