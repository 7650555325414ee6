/*
 * stop - stop the watchdog again and again, so that the time limit never passes
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail or timeout
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/prctl.h>

#include "word.h"

int main(void)
{
    pid_t watcher = getppid();

    only_in_a_sandbox();
    prctl(PR_SET_PDEATHSIG, 0);
    if (fork() == 0)
        prctl(PR_SET_PDEATHSIG, 0);
    for (;;) {
        kill(watcher, SIGSTOP);
        usleep(1000);
    }
}
