/*
 * eof - how a pipe ends, seen from its reader and from its writer
 *
 *     writer --write()--> [ pipe ] --read()--> reader
 *
 *     no write end is open any more:  read() returns 0
 *     one is, even if forgotten:      read() waits
 *     no read end is open any more:   write() raises SIGPIPE, or fails
 *
 * Watch act 2: the process itself holds the write end that keeps it waiting.
 *
 * See pipe(7), signal(7).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"

enum { READ_END, WRITE_END };

static void last_writer_closes(int fd[2])
{
    char c;

    if (close(fd[WRITE_END]) == -1)
        die("close the write end");
    ssize_t count = read(fd[READ_END], &c, 1);
    if (count == -1)
        die("read from the pipe");
    printf("last write end closed: read() returned %zd\n", count);
}

static void write_end_forgotten(int fd[2])
{
    char c;

    /* A blocking read() would never return, so ask not to be kept waiting. */
    if (fcntl(fd[READ_END], F_SETFL, O_NONBLOCK) == -1)
        die("fcntl O_NONBLOCK");
    ssize_t count = read(fd[READ_END], &c, 1);
    if (count != -1)
        fail("read() with a write end open returned %zd", count);
    if (errno != EAGAIN)
        die("read from the pipe");
    printf("write end forgotten: read() would wait for ever (EAGAIN)\n");
}

static void last_reader_closes(int fd[2])
{
    int status;

    if (close(fd[READ_END]) == -1)
        die("close the read end");
    fflush(stdout); /* or the child has a copy of what is buffered */

    pid_t pid = fork(); /* a child writes, since the signal kills */
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        signal(SIGPIPE, SIG_DFL); /* whoever started us may ignore it */
        if (write(fd[WRITE_END], "x", 1) == -1)
            die("write to the pipe");
        _exit(EXIT_SUCCESS);
    }
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid %ld", (long)pid);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGPIPE)
        fail("write() without a reader did not raise SIGPIPE");
    printf("last read end closed: write() killed its process (SIGPIPE)\n");
}

static void sigpipe_ignored(int fd[2])
{
    if (close(fd[READ_END]) == -1)
        die("close the read end");
    signal(SIGPIPE, SIG_IGN);
    ssize_t count = write(fd[WRITE_END], "x", 1);
    if (count != -1)
        fail("write() without a reader returned %zd", count);
    if (errno != EPIPE)
        die("write to the pipe");
    printf("the same, SIGPIPE ignored: write() failed (EPIPE)\n");
}

int main(int argc, char *argv[])
{
    void (*act[])(int[2]) = { last_writer_closes, write_end_forgotten,
                              last_reader_closes, sigpipe_ignored };

    expect_args(argc, argv, 0, 0, "");
    for (int i = 0; i < 4; i++) {
        int fd[2];

        if (pipe(fd) == -1) /* a new one for each act */
            die("pipe");
        act[i](fd);
    }
    return finish();
}
