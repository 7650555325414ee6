/* tell - write a word into a FIFO, and wait to be killed */
#include <fcntl.h>

#include "io.h"
#include "word.h"

int main(int argc, char *argv[])
{
    int fd;

    if (argc != 3)
        return 2;
    if ((fd = open(argv[1], O_WRONLY)) == -1 ||
        write_all(fd, argv[2], strlen(argv[2])) == -1 ||
        write_all(fd, "\n", 1) == -1)
        return EXIT_FAILURE;
    for (;;)
        pause();
}
