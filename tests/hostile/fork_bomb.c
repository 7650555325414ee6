/*
 * fork_bomb - as many processes as there can be, and all of them busy
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail or timeout
 */
#include "word.h"

int main(void)
{
    only_in_a_sandbox();
    for (;;)
        fork();
}
