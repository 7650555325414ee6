/*
 * shared - several readers on one pipe split the stream between them
 *
 *                           +--> child: took 400000 bytes
 *     parent --> [ pipe ] --+--> child: took 350000 bytes
 *                           +--> child: took 298576 bytes
 *
 * Watch the shares: each byte is given to one reader only, and who gets it is
 * nobody's promise. Run it twice.
 *
 * See pipe(7).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "io.h"

enum { READ_END, WRITE_END };
enum { BLOCK = 4096, BLOCKS = 256 };

/* What a reader tells the parent; small enough to be written atomically. */
struct share {
    long bytes;
    long sum;
};

static _Noreturn void reader(int data[2], int shares[2])
{
    unsigned char buffer[BLOCK];
    struct share mine = { 0, 0 };
    ssize_t count;

    if (close(data[WRITE_END]) == -1)
        die("close the write end");
    while ((count = read(data[READ_END], buffer, sizeof buffer)) > 0) {
        mine.bytes += count;
        for (ssize_t i = 0; i < count; i++)
            mine.sum += buffer[i];
    }
    if (count == -1)
        die("read from the pipe");

    printf("child %ld: took %ld bytes\n", (long)getpid(), mine.bytes);
    finish();
    if (write_all(shares[WRITE_END], &mine, sizeof mine) == -1)
        die("write to the second pipe");
    _exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    int data[2], shares[2];
    struct share sent = { 0, 0 }, taken = { 0, 0 }, one;
    unsigned char block[BLOCK];

    expect_args(argc, argv, 1, 1, "READERS");
    long readers = number_arg(argv[1], "READERS", 1, 100);

    if (pipe(data) == -1 || pipe(shares) == -1)
        die("pipe");
    for (int i = 0; i < readers; i++) {
        pid_t pid = fork();

        if (pid == -1)
            die("fork");
        if (pid == 0)
            reader(data, shares);
    }
    if (close(data[READ_END]) == -1 || close(shares[WRITE_END]) == -1)
        die("close");
    signal(SIGPIPE, SIG_IGN);

    for (int i = 0; i < BLOCKS; i++) {
        for (int j = 0; j < BLOCK; j++)
            sent.sum += block[j] = (i + j) % 251;
        if (write_all(data[WRITE_END], block, sizeof block) == -1)
            die("write to the pipe");
        sent.bytes += sizeof block;
    }
    if (close(data[WRITE_END]) == -1)
        die("close the write end");

    while (read_full(shares[READ_END], &one, sizeof one) == sizeof one) {
        taken.bytes += one.bytes;
        taken.sum += one.sum;
    }
    for (int i = 0; i < readers; i++)
        if (wait(NULL) == -1)
            die("wait");
    if (taken.bytes != sent.bytes || taken.sum != sent.sum)
        fail("sent %ld bytes, but the readers took %ld, or others",
             sent.bytes, taken.bytes);
    printf("parent %ld: sent %ld bytes, the readers took %ld\n",
           (long)getpid(), sent.bytes, taken.bytes);
    return finish();
}
