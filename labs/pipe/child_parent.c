/*
 * child_parent - a child sends a message to its parent through a pipe
 *
 *     stdout <-- parent <--read()-- [ pipe ] <--write()-- child
 *
 * Watch the parent: it holds a write end too, since it made the pipe. As long
 * as it does not close that one, its own read() never returns 0.
 *
 * See pipe(2), pipe(7), fork(2), wait(2).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"

enum { READ_END, WRITE_END };

/* A buffer this small makes the parent call read() several times. */
enum { BUFFER_SIZE = 10 };

static _Noreturn void child(int fd[2], const char *message)
{
    /* If the parent is gone, write() shall fail, not kill us. */
    signal(SIGPIPE, SIG_IGN);

    /* STEP 3: the child only writes. Close the end it does not use. */
    if (close(fd[READ_END]) == -1)
        die("close the read end");

    /* STEP 4: send the message. */
    if (write_all(fd[WRITE_END], message, strlen(message)) == -1)
        die("write to the pipe");

    _exit(EXIT_SUCCESS);
}

static int parent(int fd[2])
{
    char buffer[BUFFER_SIZE];
    ssize_t count = 0;
    int status = 0;
    pid_t pid = -1;

    /* STEP 5: the parent only reads. Close the end it does not use. */
    if (close(fd[WRITE_END]) == -1)
        die("close the write end");

    /* STEP 6: print all that comes until end of file, then a newline. */
    while ((count = read(fd[READ_END], buffer, sizeof buffer)) > 0)
        fwrite(buffer, 1, count, stdout);
    if (count == -1)
        die("read from the pipe");
    putchar('\n');

    /* STEP 7: wait for the child, and say how it ended. */
    if ((pid = wait(&status)) == -1)
        die("wait");
    if (WIFEXITED(status))
        printf("child %ld exited with status %d\n", (long)pid,
               WEXITSTATUS(status));
    else
        printf("child %ld was killed by signal %d\n", (long)pid,
               WTERMSIG(status));

    finish();
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char *argv[])
{
    int fd[2] = { -1, -1 };
    pid_t pid = -1;

    expect_args(argc, argv, 1, 1, "MESSAGE");

    /* STEP 1: create the pipe before the fork, so that both have it. */
    if (pipe(fd) == -1)
        die("pipe");

    /* STEP 2: fork. From here on, two processes run this code. */
    if ((pid = fork()) == -1)
        die("fork");

    if (pid == 0)
        child(fd, argv[1]);
    return parent(fd);
}
