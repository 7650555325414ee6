/*
 * survivor - kill the watchdog, so that a process named "hostile" can live on
 * unwatched
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
    if (fork() == 0) {
        prctl(PR_SET_NAME, "hostile");
        setsid();
        for (int number = 1; number < NSIG; number++)
            signal(number, SIG_IGN);
        kill(watcher, SIGKILL);
        for (;;)
            sleep(1000);
    }
    pause();
}
