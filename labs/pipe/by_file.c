/*
 * by_file - the same message through a plain file, and why that is no channel
 *
 *     child --write()--> [ file ] <--read()-- parent
 *
 * Watch the first read(): nobody has written yet, and it does not wait. A
 * file cannot announce that more will come: its end is where it ends now.
 *
 * See read(2), open(2), mkstemp(3).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"
#include "io.h"
#include "pipe.h"

int main(int argc, char *argv[])
{
    static char buffer[1 << 22]; /* larger than any argument */
    char path[] = "/tmp/ipc-by_file-XXXXXX";

    expect_args(argc, argv, 1, 1, "MESSAGE");

    /* Open it twice, so that each side has a position of its own. */
    int out = mkstemp(path);
    if (out == -1)
        die("mkstemp %s", path);
    remove_at_exit(unlink, path, BY_SIGNAL);
    int in = open(path, O_RDONLY);
    if (in == -1)
        die("open %s", path);

    ssize_t count = read(in, buffer, sizeof buffer);
    if (count == -1)
        die("read from %s", path);
    printf("before the write: read() returned %zd, it did not wait\n", count);
    finish(); /* before fork(), or the child has a copy of this line */

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        if (write_all(out, argv[1], strlen(argv[1])) == -1)
            die("write to %s", path);
        _exit(EXIT_SUCCESS);
    }
    wait_for_children();

    if ((count = read_full(in, buffer, sizeof buffer)) == -1)
        die("read from %s", path);
    printf("after the write: read() returned %zd: %s\n", count, buffer);
    return finish();
}
