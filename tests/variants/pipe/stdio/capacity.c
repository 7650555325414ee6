/* whole pages; output with puts, fputs and printf */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "err.h"

static void fill(int fd, size_t size, long *sum)
{
    char *page = calloc(1, size);
    ssize_t n;

    if (page == NULL)
        die("calloc");
    do
        if ((n = write(fd, page, size)) > 0)
            *sum += n;
    while (n > 0 || errno == EINTR);
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        die("write to the pipe");
    free(page);
}

int main(int argc, char *argv[])
{
    int fd[2];
    long sum = 0;

    expect_args(argc, argv, 0, 1, "[BYTES]");
    long bytes = argc == 2 ? number_arg(argv[1], "BYTES", 1, INT_MAX) : 0;
    if (pipe(fd) != 0)
        die("pipe");
    int flags = fcntl(fd[1], F_GETFL);
    if (flags == -1 || fcntl(fd[1], F_SETFL, flags | O_NONBLOCK) == -1)
        die("fcntl O_NONBLOCK");
    if (bytes && fcntl(fd[1], F_SETPIPE_SZ, (int)bytes) == -1)
        die("fcntl F_SETPIPE_SZ %ld", bytes);
    fill(fd[1], sysconf(_SC_PAGESIZE), &sum);
    fputs("capacity ", stdout);
    printf("%ld", sum);
    puts(" bytes");
    printf("PIPE_BUF %d bytes\n", PIPE_BUF);
    if (fclose(stdout) == EOF)
        die("write to stdout");
    return EXIT_SUCCESS;
}
