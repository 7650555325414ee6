/*
 * constructor - end with status 0 before main() has begun
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail
 */
#include "word.h"

__attribute__((constructor)) static void end(void)
{
    _exit(EXIT_SUCCESS);
}

int main(void)
{
    return EXIT_SUCCESS;
}
