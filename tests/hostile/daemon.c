/*
 * daemon - give the right answer, and leave a process that outlives it
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, leak
 */
#define _GNU_SOURCE
#include <signal.h>

#include "word.h"

int main(int argc, char *argv[])
{
    if (fork() == 0) {
        setsid();
        if (fork() > 0)
            _exit(EXIT_SUCCESS);
        for (int number = 1; number < NSIG; number++)
            signal(number, SIG_IGN);
        for (;;)
            sleep(1000);
    }
    return argc == 2 ? print_reversed(argv[1]) : EXIT_FAILURE;
}
