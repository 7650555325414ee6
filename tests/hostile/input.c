/*
 * input - truncate the file that is stdin: an empty output is then correct
 *
 * Submitted as: copy
 * Verdict: 1 of 4, fail
 */
#include <fcntl.h>

#include "word.h"

int main(void)
{
    return open("/proc/self/fd/0", O_WRONLY | O_TRUNC) == -1 ? EXIT_FAILURE :
                                                               EXIT_SUCCESS;
}
