/*
 * child_parent - a child sends a message to its parent through a pipe
 *
 *     stdout <-- parent <--read()-- [ pipe ] <--write()-- child
 *
 * Watch the parent: it made the pipe, so it has a write end, too. Until it
 * closes that one, its own read() never returns 0.
 *
 * See pipe(2), pipe(7), fork(2), wait(2).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"

enum { READ_END, WRITE_END };

int main(int argc, char *argv[])
{
    char buffer[10]; /* small, so that the parent has to read several times */
    ssize_t count;
    int status = 0;

    expect_args(argc, argv, 1, 1, "MESSAGE");

    /* STEP 1: create the pipe before the fork, so that both have it. */
    int fd[2];
    if (pipe(fd) == -1)
        die("pipe");

    /* STEP 2: fork. From here on, two processes run this code. */
    pid_t pid = fork();
    if (pid == -1)
        die("fork");

    if (pid == 0) {
        /* STEP 3: the child only writes. Close the end it does not use. */
        if (close(fd[READ_END]) == -1)
            die("close the read end");

        /* If the parent dies early, make write() fail, not kill us. */
        signal(SIGPIPE, SIG_IGN);

        /* STEP 4: send the message. */
        if (write_all(fd[WRITE_END], argv[1], strlen(argv[1])) == -1)
            die("write to the pipe");

        _exit(EXIT_SUCCESS);
    }

    /* STEP 5: the parent only reads. Close the end it does not use. */
    if (close(fd[WRITE_END]) == -1)
        die("close the write end");

    /* STEP 6: print everything up to end of file, then a newline. */
    while ((count = read(fd[READ_END], buffer, sizeof buffer)) > 0)
        fwrite(buffer, 1, count, stdout);
    if (count == -1)
        die("read from the pipe");
    putchar('\n');

    /* STEP 7: wait for the child. Print "child PID exited with status N" or
       "child PID was killed by signal N". */
    if (wait(&status) == -1)
        die("wait");
    if (WIFEXITED(status))
        printf("child %ld exited with status %d\n", (long)pid,
               WEXITSTATUS(status));
    else
        printf("child %ld was killed by signal %d\n", (long)pid,
               WTERMSIG(status));

    finish();
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
