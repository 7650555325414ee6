/*
 * endless_stderr - write to stderr without end, in one line
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail or timeout
 */
#include "word.h"

int main(void)
{
    static char text[1 << 16];

    memset(text, 'x', sizeof text);
    for (;;)
        if (write(STDERR_FILENO, text, sizeof text) == -1)
            pause();
}
