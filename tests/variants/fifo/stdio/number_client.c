/* the request by fwrite, the reply by fread */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "cleanup.h"
#include "err.h"
#include "fifo.h"

static FILE *file_of(int fd, const char *mode, const char *name)
{
    FILE *file = fd == -1 ? NULL : fdopen(fd, mode);

    if (file == NULL)
        die("open %s", name);
    return file;
}

int main(int argc, char *argv[])
{
    struct request request = { MAGIC, getpid(), 0 };
    struct reply reply;
    struct stat info;
    char name[PATH_MAX];

    expect_args(argc, argv, 2, 2, "PATH COUNT");
    const char *path = argv[1];
    request.count = number_arg(argv[2], "COUNT", 1, MAX_COUNT);
    reply_name(name, path, request.client);
    signal(SIGPIPE, SIG_IGN);

    if (mkfifo(name, 0600) == -1)
        die("mkfifo %s", name);
    remove_at_exit(unlink, name, BY_SIGNAL);
    FILE *in = file_of(open(name, O_RDONLY | O_NONBLOCK), "r", name);
    FILE *out = file_of(open(path, O_WRONLY | O_NONBLOCK), "w", path);
    if (fstat(fileno(out), &info) == -1)
        die("fstat %s", path);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", path);
    if (fwrite(&request, sizeof request, 1, out) != 1 || fflush(out) == EOF)
        die("write to %s", path);

    struct pollfd either[] = { { fileno(in), POLLIN, 0 },
                               { fileno(out), 0, 0 } };
    while (poll(either, 2, -1) == -1)
        if (errno != EINTR)
            die("poll");
    if (fread(&reply, sizeof reply, 1, in) != 1) {
        if (ferror(in) && errno != EAGAIN)
            die("read from %s", name);
        fail("%s ended without a reply", path);
    }
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    for (int i = 0; i < request.count; i++)
        if (printf("%lld\n", reply.first + i) < 0)
            die("write to stdout");
    if (fclose(stdout) == EOF)
        die("write to stdout");
    return EXIT_SUCCESS;
}
