/*
 * pipeline - what a shell does for: ls | sort | wc -l
 *
 *     CMD --> [ pipe ] --> CMD --> [ pipe ] --> CMD
 *
 * Watch who holds what. A stage sees end of file only when every copy of the
 * write end before it is closed. exec closes the commands' copies, since they
 * are marked close-on-exec; the parent must close its own.
 *
 * See pipe2(2), dup2(2), execvp(3), wait(2), open(2) O_CLOEXEC.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"

enum { READ_END, WRITE_END };

static const char synopsis[] = "CMD [ARG...] ['|' CMD [ARG...]]...";

/* Return the index of the "|" after the command at I, or argc. */
static int end_of_command(char *argv[], int i)
{
    while (argv[i] != NULL && strcmp(argv[i], "|") != 0)
        i++;
    return i;
}

int main(int argc, char *argv[])
{
    int in = STDIN_FILENO; /* what the next stage reads */
    pid_t pid = -1;        /* the stage that was started last */

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    for (int i = 1; i <= argc; i = end_of_command(argv, i) + 1)
        if (end_of_command(argv, i) == i)
            usage(synopsis);

    for (int i = 1, end; i < argc; i = end + 1) {
        end = end_of_command(argv, i);
        argv[end] = NULL; /* as exec wants it */
        int is_last = end == argc;

        /* STEP 1: a pipe to the next stage, if there is one. Close-on-exec:
           a command must have no descriptors of ours except 0, 1 and 2. */
        int out[2] = { -1, -1 };
        if (!is_last && pipe2(out, O_CLOEXEC) == -1)
            die("pipe");

        /* STEP 2: fork. All stages run at the same time. */
        pid = fork();
        if (pid == -1)
            die("fork");

        if (pid == 0) {
            /* STEP 3: standard input is the pipe before this stage. */
            if (in != STDIN_FILENO && dup2(in, STDIN_FILENO) == -1)
                die("dup2 to standard input");

            /* STEP 4: standard output is the pipe after this stage. */
            if (!is_last && dup2(out[WRITE_END], STDOUT_FILENO) == -1)
                die("dup2 to standard output");

            /* STEP 5: become the command. If that fails, report it; the exit
               status is 127 if it was not found, otherwise 126. */
            execvp(argv[i], argv + i);
            int code = errno == ENOENT ? 127 : 126;
            report("exec %s", argv[i]);

            _exit(code);
        }

        /* STEP 6: the parent keeps only what the next stage will read. */
        if (in != STDIN_FILENO && close(in) == -1)
            die("close the read end");
        if (!is_last && close(out[WRITE_END]) == -1)
            die("close the write end");

        in = out[READ_END];
    }

    /* STEP 7: wait for all stages. Our exit status is that of the last one,
       or 128 + N if signal N killed it. */
    int status, result = 0;
    pid_t ended;
    while ((ended = wait(&status)) != -1)
        if (ended == pid)
            result = WIFEXITED(status) ? WEXITSTATUS(status)
                                       : 128 + WTERMSIG(status);
    if (errno != ECHILD)
        die("wait");

    return result;
}
