/*
 * atomic - several writers on one pipe: is a record ever torn apart?
 *
 *     child A: AAAA --+
 *     child B: BBBB --+--> [ pipe ] --> parent: AAAABBBBAAAA or AABBBBAA?
 *
 * Watch the size: up to PIPE_BUF bytes, write() waits for room for all of them.
 * Of more, it writes what fits, and another writer's bytes may come between.
 *
 * See pipe(7), "PIPE_BUF".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "io.h"
#include "pipe.h"

int main(int argc, char *argv[])
{
    static char record[262144];
    ssize_t count, records = 0, torn = 0;
    int fd[2];

    expect_args(argc, argv, 2, 2, "WRITERS BYTES");
    long writers = number_arg(argv[1], "WRITERS", 1, 26);
    size_t bytes = number_arg(argv[2], "BYTES", 1, sizeof record);

    if (pipe(fd) == -1)
        die("pipe");
    for (int i = 0; i < writers; i++) {
        pid_t pid = fork();
        if (pid == -1)
            die("fork");
        if (pid == 0) {
            if (close(fd[READ_END]) == -1)
                die("close the read end");
            memset(record, 'A' + i, bytes);
            for (int j = 0; j < 100; j++)
                if (write(fd[WRITE_END], record, bytes) == -1)
                    die("write to the pipe");
            _exit(EXIT_SUCCESS);
        }
    }
    if (close(fd[WRITE_END]) == -1)
        die("close the write end");

    for (; (count = read_full(fd[READ_END], record, bytes)) > 0; records++)
        torn += memcmp(record, record + 1, count - 1) != 0; /* two letters */
    if (count == -1)
        die("read from the pipe");

    wait_for_children();
    printf("%ld writers, %zd records of %zu bytes: %zd torn\n", writers,
           records, bytes, torn);
    return finish();
}
