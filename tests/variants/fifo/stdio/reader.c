/* stdout by stdio, without a buffer */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"

static int meet(const char *path)
{
    if (mkfifo(path, S_IRUSR | S_IWUSR) == 0)
        remove_at_exit(unlink, path, BY_SIGNAL);
    else if (errno != EEXIST)
        die("mkfifo %s", path);
    fprintf(stderr, "reader: waiting for a writer to %s\n", path);
    int fd = open(path, O_RDONLY);
    if (fd == -1)
        die("open %s", path);
    return fd;
}

static void check(int fd, const char *path)
{
    struct stat info;

    if (fstat(fd, &info) == -1)
        die("fstat %s", path);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", path);
}

int main(int argc, char *argv[])
{
    char buffer[BUFSIZ];
    ssize_t count;

    expect_args(argc, argv, 1, 1, "PATH");
    int fd = meet(argv[1]);
    check(fd, argv[1]);
    setvbuf(stdout, NULL, _IONBF, 0);
    while ((count = read(fd, buffer, sizeof buffer)) > 0)
        if (fwrite(buffer, count, 1, stdout) != 1)
            die("write to stdout");
    if (count == -1)
        die("read from %s", argv[1]);
    return finish();
}
