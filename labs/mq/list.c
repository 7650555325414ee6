/*
 * list - print what the mqueue file system shows of each queue
 *
 *     [ all queues ] --> /dev/mqueue, or wherever it is mounted --> list
 *
 * Watch QSIZE, the number of bytes in the queue, and NOTIFY_PID, the process
 * that is registered for a notification, if any; SIGNO is its signal.
 *
 * See mq_overview(7), "Mounting the message queue filesystem"; readdir(3).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "err.h"
#include "mq.h"

/* Print the one line of the file NAME. Return 0, or -1 if we may not. */
static int print_queue(int directory, const char *name)
{
    char line[256];
    int fd = openat(directory, name, O_RDONLY);

    if (fd == -1 && errno == ENOENT)
        return 0; /* another process has just removed it */
    if (fd == -1) {
        report("open %s", name);
        return -1;
    }
    ssize_t length = read(fd, line, sizeof line);
    if (length == -1)
        die("read %s", name);
    if (close(fd) == -1)
        die("close %s", name);
    printf("/%s %.*s", name, (int)length, line);
    return 0;
}

int main(int argc, char *argv[])
{
    struct dirent *entry;
    int failed = 0;

    expect_args(argc, argv, 0, 0, "");
    const char *path = mqueue_directory();
    DIR *directory = opendir(path);
    if (directory == NULL)
        die("opendir %s", path);

    while (errno = 0, (entry = readdir(directory)) != NULL)
        if (entry->d_type == DT_REG) /* . and .. are directories */
            failed |= print_queue(dirfd(directory), entry->d_name);
    if (errno != 0)
        die("readdir %s", path);
    if (closedir(directory) == -1)
        die("closedir %s", path);
    return finish() || failed;
}
