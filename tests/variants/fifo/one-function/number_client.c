/* everything in main except the handlers, without io.h and cleanup.h; ppoll */
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
#include "err.h"
#include "fifo.h"

static char name[PATH_MAX];

static void remove_name(void)
{
    unlink(name);
}

static void end(int number)
{
    unlink(name);
    raise(number); /* SA_RESETHAND: now it kills us */
}

int main(int argc, char *argv[])
{
    struct sigaction stop = { .sa_handler = end, .sa_flags = SA_RESETHAND };
    struct stat info;

    expect_args(argc, argv, 2, 2, "PATH COUNT");
    int count = number_arg(argv[2], "COUNT", 1, MAX_COUNT);
    reply_name(name, argv[1], getpid());

    if (mkfifo(name, 0600) == -1)
        die("mkfifo %s", name);
    if (atexit(remove_name) != 0)
        fail("atexit");
    if (sigaction(SIGINT, &stop, NULL) == -1 ||
        sigaction(SIGTERM, &stop, NULL) == -1 ||
        signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        die("sigaction");
    int in = open(name, O_RDONLY | O_NONBLOCK);
    if (in == -1)
        die("open %s", name);

    int out = open(argv[1], O_WRONLY | O_NONBLOCK);
    if (out == -1)
        die("open %s", argv[1]);
    if (fstat(out, &info) == -1)
        die("fstat %s", argv[1]);
    if (!S_ISFIFO(info.st_mode))
        fail("%s is not a FIFO", argv[1]);
    struct request request = { MAGIC, getpid(), count };
    if (write(out, &request, sizeof request) == -1)
        die("write to %s", argv[1]);

    struct reply reply;
    struct pollfd both[2] = { { .fd = in, .events = POLLIN }, { .fd = out } };
    while (ppoll(both, 2, NULL, NULL) == -1)
        if (errno != EINTR)
            die("ppoll");
    ssize_t n = read(in, &reply, sizeof reply);
    if (n == -1 && errno != EAGAIN)
        die("read from %s", name);
    if (n < (ssize_t)sizeof reply)
        fail("no reply from %s", argv[1]);
    for (long long i = reply.first; i < reply.first + count; i++)
        printf("%lld\n", i);
    if (fclose(stdout) == EOF)
        die("write to stdout");
    return 0;
}
