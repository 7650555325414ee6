/* all in main but the handler, without io.h and cleanup.h; a small buffer */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"

static const char *mine;

static void remove_mine(int number)
{
    if (mine != NULL)
        unlink(mine);
    raise(number); /* SA_RESETHAND: now it ends us */
}

int main(int argc, char *argv[])
{
    struct sigaction end = { .sa_handler = remove_mine,
                             .sa_flags = SA_RESTART | SA_RESETHAND };
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct stat info;
    char buffer[1024];
    int fd = -1, tries = 0;
    ssize_t n, m;

    expect_args(argc, argv, 1, 1, "PATH");
    if (sigaction(SIGINT, &end, NULL) == -1 ||
        sigaction(SIGTERM, &end, NULL) == -1 ||
        sigaction(SIGPIPE, &ignore, NULL) == -1)
        die("sigaction");

    do {
        if (mkfifo(argv[1], 0600) == 0)
            mine = argv[1];
        else if (errno != EEXIST)
            die("mkfifo %s", argv[1]);
        if (tries == 0)
            fprintf(stderr, "writer: waiting for a reader of %s\n", argv[1]);
        fd = open(argv[1], O_WRONLY);
    } while (fd == -1 && errno == ENOENT && ++tries < 100);
    if (fd == -1)
        die("open %s", argv[1]);
    mine = NULL;
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
