/* fdopen and fwrite, flushed after each part */
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

int main(int argc, char *argv[])
{
    static char buffer[20000];
    struct stat info;
    ssize_t count;

    expect_args(argc, argv, 1, 1, "PATH");
    if (mkfifo(argv[1], 0600) == 0)
        remove_at_exit(unlink, argv[1], BY_SIGNAL);
    else if (errno != EEXIST)
        die("mkfifo %s", argv[1]);
    fprintf(stderr, "writer: waiting for a reader of %s\n", argv[1]);
    int fd = open(argv[1], O_WRONLY);
    if (fd == -1)
        die("open %s", argv[1]);
    if (fstat(fd, &info) == -1)
        die("fstat %s", argv[1]);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", argv[1]);

    signal(SIGPIPE, SIG_IGN);
    FILE *out = fdopen(fd, "w");
    if (out == NULL)
        die("fdopen %s", argv[1]);
    while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
        if (fwrite(buffer, 1, count, out) != (size_t)count ||
            fflush(out) == EOF)
            die("write to %s", argv[1]);
    if (count == -1)
        die("read from stdin");
    if (fclose(out) == EOF)
        die("write to %s", argv[1]);
    return EXIT_SUCCESS;
}
