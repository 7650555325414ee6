/*
 * barrier - end of file as a signal: all children are ready
 *
 *     child --+
 *     child --+--> [ pipe ] --> parent
 *     child --+
 *
 * Watch that nobody writes a byte. The parent's read() waits as long as any
 * child holds a write end, and returns 0 when the last has closed its own.
 *
 * See pipe(7).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "err.h"

enum { READ_END, WRITE_END };

static _Noreturn void child(int fd[2])
{
    if (close(fd[READ_END]) == -1)
        die("close the read end");

    /* ... here a child would prepare its work ... */
    printf("child %ld: ready\n", (long)getpid());
    finish(); /* or say why it could not be said */

    if (close(fd[WRITE_END]) == -1)
        die("close the write end");
    _exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    int fd[2], status, failed = 0;
    char c;

    expect_args(argc, argv, 1, 1, "CHILDREN");
    long children = number_arg(argv[1], "CHILDREN", 1, 1000);

    setvbuf(stdout, NULL, _IOLBF, 0); /* what is said is seen at once */
    if (pipe(fd) == -1)
        die("pipe");
    for (int i = 0; i < children; i++) {
        pid_t pid = fork();

        if (pid == -1)
            die("fork");
        if (pid == 0)
            child(fd);
    }
    if (close(fd[WRITE_END]) == -1)
        die("close the write end");

    ssize_t count = read(fd[READ_END], &c, 1);
    if (count == -1)
        die("read from the pipe");
    if (count > 0)
        fail("read() returned a byte that nobody wrote");
    printf("parent %ld: go\n", (long)getpid());

    for (int i = 0; i < children; i++) {
        if (wait(&status) == -1)
            die("wait");
        failed |= status != 0;
    }
    if (failed)
        fail("a child failed before it was ready");
    return finish();
}
