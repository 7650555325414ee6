/* stdio at both ends of the pipe; stdout is unbuffered */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"

static void child(int fd[2], const char *message)
{
    signal(SIGPIPE, SIG_IGN);
    if (close(fd[0]) == -1)
        die("close the read end");
    FILE *out = fdopen(fd[1], "w");
    if (out == NULL)
        die("fdopen");
    if (fprintf(out, "%s", message) < 0 || fflush(out) == EOF)
        die("write to the pipe");
}

static int parent(int fd[2])
{
    char buffer[512];
    size_t count;
    int status;

    if (close(fd[1]) == -1)
        die("close the write end");
    setvbuf(stdout, NULL, _IONBF, 0);
    FILE *in = fdopen(fd[0], "r");
    if (in == NULL)
        die("fdopen");
    while ((count = fread(buffer, 1, sizeof buffer, in)) > 0)
        fwrite(buffer, 1, count, stdout);
    if (ferror(in))
        die("read from the pipe");
    puts("");
    pid_t pid = wait(&status);
    if (pid == -1)
        die("wait");
    if (WIFSIGNALED(status)) {
        printf("child %d was killed by signal %d\n", pid, WTERMSIG(status));
        finish();
        return EXIT_FAILURE;
    }
    printf("child %d exited with status %d\n", pid, WEXITSTATUS(status));
    finish();
    return WEXITSTATUS(status) != 0;
}

int main(int argc, char *argv[])
{
    int fd[2];

    expect_args(argc, argv, 1, 1, "MESSAGE");
    if (pipe(fd) == -1)
        die("pipe");
    switch (fork()) {
    case -1:
        die("fork");
    case 0:
        child(fd, argv[1]);
        _exit(EXIT_SUCCESS);
    default:
        return parent(fd);
    }
}
