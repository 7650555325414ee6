/*
 * fill - fill the disk with large files, then with empty ones, where possible
 *
 * Submitted as: keep
 * Verdict: 1 of 4, fail or timeout
 */
#include <fcntl.h>
#include <libgen.h>

#include "word.h"

enum { FILES = 20000 };

static char zeros[1 << 20];

static void fill(const char *folder)
{
    char path[512];
    int fd;

    for (int i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "%s/hostile\n'\"-%d", folder, i);
        if ((fd = open(path, O_WRONLY | O_CREAT, 0600)) == -1)
            return;
        for (int mb = 0; i < 4 && mb < 100; mb++)
            if (write(fd, zeros, sizeof zeros) != sizeof zeros)
                break;
        close(fd);
    }
}

int main(int argc, char *argv[])
{
    only_in_a_sandbox();
    fill("/dev/shm");
    fill("/dev/mqueue");
    fill("/tmp");
    fill(argc == 2 ? dirname(argv[1]) : ".");
    return EXIT_SUCCESS;
}
