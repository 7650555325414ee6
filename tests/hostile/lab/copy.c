/* copy - copy stdin to stdout */
#include "io.h"
#include "word.h"

int main(void)
{
    char buffer[4096];
    ssize_t count = 0;

    /* STEP 1: until end of file. */
    while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
        if (write_all(STDOUT_FILENO, buffer, (size_t)count) == -1)
            return EXIT_FAILURE;

    return count == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
