/* everything in main except the handlers, no io.h or cleanup.h; small buffer */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"

static const char *mine;

static void remove_mine(void)
{
    unlink(mine);
}

static void end(int number)
{
    if (mine != NULL)
        unlink(mine);
    raise(number); /* SA_RESETHAND: now it kills us */
}

int main(int argc, char *argv[])
{
    struct sigaction stop = { .sa_handler = end,
                              .sa_flags = SA_RESTART | SA_RESETHAND };
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct stat info;
    char buffer[1024];
    ssize_t n, m;

    expect_args(argc, argv, 1, 1, "PATH");
    if (sigaction(SIGINT, &stop, NULL) == -1 ||
        sigaction(SIGTERM, &stop, NULL) == -1 ||
        sigaction(SIGPIPE, &ignore, NULL) == -1)
        die("sigaction");

    if (mkfifo(argv[1], 0600) == 0) {
        mine = argv[1];
        atexit(remove_mine);
    } else if (errno != EEXIST)
        die("mkfifo %s", argv[1]);
    fprintf(stderr, "writer: waiting for a reader of %s\n", argv[1]);
    int fd = open(argv[1], O_WRONLY);
    if (fd == -1)
        die("open %s", argv[1]);
    if (fstat(fd, &info) == -1)
        die("fstat %s", argv[1]);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", argv[1]);

    while ((n = read(0, buffer, sizeof buffer)) != 0) {
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            die("read from stdin");
        for (char *next = buffer; n > 0; next += m, n -= m)
            if ((m = write(fd, next, n)) == -1) {
                if (errno != EINTR)
                    die("write to %s", argv[1]);
                m = 0;
            }
    }
    if (close(fd) == -1)
        die("close %s", argv[1]);
    return 0;
}
