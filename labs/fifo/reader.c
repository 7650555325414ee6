/*
 * reader - copy what comes through a FIFO to standard output
 *
 *     writer --> [ FIFO: PATH ] --read()--> reader --> stdout
 *
 * Watch the name: it is needed to meet and for nothing else. The reader
 * removes it at once, and the bytes flow on.
 *
 * See fifo(7), mkfifo(3), open(2), unlink(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
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

    /* Another reader may have removed the name between the two steps. */
    for (int tries = 0; fd == -1 && tries < 100; tries++) {
        /* STEP 1: make the FIFO. It is no error if it is there already. */
        if (mkfifo(path, 0600) == 0)
            remove_at_exit(unlink, path, BY_SIGNAL);
        else if (errno != EEXIST)
            die("mkfifo %s", path);

        if (tries == 0)
            fprintf(stderr, "reader: waiting for a writer to %s\n", path);

        /* STEP 2: open it for reading. This waits for a writer. */
        if ((fd = open(path, O_RDONLY)) == -1 && errno != ENOENT)
            die("open %s", path);
    }
    if (fd == -1)
        die("open %s", path);
    keep_at_exit(); /* step 4 removes it */

    /* STEP 3: what was opened may be something else. Then leave it alone. */
    if (fstat(fd, &info) == -1)
        die("fstat %s", path);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", path);

    /* STEP 4: we have met: remove the name, nobody else shall join us. */
    if (unlink(path) == -1 && errno != ENOENT)
        die("unlink %s", path);

    /* STEP 5: copy the FIFO to standard output until end of file. */
    while ((count = read(fd, buffer, sizeof buffer)) > 0)
        if (write_all(STDOUT_FILENO, buffer, count) == -1)
            die("write to stdout");
    if (count == -1)
        die("read from %s", path);

    return EXIT_SUCCESS;
}
