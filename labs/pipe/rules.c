/*
 * rules - what a pipe is not: break each rule, and see the kernel object
 *
 *     no position:  lseek() fails
 *     one-way:      using an end the wrong way round fails
 *     no name:      a process that has not inherited it cannot name it
 *
 * Watch the child. It was forked before pipe(); the number that it is sent is
 * a descriptor of its parent, and means nothing to it.
 *
 * See pipe(7), fork(2), errno(3).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "pipe.h"

static void show(const char *call, long result, int error)
{
    must_fail(call, result, error);
    printf("%s: %s (%s)\n", call, strerror(error),
           error == ESPIPE ? "ESPIPE" : "EBADF");
}

int main(int argc, char *argv[])
{
    int fd[2], numbers[2], number;

    expect_args(argc, argv, 0, 0, "");
    if (pipe(numbers) == -1)
        die("pipe");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        if (close(numbers[WRITE_END]) == -1)
            die("close the write end");
        if (read(numbers[READ_END], &number, sizeof number) != sizeof number)
            die("read the number");
        show("fcntl in a process forked before", fcntl(number, F_GETFD), EBADF);
        _exit(finish());
    }

    if (pipe(fd) == -1)
        die("pipe");
    show("lseek on a pipe", lseek(fd[READ_END], 0, SEEK_SET), ESPIPE);
    show("write to the read end", write(fd[READ_END], "x", 1), EBADF);
    show("read from the write end", read(fd[WRITE_END], &number, 1), EBADF);
    finish(); /* before the child prints its line */

    if (write(numbers[WRITE_END], &fd[READ_END], sizeof number) == -1)
        die("write the number");
    wait_for_children();
    return EXIT_SUCCESS;
}
