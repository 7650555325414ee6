/*
 * parent_child - a parent sends a message to its child through a pipe
 *
 *     parent --write()--> [ pipe ] --read()--> child --> stdout
 *
 * Watch the child's loop: it ends when read() returns 0, and that happens
 * only once every copy of the write end is closed, the child's own included.
 *
 * See pipe(2), pipe(7), fork(2), wait(2).
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"

enum { READ_END, WRITE_END };

int main(int argc, char *argv[])
{
    char buffer[10]; /* small, so that the child has to read several times */
    ssize_t count;
    int status = 0;

    expect_args(argc, argv, 1, 1, "MESSAGE");

    /* STEP 1: create the pipe before the fork, so that both have it. */
    int fd[2];
    if (pipe(fd) == -1)
        die("pipe");

    /* STEP 2: fork. From here on, two processes run this code. */
    pid_t pid = fork();
    if (pid == -1)
        die("fork");

    if (pid == 0) {
        /* STEP 3: the child only reads. Close the end it does not use. */
        if (close(fd[WRITE_END]) == -1)
            die("close the write end");

        /* STEP 4: copy the pipe to standard output until end of file. */
        while ((count = read(fd[READ_END], buffer, sizeof buffer)) > 0)
            if (write_all(STDOUT_FILENO, buffer, count) == -1)
                die("write to stdout");
        if (count == -1)
            die("read from the pipe");

        _exit(EXIT_SUCCESS);
    }

    /* STEP 5: the parent only writes. Close the end it does not use. */
    if (close(fd[READ_END]) == -1)
        die("close the read end");

    /* If the child dies early, make write() fail instead of killing us. */
    signal(SIGPIPE, SIG_IGN);

    /* STEP 6: send the message, then close: the child sees end of file. */
    if (write_all(fd[WRITE_END], argv[1], strlen(argv[1])) == -1)
        die("write to the pipe");
    if (close(fd[WRITE_END]) == -1)
        die("close the write end");

    /* STEP 7: wait for the child, so that it does not remain a zombie. */
    if (wait(&status) == -1)
        die("wait");

    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
