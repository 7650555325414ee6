/*
 * nonblock - what O_NONBLOCK does to a FIFO, at open() and at read()
 *
 *     nonblock --> [ FIFO: PATH ] --> nonblock
 *
 * Watch the two results of read() on an empty FIFO: EAGAIN while there is a
 * writer, since more bytes may arrive, and 0 if there is none.
 *
 * See fifo(7), open(2) O_NONBLOCK.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"

/* Print the RESULT of a call. ENXIO and EAGAIN are expected here, too. */
static void show(const char *what, long result)
{
    if (result != -1)
        printf("%s: %ld\n", what, result);
    else if (errno == ENXIO || errno == EAGAIN)
        printf("%s: -1, %s\n", what, errno == ENXIO ? "ENXIO" : "EAGAIN");
    else
        die("%s", what);
}

int main(int argc, char *argv[])
{
    char c;

    expect_args(argc, argv, 1, 1, "PATH");
    const char *path = argv[1];
    if (mkfifo(path, 0600) == -1)
        die("mkfifo %s", path);
    remove_at_exit(unlink, path, BY_SIGNAL);

    int out = open(path, O_WRONLY | O_NONBLOCK);
    show("open for writing, nobody reads", out);

    int in = open(path, O_RDONLY | O_NONBLOCK);
    show("open for reading, nobody writes", in);
    show("read, nobody writes", read(in, &c, 1));

    out = open(path, O_WRONLY | O_NONBLOCK);
    show("open for writing, somebody reads", out);
    show("read, nothing written yet", read(in, &c, 1));
    show("write one byte", write(out, "x", 1));
    show("read, one byte written", read(in, &c, 1));

    if (close(out) == -1)
        die("close %s", path);
    show("read, the writer has closed", read(in, &c, 1));
    return finish();
}
