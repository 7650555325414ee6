/* all in main; explicit close() calls instead of close-on-exec */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"

static const char synopsis[] = "CMD [ARG...] ['|' CMD [ARG...]]...";

int main(int argc, char *argv[])
{
    pid_t pid = -1, ended;
    int before = 0, result = 0, status;
    bool word = false;

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    for (int i = 1; i <= argc; i++) {
        bool end = i == argc || strcmp(argv[i], "|") == 0;

        if (end && !word)
            usage(synopsis);
        word = !end;
    }

    for (int i = 1, start; i < argc; i++) {
        int fd[2] = { 0, 1 };

        for (start = i; i < argc && strcmp(argv[i], "|") != 0;)
            i++;
        bool last = i == argc;
        if (!last && pipe(fd) == -1)
            die("pipe");
        argv[i] = NULL;
        if ((pid = fork()) == -1)
            die("fork");
        if (pid == 0) {
            if (before != 0) {
                if (dup2(before, 0) == -1)
                    die("dup2");
                close(before);
            }
            if (!last) {
                if (dup2(fd[1], 1) == -1)
                    die("dup2");
                close(fd[0]);
                close(fd[1]);
            }
            execvp(argv[start], argv + start);
            status = errno == ENOENT ? 127 : 126;
            report("exec %s", argv[start]);
            _exit(status);
        }
        if (before != 0)
            close(before);
        if (!last)
            close(fd[1]);
        before = fd[0];
    }

    do {
        if ((ended = waitpid(-1, &status, 0)) == -1)
            break;
        if (ended != pid)
            continue;
        if (WIFSIGNALED(status))
            result = 128 + WTERMSIG(status);
        else
            result = WEXITSTATUS(status);
    } while (ended > 0);
    if (errno != ECHILD)
        die("waitpid");
    return result;
}
