/*
 * self - a pipe inside one process: what goes in comes out, in order
 *
 *     self --write()--> [ pipe ] --read()--> self
 *
 * Watch the size. Nobody reads while we write, so a message that does not
 * fit into the pipe would make write() wait for ever, and we know it before.
 *
 * See pipe(2), pipe(7), fcntl(2) F_GETPIPE_SZ.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "io.h"

int main(int argc, char *argv[])
{
    int fd[2];

    expect_args(argc, argv, 1, 1, "MESSAGE");

    const char *message = argv[1];
    size_t size = strlen(message);

    if (pipe(fd) == -1)
        die("pipe");

    int capacity = fcntl(fd[0], F_GETPIPE_SZ);
    if (capacity == -1)
        die("fcntl F_GETPIPE_SZ");
    if (size > (size_t)capacity)
        fail("MESSAGE has %zu bytes, the pipe holds only %d", size, capacity);

    if (write_all(fd[1], message, size) == -1)
        die("write to the pipe");
    if (close(fd[1]) == -1)
        die("close the write end");
    printf("sent %zu bytes\n", size);

    /* One byte more than was sent: were there more to read, it would show. */
    char *buffer = malloc(size + 1);
    if (buffer == NULL)
        die("malloc %zu", size + 1);
    ssize_t count = read_full(fd[0], buffer, size + 1);
    if (count == -1)
        die("read from the pipe");

    printf("received %zd bytes: ", count);
    fwrite(buffer, 1, count, stdout);
    putchar('\n');

    free(buffer);
    return finish();
}
