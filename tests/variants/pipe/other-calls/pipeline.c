/* dup3; the stages are waited for one by one, in their order, with waitid */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"

static const char synopsis[] = "CMD [ARG...] ['|' CMD [ARG...]]...";

static int is_end(const char *word)
{
    return word == NULL || strcmp(word, "|") == 0;
}

static pid_t start(char *argv[], int in, int out)
{
    pid_t pid = fork();

    if (pid == -1)
        die("fork");
    if (pid > 0)
        return pid;
    if (in != -1 && dup3(in, STDIN_FILENO, 0) == -1)
        die("dup3 to standard input");
    if (out != -1 && dup3(out, STDOUT_FILENO, 0) == -1)
        die("dup3 to standard output");
    execvp(*argv, argv);
    int reason = errno;
    report("exec %s", *argv);
    _exit(reason == ENOENT ? 127 : 126);
}

int main(int argc, char *argv[])
{
    int in = -1, stages = 0;
    siginfo_t info = { 0 };

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    for (int i = 1; i <= argc; i++)
        if (is_end(argv[i]) && (i == 1 || is_end(argv[i - 1])))
            usage(synopsis);
    pid_t *pid = calloc(argc, sizeof *pid);
    if (pid == NULL)
        die("calloc");

    for (int first = 1, i = 1; i <= argc; i++) {
        int fd[2] = { -1, -1 };

        if (!is_end(argv[i]))
            continue;
        if (i < argc && pipe2(fd, O_CLOEXEC) == -1)
            die("pipe");
        argv[i] = NULL;
        pid[stages++] = start(argv + first, in, fd[1]);
        if ((in != -1 && close(in) == -1) || (i < argc && close(fd[1]) == -1))
            die("close");
        in = fd[0];
        first = i + 1;
    }
    for (int i = 0; i < stages; i++)
        if (waitid(P_PID, pid[i], &info, WEXITED) == -1)
            die("waitid");
    free(pid);
    return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}
