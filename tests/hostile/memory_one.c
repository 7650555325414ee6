/*
 * memory_one - take as much memory as possible in one process
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail or timeout
 */
#include "word.h"

enum { BLOCK = 1 << 20 };

int main(void)
{
    only_in_a_sandbox();
    for (;;) {
        char *block = malloc(BLOCK);

        if (block != NULL)
            memset(block, 1, BLOCK);
    }
}
