/*
 * include - include whatever can be read, to see it in the compiler's messages
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, error
 */
#include "@PATH@"
