/*
 * rules - what a pipe is not: each rule is broken, and the kernel objects
 *
 *     no position        lseek() fails
 *     one-way            so does using an end the wrong way round
 *     for relatives      a process that did not inherit it has nothing
 *
 * Watch the last rule: a descriptor is a number in one process. The child
 * was forked before pipe(), so the parent's number means nothing to it.
 *
 * See pipe(7), fork(2), errno(3).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"

enum { READ_END, WRITE_END };

/* A call that broke RULE returned RESULT; it must have failed with ERROR. */
static void show(const char *rule, long result, int error, const char *name)
{
    if (result != -1)
        fail("%s: succeeded, but should not", rule);
    if (errno != error)
        die("%s", rule);
    printf("%s: %s (%s)\n", rule, strerror(error), name);
}

/* A child that is told a number: has it a descriptor of that number? */
static _Noreturn void stranger(int numbers[2])
{
    int number;

    if (close(numbers[WRITE_END]) == -1)
        die("close the write end");
    if (read_full(numbers[READ_END], &number, sizeof number) != sizeof number)
        fail("no number came");
    _exit(fcntl(number, F_GETFD) == -1 ? errno : EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    int numbers[2], fd[2], status;
    char c = 'x';
    pid_t pid;

    expect_args(argc, argv, 0, 0, "");
    if (pipe(numbers) == -1)
        die("pipe");
    if ((pid = fork()) == -1)
        die("fork");
    if (pid == 0)
        stranger(numbers);
    if (pipe(fd) == -1) /* after the fork: the child does not have it */
        die("pipe");

    show("lseek on a pipe", lseek(fd[READ_END], 0, SEEK_SET), ESPIPE,
         "ESPIPE");
    show("write to the read end", write(fd[READ_END], &c, 1), EBADF, "EBADF");
    show("read from the write end", read(fd[WRITE_END], &c, 1), EBADF,
         "EBADF");

    if (write_all(numbers[WRITE_END], &fd[READ_END], sizeof(int)) == -1)
        die("write to the pipe");
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid %ld", (long)pid);
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    show("fcntl in a process forked before", errno ? -1 : 0, EBADF, "EBADF");

    return finish();
}
