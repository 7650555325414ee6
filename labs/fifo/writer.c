/*
 * writer - copy standard input into a FIFO
 *
 *     stdin --> writer --write()--> [ FIFO: PATH ] --> reader
 *
 * Watch open(): it waits until a reader has opened the other end.
 *
 * See fifo(7), mkfifo(3), open(2), unlink(2).
 */
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
    ssize_t count;

    expect_args(argc, argv, 1, 1, "PATH");
    const char *path = argv[1];

    /* STEP 1: make the FIFO, unless it exists. Its maker removes it. */
    if (mkfifo(path, 0600) == 0)
        remove_at_exit(unlink, path, BY_SIGNAL);
    else if (errno != EEXIST)
        die("mkfifo %s", path);

    fprintf(stderr, "writer: waiting for a reader of %s\n", path);

    /* STEP 2: open it for writing. This waits until a reader opens it too. */
    int fd = open(path, O_WRONLY);
    if (fd == -1)
        die("open %s", path);

    /* STEP 3: PATH may already exist as something else. If so, leave it. */
    if (fstat(fd, &info) == -1)
        die("fstat %s", path);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", path);

    /* STEP 4: if the reader dies, make write() fail instead of killing us. */
    signal(SIGPIPE, SIG_IGN);

    /* STEP 5: copy standard input into the FIFO until end of file. */
    while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
        if (write_all(fd, buffer, count) == -1)
            die("write to %s", path);
    if (count == -1)
        die("read from stdin");

    return EXIT_SUCCESS;
}
