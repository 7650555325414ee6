/*
 * sleeper - sleep for ever, ignoring every signal that can be ignored
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, timeout
 */
#define _GNU_SOURCE
#include <signal.h>

#include "word.h"

int main(void)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_IGN);
    for (;;)
        sleep(1000);
}
