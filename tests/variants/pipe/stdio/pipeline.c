/* posix_spawn instead of fork, dup2 and exec */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"

extern char **environ;

static const char synopsis[] = "CMD [ARG...] ['|' CMD [ARG...]]...";

static int is_end(const char *word)
{
    return word == NULL || strcmp(word, "|") == 0;
}

/* Return its pid; or -1, with the exit status of a shell in STATUS. */
static pid_t start(char *argv[], int in, int out, int *status)
{
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int error = posix_spawn_file_actions_init(&actions);

    if (error == 0 && in != -1)
        error = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    if (error == 0 && out != -1)
        error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (error != 0) {
        errno = error;
        die("posix_spawn_file_actions");
    }
    error = posix_spawnp(&pid, *argv, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error == 0)
        return pid;
    errno = error;
    report("exec %s", *argv);
    *status = error == ENOENT ? 127 : 126;
    return -1;
}

int main(int argc, char *argv[])
{
    int in = -1, result = 0, status;
    pid_t pid, last = -1;

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    for (int i = 1; i <= argc; i++)
        if (is_end(argv[i]) && (i == 1 || is_end(argv[i - 1])))
            usage(synopsis);

    for (char **command = argv + 1; command != NULL;) {
        char **next = command;
        int fd[2] = { -1, -1 };

        while (!is_end(*next))
            next++;
        if (*next != NULL && pipe2(fd, O_CLOEXEC) == -1)
            die("pipe");
        next = *next == NULL ? NULL : next;
        if (next != NULL)
            *next++ = NULL;
        last = start(command, in, fd[1], &result);
        if (in != -1 && close(in) == -1)
            die("close the read end");
        if (fd[1] != -1 && close(fd[1]) == -1)
            die("close the write end");
        in = fd[0];
        command = next;
    }
    while ((pid = waitpid(-1, &status, 0)) > 0)
        if (pid == last)
            result = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
                                         : WEXITSTATUS(status);
    if (errno != ECHILD)
        die("waitpid");
    return result;
}
