/* word.h - what the programs of this small lab share */
#ifndef WORD_H
#define WORD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Print WORD backwards: the right answer of reverse. */
static inline int print_reversed(const char *word)
{
    for (size_t i = strlen(word); i > 0; i--)
        putchar(word[i - 1]);
    putchar('\n');
    return fflush(stdout) == EOF ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* For dangerous code: in a sandbox, a program has this home and is not root. */
static inline void only_in_a_sandbox(void)
{
    const char *home = getenv("HOME");

    if (getuid() == 0 || home == NULL || strcmp(home, "/tmp") != 0)
        exit(EXIT_FAILURE);
}

#endif
