/*
 * writer - copy standard input into a FIFO, for whoever reads it
 *
 *     stdin --> writer --write()--> [ FIFO: PATH ] --> reader
 *
 * Watch open(): it waits until the other end is opened too. Only then is
 * there a pipe; the name in the file system is just the place to meet.
 *
 * See fifo(7), mkfifo(3), open(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"
#include "io.h"

int main(int argc, char *argv[])
{
    static char buffer[65536];
    struct stat info = { 0 };
    ssize_t count = 0;
    int fd = -1;

    expect_args(argc, argv, 1, 1, "PATH");
    const char *path = argv[1];

    /* A reader that just left may have removed the name between two steps. */
    for (int tries = 0; fd == -1 && tries < 100; tries++) {
        /* STEP 1: make the FIFO. It is no error if it is there already. */
        if (mkfifo(path, 0600) == 0)
            remove_at_exit(unlink, path, BY_SIGNAL);
        else if (errno != EEXIST)
            die("mkfifo %s", path);

        if (tries == 0)
            fprintf(stderr, "writer: waiting for a reader of %s\n", path);

        /* STEP 2: open it for writing. This waits for a reader. */
        if ((fd = open(path, O_WRONLY)) == -1 && errno != ENOENT)
            die("open %s", path);
    }
    if (fd == -1)
        die("open %s", path);
    keep_at_exit(); /* the reader removes it */

    /* STEP 3: what was opened may be something else. Then leave it alone. */
    if (fstat(fd, &info) == -1)
        die("fstat %s", path);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", path);

    /* STEP 4: if the reader goes away, write() shall fail, not kill us. */
    signal(SIGPIPE, SIG_IGN);

    /* STEP 5: copy standard input into the FIFO until end of file. */
    while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
        if (write_all(fd, buffer, count) == -1)
            die("write to %s", path);
    if (count == -1)
        die("read from stdin");

    return EXIT_SUCCESS;
}
