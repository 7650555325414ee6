/*
 * list - print what the mqueue file system says of each queue
 *
 *     [ all queues ] --> /dev/mqueue, or where it is mounted --> list
 *
 * Watch the columns: QSIZE counts the bytes in the queue, NOTIFY_PID is the
 * process that is registered for a notice, if any, and SIGNO its signal.
 *
 * See mq_overview(7), "Mounting the message queue filesystem"; getmntent(3).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"

/* Where is the file system mounted? */
static void find_queues(char directory[PATH_MAX])
{
    FILE *mounts = setmntent("/proc/self/mounts", "r");
    struct mntent *entry;

    if (mounts == NULL)
        die("open /proc/self/mounts");
    while ((entry = getmntent(mounts)) != NULL)
        if (strcmp(entry->mnt_type, "mqueue") == 0)
            break;
    if (ferror(mounts))
        die("read /proc/self/mounts");
    if (entry == NULL)
        fail("no mqueue file system is mounted; try, as root: "
             "mkdir -p /dev/mqueue && mount -t mqueue none /dev/mqueue");
    snprintf(directory, PATH_MAX, "%s", entry->mnt_dir);
    endmntent(mounts);
}

/* Print the one line of the file. Return 0, or -1 if it cannot be read. */
static int print_queue(int directory, const char *name)
{
    char line[256];
    int fd = openat(directory, name, O_RDONLY);

    if (fd == -1 && errno == ENOENT)
        return 0; /* somebody has just removed it */
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
    char path[PATH_MAX];
    struct dirent *entry;
    int failed = 0;

    expect_args(argc, argv, 0, 0, "");
    find_queues(path);
    DIR *directory = opendir(path);
    if (directory == NULL)
        die("opendir %s", path);

    while (errno = 0, (entry = readdir(directory)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 &&
            strcmp(entry->d_name, "..") != 0)
            failed |= print_queue(dirfd(directory), entry->d_name) == -1;
    if (errno != 0)
        die("readdir %s", path);
    if (closedir(directory) == -1)
        die("closedir %s", path);
    return finish() == EXIT_SUCCESS && !failed ? EXIT_SUCCESS : EXIT_FAILURE;
}
