/* requests and replies by fread and fwrite; step 3 is an open with O_RDWR */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"
#include "fifo.h"

static FILE *open_requests(const char *path)
{
    if (mkfifo(path, 0600) == -1)
        die("mkfifo %s", path);
    remove_at_exit(unlink, path, EXIT_SUCCESS);
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    if (fd == -1)
        die("open %s", path);
    if (open(path, O_RDWR) == -1)
        die("open %s for writing", path);
    if (fcntl(fd, F_SETFL, 0) == -1)
        die("fcntl %s", path);
    FILE *file = fdopen(fd, "r");
    if (file == NULL)
        die("fdopen %s", path);
    return file;
}

static void next_request(FILE *file, struct request *request)
{
    char *bytes = (char *)request;
    size_t have = 0;

    for (;;) {
        have += fread(bytes + have, 1, sizeof *request - have, file);
        if (have < sizeof *request)
            die("read a request");
        if (is_valid(request))
            return;
        memmove(bytes, bytes + 1, --have);
    }
}

static int answer(const char *path, struct request *request, long long first)
{
    struct reply reply = { first };
    char name[PATH_MAX];
    int fd, given = request->count;

    reply_name(name, path, request->client);
    if ((fd = open(name, O_WRONLY | O_NONBLOCK)) == -1) {
        report("open %s", name);
        return 0;
    }
    FILE *file = fdopen(fd, "w");
    if (file == NULL) {
        report("fdopen %s", name);
        close(fd);
        return 0;
    }
    if (fwrite(&reply, sizeof reply, 1, file) != 1 || fflush(file) == EOF) {
        report("write to %s", name);
        given = 0;
    }
    fclose(file);
    return given;
}

int main(int argc, char *argv[])
{
    struct request request;

    expect_args(argc, argv, 1, 1, "PATH");
    FILE *requests = open_requests(argv[1]);
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("listening on %s\n", argv[1]);
    finish();
    for (long long next = 1;; next += answer(argv[1], &request, next))
        next_request(requests, &request);
}
