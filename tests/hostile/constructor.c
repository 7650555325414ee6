/*
 * constructor - be done before main() has begun, and say that all went well
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
