/* mknod in place of mkfifo, splice in place of read and write where it can */
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

static int meet(const char *path)
{
    if (mknod(path, S_IFIFO | S_IRUSR | S_IWUSR, 0) == 0)
        remove_at_exit(unlink, path, BY_SIGNAL);
    else if (errno != EEXIST)
        die("mknod %s", path);
    fprintf(stderr, "writer: waiting for a reader of %s\n", path);
    int fd = openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
    if (fd == -1)
        die("openat %s", path);
    return fd;
}

int main(int argc, char *argv[])
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct stat info;
    char buffer[5000];
    ssize_t count;

    expect_args(argc, argv, 1, 1, "PATH");
    int fd = meet(argv[1]);
    if (fstat(fd, &info) == -1)
        die("fstat %s", argv[1]);
    if ((info.st_mode & S_IFMT) != S_IFIFO)
        fail("%s: not a FIFO", argv[1]);
    if (sigaction(SIGPIPE, &ignore, NULL) == -1)
        die("sigaction");

    while ((count = splice(STDIN_FILENO, NULL, fd, NULL, 65536, 0)) > 0)
        ;
    if (count == -1 && errno != EINVAL)
        die("write %s", argv[1]);
    if (count == 0)
        return 0;

    while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) != 0) {
        if (count == -1)
            die("read standard input");
        for (ssize_t done = 0, n; done < count; done += n)
            if ((n = write(fd, buffer + done, count - done)) == -1)
                die("write %s", argv[1]);
    }
    return 0;
}
