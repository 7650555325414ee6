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

/* A buffer this small makes the child call read() several times. */
enum { BUFFER_SIZE = 10 };

static _Noreturn void child(int fd[2])
{
    char buffer[BUFFER_SIZE];
    ssize_t count = 0;

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

static int parent(int fd[2], const char *message)
{
    int status = 0;

    /* STEP 5: the parent only writes. Close the end it does not use. */
    if (close(fd[READ_END]) == -1)
        die("close the read end");

    /* If the child is gone, write() shall fail, not kill us. */
    signal(SIGPIPE, SIG_IGN);

    /* STEP 6: send the message, then close: the child sees end of file. */
    if (write_all(fd[WRITE_END], message, strlen(message)) == -1)
        die("write to the pipe");
    if (close(fd[WRITE_END]) == -1)
        die("close the write end");

    /* STEP 7: wait for the child, or it stays behind as a zombie. */
    if (wait(&status) == -1)
        die("wait");

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
        child(fd);
    return parent(fd, argv[1]);
}
