/*
 * atomic - several writers on one pipe: is a record ever torn apart?
 *
 *     child A: AAAA --+
 *     child B: BBBB --+--> [ pipe ] --> parent: AAAABBBBAAAA or AABBBBAA?
 *     child C: CCCC --+
 *
 * Watch the size: up to PIPE_BUF bytes one write() is atomic, and blocks
 * until there is room for all of it. Beyond, the kernel takes what fits, and
 * another writer may come between.
 *
 * See pipe(7), "PIPE_BUF".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "io.h"

enum { READ_END, WRITE_END };
enum { RECORDS = 100, MAX_WRITERS = 26, MAX_BYTES = 262144 };

static char record[MAX_BYTES];

/* Write RECORDS records of BYTES times LETTER, each by one write(). */
static _Noreturn void writer(int fd[2], int letter, size_t bytes)
{
    if (close(fd[READ_END]) == -1)
        die("close the read end");
    memset(record, letter, bytes);
    for (int i = 0; i < RECORDS; i++)
        if (write_all(fd[WRITE_END], record, bytes) == -1)
            die("write to the pipe");
    _exit(EXIT_SUCCESS);
}

/* Is any byte of the record another than its first? */
static int is_torn(size_t bytes)
{
    return memcmp(record, record + 1, bytes - 1) != 0;
}

int main(int argc, char *argv[])
{
    int fd[2], status, failed = 0;
    long records = 0, torn = 0;
    ssize_t count;

    expect_args(argc, argv, 2, 2, "WRITERS BYTES");
    long writers = number_arg(argv[1], "WRITERS", 1, MAX_WRITERS);
    size_t bytes = number_arg(argv[2], "BYTES", 1, MAX_BYTES);

    if (pipe(fd) == -1)
        die("pipe");
    for (int i = 0; i < writers; i++) {
        pid_t pid = fork();

        if (pid == -1)
            die("fork");
        if (pid == 0)
            writer(fd, 'A' + i, bytes);
    }
    if (close(fd[WRITE_END]) == -1)
        die("close the write end");

    while ((count = read_full(fd[READ_END], record, bytes)) > 0) {
        records++;
        torn += is_torn(count);
    }
    if (count == -1)
        die("read from the pipe");

    for (int i = 0; i < writers; i++) {
        if (wait(&status) == -1)
            die("wait");
        failed |= status != 0;
    }
    if (failed)
        fail("a writer failed");

    printf("%ld writers, %ld records of %zu bytes: %ld torn\n", writers,
           records, bytes, torn);
    return finish();
}
