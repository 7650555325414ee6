/*
 * shared - several readers on one pipe split the stream between them
 *
 *                           +--> child: took 600000 bytes
 *     parent --> [ pipe ] --+--> child: took 448576 bytes
 *
 * Watch the shares: each byte goes to one reader only, and nothing decides in
 * advance to which. Run it twice.
 *
 * See pipe(7).
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "io.h"
#include "pipe.h"

int main(int argc, char *argv[])
{
    static char buffer[4096];
    ssize_t count, sent = 0, taken = 0;
    int fd[2];

    expect_args(argc, argv, 1, 1, "READERS");
    long readers = number_arg(argv[1], "READERS", 1, 100);

    if (pipe(fd) == -1)
        die("pipe");
    for (int i = 0; i < readers; i++) {
        pid_t pid = fork();
        if (pid == -1)
            die("fork");
        if (pid == 0) {
            if (close(fd[WRITE_END]) == -1)
                die("close the write end");
            while ((count = read(fd[READ_END], buffer, sizeof buffer)) > 0)
                taken += count;
            if (count == -1)
                die("read from the pipe");
            printf("child %ld: took %zd bytes\n", (long)getpid(), taken);
            _exit(finish());
        }
    }
    if (close(fd[READ_END]) == -1)
        die("close the read end");

    signal(SIGPIPE, SIG_IGN);
    for (; sent < 1 << 20; sent += sizeof buffer)
        if (write_all(fd[WRITE_END], buffer, sizeof buffer) == -1)
            die("write to the pipe");
    if (close(fd[WRITE_END]) == -1)
        die("close the write end");

    wait_for_children();
    printf("parent %ld: sent %zd bytes\n", (long)getpid(), sent);
    return finish();
}
