/*
 * self - a pipe inside one process: bytes come out in the order they went in
 *
 *     self --write()--> [ pipe ] --read()--> self
 *
 * Watch the size. Nobody reads while we write, so a message that does not
 * fit into the pipe would make write() wait for ever. We ask beforehand.
 *
 * See pipe(2), pipe(7), fcntl(2) F_GETPIPE_SZ.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "io.h"

enum { READ_END, WRITE_END };

int main(int argc, char *argv[])
{
    static char received[1 << 22]; /* larger than any argument */
    int fd[2];

    expect_args(argc, argv, 1, 1, "MESSAGE");
    size_t size = strlen(argv[1]);

    if (pipe(fd) == -1)
        die("pipe");
    int capacity = fcntl(fd[WRITE_END], F_GETPIPE_SZ);
    if (capacity == -1)
        die("fcntl F_GETPIPE_SZ");
    if (size > (size_t)capacity)
        fail("MESSAGE has %zu bytes, the pipe holds only %d", size, capacity);

    if (write_all(fd[WRITE_END], argv[1], size) == -1)
        die("write to the pipe");
    if (close(fd[WRITE_END]) == -1)
        die("close the write end");
    printf("sent %zu bytes\n", size);

    ssize_t count = read_full(fd[READ_END], received, sizeof received);
    if (count == -1)
        die("read from the pipe");
    printf("received %zd bytes: %s\n", count, received);
    return finish();
}
