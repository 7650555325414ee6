/* everything in main except the handler, no io.h or cleanup.h; reads many
   requests at once */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "fifo.h"

static const char *path;

static void end(int number)
{
    (void)number;
    unlink(path);
    _exit(0);
}

int main(int argc, char *argv[])
{
    struct sigaction stop = { .sa_handler = end, .sa_flags = SA_RESTART };
    struct request request;
    char buffer[4096], name[PATH_MAX];
    size_t have = 0, used;
    long long next = 1;

    expect_args(argc, argv, 1, 1, "PATH");
    path = argv[1];
    if (mkfifo(path, 0600) == -1)
        die("mkfifo %s", path);
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    if (fd == -1)
        die("open %s", path);
    if (sigaction(SIGINT, &stop, NULL) == -1 ||
        sigaction(SIGTERM, &stop, NULL) == -1 ||
        signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        die("sigaction");
    if (open(path, O_WRONLY) == -1)
        die("open %s for writing", path);
    if (fcntl(fd, F_SETFL, 0) == -1)
        die("fcntl %s", path);
    printf("listening on %s\n", path);
    if (fflush(stdout) == EOF) {
        unlink(path);
        die("write to stdout");
    }

    for (;;) {
        ssize_t count = read(fd, buffer + have, sizeof buffer - have);

        if (count == -1 && errno == EINTR)
            continue;
        if (count <= 0)
            die("read a request");
        have += count;
        for (used = 0; have - used >= sizeof request;) {
            memcpy(&request, buffer + used, sizeof request);
            if (!is_valid(&request)) {
                used++;
                continue;
            }
            used += sizeof request;
            reply_name(name, path, request.client);
            int out = open(name, O_WRONLY | O_NONBLOCK);
            if (out == -1) {
                report("open %s", name);
                continue;
            }
            struct reply reply = { next };
            if (write(out, &reply, sizeof reply) == -1)
                report("write to %s", name);
            else
                next += request.count;
            close(out);
        }
        have -= used;
        memmove(buffer, buffer + used, have);
    }
}
