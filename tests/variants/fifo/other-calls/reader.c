/* poll before each read, and writev */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"

int main(int argc, char *argv[])
{
    char buffer[3000];
    struct stat info;

    expect_args(argc, argv, 1, 1, "PATH");
    const char *path = argv[1];
    if (mkfifoat(AT_FDCWD, path, 0600) == 0)
        remove_at_exit(unlink, path, BY_SIGNAL);
    else if (errno != EEXIST)
        die("mkfifo %s", path);
    fprintf(stderr, "reader: waiting for a writer to %s\n", path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        die("open %s", path);
    if (fstat(fd, &info) == -1)
        die("fstat %s", path);
    if (!S_ISFIFO(info.st_mode))
        fail("%s: not a FIFO", path);

    for (;;) {
        struct pollfd in = { .fd = fd, .events = POLLIN };

        if (poll(&in, 1, -1) == -1) {
            if (errno == EINTR)
                continue;
            die("poll");
        }
        ssize_t count = read(fd, buffer, sizeof buffer);
        if (count == 0)
            return 0;
        if (count == -1)
            die("read from %s", path);
        struct iovec rest = { buffer, count };
        while (rest.iov_len > 0) {
            if ((count = writev(STDOUT_FILENO, &rest, 1)) == -1)
                die("write to stdout");
            rest.iov_base = (char *)rest.iov_base + count;
            rest.iov_len -= count;
        }
    }
}
