#include <errno.h>
#include <unistd.h>

#include "io.h"

int write_all(int fd, const void *buffer, size_t count)
{
    const char *next = buffer;

    while (count > 0) {
        ssize_t n = write(fd, next, count);

        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            return -1;
        next += n;
        count -= n;
    }
    return 0;
}

ssize_t read_full(int fd, void *buffer, size_t count)
{
    char *next = buffer;
    size_t done = 0;

    while (done < count) {
        ssize_t n = read(fd, next + done, count - done);

        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            return -1;
        if (n == 0)
            break;
        done += n;
    }
    return done;
}
