/*
 * hear - print what comes
 *
 * See read(2).
 */
#include <unistd.h>

#include "err.h"
#include "io.h"

int main(int argc, char *argv[])
{
    char buffer[100];
    ssize_t count = 0;

    expect_args(argc, argv, 0, 0, "");

    /* STEP 1: copy standard input to standard output. */
    while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
        if (write_all(STDOUT_FILENO, buffer, count) == -1)
            die("write to stdout");
    if (count == -1)
        die("read from stdin");

    return 0;
}
