/* stdio at both ends of the pipe, character by character in the child */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"

int main(int argc, char *argv[])
{
    int fd[2], status;

    expect_args(argc, argv, 1, 1, "MESSAGE");
    if (pipe(fd) == -1)
        die("pipe");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        int c;

        if (close(fd[1]) == -1)
            die("close the write end");
        FILE *in = fdopen(fd[0], "r");
        if (in == NULL)
            die("fdopen");
        while ((c = getc(in)) != EOF)
            if (putchar(c) == EOF)
                die("write to stdout");
        if (ferror(in))
            die("read from the pipe");
        if (fflush(stdout) == EOF)
            die("write to stdout");
        _exit(EXIT_SUCCESS);
    }
    if (close(fd[0]) == -1)
        die("close the read end");
    signal(SIGPIPE, SIG_IGN);
    FILE *out = fdopen(fd[1], "w");
    if (out == NULL)
        die("fdopen");
    if (fputs(argv[1], out) == EOF || fclose(out) == EOF)
        die("write to the pipe");
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
