/*
 * capacity - a pipe is a finite buffer: fill it and count
 *
 *     capacity --write()--> [ pipe: 65536 bytes ]   nobody reads
 *
 * Watch O_NONBLOCK: without it, the write() that finds the pipe full would
 * wait for a reader that does not exist. Watch the size of a write, too: the
 * buffer is made of pages, and odd sizes leave the end of a page unused.
 *
 * See pipe(7), fcntl(2) F_SETPIPE_SZ, fpathconf(3).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "args.h"
#include "err.h"

enum { READ_END, WRITE_END };

int main(int argc, char *argv[])
{
    static const char block[PIPE_BUF];
    ssize_t count;

    expect_args(argc, argv, 0, 1, "[BYTES]");
    long bytes = argc == 2 ? number_arg(argv[1], "BYTES", 1, INT_MAX) : 0;

    /* STEP 1: create a pipe. */
    int fd[2];
    if (pipe(fd) == -1)
        die("pipe");

    /* STEP 2: if BYTES is given, set the pipe's size. The kernel rounds up. */
    if (bytes > 0 && fcntl(fd[WRITE_END], F_SETPIPE_SZ, (int)bytes) == -1)
        die("fcntl F_SETPIPE_SZ %ld", bytes);

    /* STEP 3: make write() fail, not wait, when the pipe is full. */
    if (fcntl(fd[WRITE_END], F_SETFL, O_NONBLOCK) == -1)
        die("fcntl O_NONBLOCK");

    /* STEP 4: write until there is no more room, and count the bytes. */
    long capacity = 0;
    while ((count = write(fd[WRITE_END], block, sizeof block)) > 0)
        capacity += count;
    if (errno != EAGAIN)
        die("write to the pipe");

    /* STEP 5: ask up to how many bytes a write() is never torn apart. */
    long atomic = fpathconf(fd[WRITE_END], _PC_PIPE_BUF);
    if (atomic == -1)
        die("fpathconf _PC_PIPE_BUF");

    printf("capacity %ld bytes\n", capacity);
    printf("PIPE_BUF %ld bytes\n", atomic);
    return finish();
}
