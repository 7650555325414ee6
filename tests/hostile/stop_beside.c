/*
 * stop_beside - the same, while the test waits for a line, and then for the end
 *
 * Submitted as: listen
 * Verdict: 1 of 4, fail, timeout or leak
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/stat.h>

#include "word.h"

int main(int argc, char *argv[])
{
    only_in_a_sandbox();
    if (argc != 2 || mkfifo(argv[1], 0666) == -1)
        return EXIT_FAILURE;
    for (;;) {
        kill(getppid(), SIGSTOP);
        usleep(1000);
    }
}
