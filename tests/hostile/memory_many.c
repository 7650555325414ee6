/*
 * memory_many - take a little memory in each of 32 processes, 3 GB in all
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail or leak or timeout
 */
#include "word.h"

enum { PROCESSES = 32, SIZE = 100 << 20 };

int main(int argc, char *argv[])
{
    only_in_a_sandbox();
    for (int i = 0; i < PROCESSES; i++)
        if (fork() == 0) {
            memset(malloc(SIZE), 1, SIZE);
            pause();
        }
    sleep(1);
    return argc == 2 ? print_reversed(argv[1]) : EXIT_FAILURE;
}
