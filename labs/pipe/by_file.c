/*
 * by_file - the same message through a plain file, and why that is no channel
 *
 *     child --write()--> [ file ] <--read()-- parent
 *
 * Watch the first read(): nobody has written yet, and it does not wait. A
 * file cannot say "more will come": its end is where it ends now.
 *
 * See read(2), open(2), mkstemp(3).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"
#include "io.h"

static _Noreturn void writer(int fd, const char *message)
{
    if (write_all(fd, message, strlen(message)) == -1)
        die("write to the file");
    _exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    char path[] = "/tmp/ipc-by_file-XXXXXX";
    int status;

    expect_args(argc, argv, 1, 1, "MESSAGE");

    /* Two opens, so that each side has a position of its own. */
    int out = mkstemp(path);
    if (out == -1)
        die("mkstemp %s", path);
    remove_at_exit(unlink, path, BY_SIGNAL);
    int in = open(path, O_RDONLY);
    if (in == -1)
        die("open %s", path);

    size_t size = strlen(argv[1]);
    char *buffer = malloc(size + 1);
    if (buffer == NULL)
        die("malloc %zu", size + 1);

    ssize_t count = read(in, buffer, size + 1);
    if (count == -1)
        die("read from the file");
    printf("before the write: read() returned %zd, it did not wait\n", count);
    fflush(stdout); /* or the child has a copy of what is buffered */

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        writer(out, argv[1]);
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid %ld", (long)pid);
    if (status != 0)
        fail("the child failed");

    if ((count = read_full(in, buffer, size + 1)) == -1)
        die("read from the file");
    printf("after the write: read() returned %zd: ", count);
    fwrite(buffer, 1, count, stdout);
    putchar('\n');

    free(buffer);
    return finish();
}
