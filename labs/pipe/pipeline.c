/*
 * pipeline - what a shell does for: ls | sort | wc -l
 *
 *     CMD --> [ pipe ] --> CMD --> [ pipe ] --> CMD
 *
 * Watch who holds what: a command sees end of file only when every copy of
 * the write end before it is closed, and the parent holds copies of all.
 *
 * See pipe(2), dup2(2), execvp(3), waitpid(2).
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"

enum { READ_END, WRITE_END };

static const char synopsis[] = "CMD [ARG...] ['|' CMD [ARG...]]...";

/* Run ARGV with IN as its input and OUT[1], if there is one, as its output. */
static _Noreturn void stage(char *argv[], int in, int out[2])
{
    /* STEP 3: standard input comes from the pipe before this stage. */
    if (in != STDIN_FILENO) {
        if (dup2(in, STDIN_FILENO) == -1)
            die("dup2 to standard input");
        if (close(in) == -1)
            die("close the read end");
    }

    /* STEP 4: standard output goes into the pipe after this stage. */
    if (out[WRITE_END] != -1) {
        if (dup2(out[WRITE_END], STDOUT_FILENO) == -1)
            die("dup2 to standard output");
        if (close(out[WRITE_END]) == -1 || close(out[READ_END]) == -1)
            die("close the pipe");
    }

    /* STEP 5: become the command. This returns only if it cannot. */
    execvp(argv[0], argv);

    int status = errno == ENOENT ? 127 : 126;
    report("exec %s", argv[0]);
    _exit(status);
}

static int is_end(const char *word)
{
    return word == NULL || strcmp(word, "|") == 0;
}

/* End the command at ARGV; return the one after its "|", or NULL. */
static char **cut(char *argv[])
{
    while (!is_end(*argv))
        argv++;
    if (*argv == NULL)
        return NULL;
    *argv++ = NULL;
    return argv;
}

/* Return the status of the child LAST, in the way that shells do. */
static int wait_for_all(pid_t last)
{
    int status = 0, last_status = EXIT_SUCCESS;
    pid_t pid = -1;

    /* STEP 7: wait for all stages. The last one's status is ours. */
    while ((pid = wait(&status)) != -1)
        if (pid == last)
            last_status = WIFEXITED(status) ? WEXITSTATUS(status)
                                            : 128 + WTERMSIG(status);
    if (errno != ECHILD)
        die("wait");

    return last_status;
}

int main(int argc, char *argv[])
{
    pid_t pid = -1;
    int in = STDIN_FILENO;

    expect_args(argc, argv, 1, INT_MAX, synopsis);
    for (int i = 1; i <= argc; i++)
        if (is_end(argv[i]) && (i == 1 || is_end(argv[i - 1])))
            usage(synopsis);

    for (char **command = argv + 1, **next; command != NULL; command = next) {
        int out[2] = { -1, -1 };

        next = cut(command);

        /* STEP 1: a pipe between this stage and the next, if there is one. */
        if (next != NULL && pipe(out) == -1)
            die("pipe");

        /* STEP 2: one child per stage. */
        if ((pid = fork()) == -1)
            die("fork");

        if (pid == 0)
            stage(command, in, out);

        /* STEP 6: the parent keeps only what the next stage shall read. */
        if (in != STDIN_FILENO && close(in) == -1)
            die("close the read end");
        if (next != NULL && close(out[WRITE_END]) == -1)
            die("close the write end");

        in = out[READ_END];
    }
    return wait_for_all(pid);
}
