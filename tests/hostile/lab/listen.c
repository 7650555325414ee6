/* listen - make a FIFO, and print what comes out of it */
#include <fcntl.h>
#include <sys/stat.h>

#include "io.h"
#include "word.h"

int main(int argc, char *argv[])
{
    char buffer[4096];
    ssize_t count = 0;
    int fd = -1;

    if (argc != 2)
        return 2;

    /* STEP 1: until nobody has it open for writing. */
    if (mkfifo(argv[1], 0666) == -1 || (fd = open(argv[1], O_RDONLY)) == -1)
        return EXIT_FAILURE;
    while ((count = read(fd, buffer, sizeof buffer)) > 0)
        if (write_all(STDOUT_FILENO, buffer, (size_t)count) == -1)
            return EXIT_FAILURE;
    unlink(argv[1]);

    return count == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
