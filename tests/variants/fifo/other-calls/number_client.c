/* select in place of poll, O_NONBLOCK taken back where it is not wanted */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "cleanup.h"
#include "err.h"
#include "fifo.h"

int main(int argc, char *argv[])
{
    struct request request = { MAGIC, getpid(), 0 };
    struct reply reply;
    struct stat info;
    char name[PATH_MAX];
    fd_set readable;

    expect_args(argc, argv, 2, 2, "PATH COUNT");
    const char *path = argv[1];
    request.count = number_arg(argv[2], "COUNT", 1, MAX_COUNT);
    reply_name(name, path, request.client);
    signal(SIGPIPE, SIG_IGN);

    if (mknod(name, S_IFIFO | 0600, 0) == -1)
        die("mknod %s", name);
    remove_at_exit(unlink, name, BY_SIGNAL);
    int in = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (in == -1)
        die("open %s", name);
    int out = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (out == -1)
        die("open %s", path);
    if (fstat(out, &info) == -1)
        die("fstat %s", path);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", path);

    /* From here on it waits for room. */
    if (fcntl(out, F_SETFL, 0) == -1)
        die("fcntl %s", path);
    if (write(out, &request, sizeof request) != sizeof request)
        die("write %s", path);

    /* A server that has gone shows as an error: select calls it readable. */
    FD_ZERO(&readable);
    FD_SET(in, &readable);
    FD_SET(out, &readable);
    if (select((in > out ? in : out) + 1, &readable, NULL, NULL, NULL) == -1)
        die("select");

    ssize_t count = read(in, &reply, sizeof reply);
    if (count == -1 && errno != EAGAIN)
        die("read from %s", name);
    if (count != sizeof reply)
        fail("%s ended without a reply", path);
    for (int i = 0; i < request.count; i++)
        printf("%lld\n", reply.first++);
    return finish();
}
