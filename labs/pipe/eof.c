/*
 * eof - how a pipe ends, seen from its reader and from its writer
 *
 *     writer --write()--> [ pipe ] --read()--> reader
 *
 *     a write end is open, even if forgotten:  read() waits
 *     no write end is open any more:           read() returns 0
 *     no read end is open any more:            write() raises SIGPIPE, or fails
 *
 * Watch the forgotten copy: this process has it itself, just like a child that
 * did not close the end that it does not use.
 *
 * See pipe2(2), pipe(7), dup(2), signal(7).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "pipe.h"

int main(int argc, char *argv[])
{
    int fd[2], status;
    char c;

    expect_args(argc, argv, 0, 0, "");

    /* O_NONBLOCK: a read() that would wait for ever fails instead. */
    if (pipe2(fd, O_NONBLOCK) == -1)
        die("pipe");
    int forgotten = dup(fd[WRITE_END]);
    if (forgotten == -1)
        die("dup");
    if (close(fd[WRITE_END]) == -1)
        die("close the write end");
    must_fail("read", read(fd[READ_END], &c, 1), EAGAIN);
    printf("write end forgotten: read() would wait for ever (EAGAIN)\n");

    if (close(forgotten) == -1)
        die("close the write end");
    ssize_t count = read(fd[READ_END], &c, 1);
    if (count == -1)
        die("read from the pipe");
    printf("last write end closed: read() returned %zd\n", count);
    finish(); /* before fork(), or the child has a copy of these lines */

    if (pipe(fd) == -1)
        die("pipe");
    if (close(fd[READ_END]) == -1)
        die("close the read end");
    pid_t pid = fork(); /* the signal kills, so a child writes */
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        signal(SIGPIPE, SIG_DFL); /* whoever started us may ignore it */
        if (write(fd[WRITE_END], "x", 1) == -1)
            die("write to the pipe");
        _exit(EXIT_SUCCESS);
    }
    if (wait(&status) == -1)
        die("wait");
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGPIPE)
        fail("write() without a reader did not raise SIGPIPE");
    printf("last read end closed: write() killed its process (SIGPIPE)\n");

    signal(SIGPIPE, SIG_IGN);
    must_fail("write", write(fd[WRITE_END], "x", 1), EPIPE);
    printf("the same, SIGPIPE ignored: write() failed (EPIPE)\n");
    return finish();
}
