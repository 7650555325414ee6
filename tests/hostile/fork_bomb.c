/*
 * fork_bomb - create as many busy processes as possible
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
