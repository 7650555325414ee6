/*
 * include - what there is to read, to see it in the messages
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, error
 */
#include "@PATH@"
