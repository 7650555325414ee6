/*
 * barrier - end of file as a signal: all children are ready
 *
 *     child --+
 *     child --+--> [ pipe ] --> parent
 *     child --+
 *
 * Watch that nobody writes a byte. The parent's read() waits as long as any
 * child has a write end, and returns 0 once the last one has closed its own.
 *
 * See pipe(7).
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "pipe.h"

int main(int argc, char *argv[])
{
    int fd[2];
    char c;

    expect_args(argc, argv, 1, 1, "CHILDREN");
    long children = number_arg(argv[1], "CHILDREN", 1, 1000);

    if (pipe(fd) == -1)
        die("pipe");
    for (int i = 0; i < children; i++) {
        pid_t pid = fork();
        if (pid == -1)
            die("fork");
        if (pid == 0) {
            /* ... here a child would prepare its work ... */
            printf("child %ld: ready\n", (long)getpid());
            finish();
            if (close(fd[WRITE_END]) == -1)
                die("close the write end");
            /* ... and here it would do it ... */
            _exit(EXIT_SUCCESS);
        }
    }

    if (close(fd[WRITE_END]) == -1)
        die("close the write end");
    if (read(fd[READ_END], &c, 1) == -1)
        die("read from the pipe");
    printf("parent %ld: go\n", (long)getpid());

    wait_for_children();
    return finish();
}
