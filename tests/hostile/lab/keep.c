/* keep - copy stdin to a new file */
#include <fcntl.h>

#include "io.h"
#include "word.h"

int main(int argc, char *argv[])
{
    char buffer[4096];
    ssize_t count = 0;
    int fd = -1;

    if (argc != 2)
        return 2;

    /* STEP 1: a file that was not there before. */
    if ((fd = open(argv[1], O_WRONLY | O_CREAT | O_EXCL, 0666)) == -1)
        return EXIT_FAILURE;
    while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
        if (write_all(fd, buffer, (size_t)count) == -1)
            return EXIT_FAILURE;

    return count == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
