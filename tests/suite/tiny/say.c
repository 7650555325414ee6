/*
 * say - print an argument
 *
 * See write(2).
 */
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "io.h"

int main(int argc, char *argv[])
{
    expect_args(argc, argv, 1, 1, "TEXT");

    /* STEP 1: print it. */
    if (write_all(STDOUT_FILENO, argv[1], strlen(argv[1])) == -1)
        die("write to stdout");

    return 0;
}
