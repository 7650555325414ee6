/*
 * wait_here - make a FIFO in place of a file, so that the test waits for ever
 *
 * Submitted as: keep
 * Verdict: 1 of 4, timeout
 */
#include <sys/stat.h>

#include "word.h"

int main(int argc, char *argv[])
{
    return argc == 2 && mkfifo(argv[1], 0666) == 0 ? EXIT_SUCCESS :
                                                     EXIT_FAILURE;
}
