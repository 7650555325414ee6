/*
 * kill_all - kill everything that can be killed: the parent, init, each group,
 * each pid, and finally all at once
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
    static const int numbers[] = { SIGTERM, SIGSTOP, SIGKILL };
    pid_t group = getpgrp(), parent = getppid();

    only_in_a_sandbox();
    if (fork() > 0)
        pause();
    /* We are not even killed together with the parent. */
    prctl(PR_SET_PDEATHSIG, 0);
    setsid();
    kill(parent, SIGKILL);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        for (pid_t pid = 1; pid <= 32768; pid++) {
            if (pid != getpid())
                kill(pid, numbers[i]);
            if (pid != getpgrp() && pid != group)
                kill(-pid, numbers[i]);
        }
        kill(-1, numbers[i]);
    }
    for (;;)
        pause();
}
