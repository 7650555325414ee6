/*
 * mq.h - what the programs of this lab have in common
 *
 * A program that needs a queue creates it with these attributes, unless it
 * exists: small, so that many queues fit within RLIMIT_MSGQUEUE. An existing
 * queue keeps its own.
 *
 * producer and consumer, and the processes of workers: each message is an
 * item, and an empty message means that no more will follow, since a queue
 * has no end of file.
 */
#ifndef MQ_H
#define MQ_H

#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "err.h"

enum { MAXMSG = 8, MSGSIZE = 256 };

/* Return the value of /proc/sys/fs/mqueue/NAME. If it cannot be read, die. */
static inline long system_limit(const char *name)
{
    char path[64], text[32] = "";

    snprintf(path, sizeof path, "/proc/sys/fs/mqueue/%s", name);
    int fd = open(path, O_RDONLY);
    if (fd == -1)
        die("open %s", path);
    if (read(fd, text, sizeof text - 1) == -1)
        die("read %s", path);
    if (close(fd) == -1)
        die("close %s", path);
    return strtol(text, NULL, 10);
}

/*
 * Return the directory where the mqueue file system is mounted. If it is not,
 * print the command that mounts it, and exit 1.
 */
static inline const char *mqueue_directory(void)
{
    FILE *mounts = setmntent("/proc/self/mounts", "r");
    struct mntent *entry;

    if (mounts == NULL)
        die("open /proc/self/mounts");
    while ((entry = getmntent(mounts)) != NULL)
        if (strcmp(entry->mnt_type, "mqueue") == 0)
            return entry->mnt_dir;
    if (ferror(mounts))
        die("read /proc/self/mounts");
    fail("no mqueue file system is mounted; try, as root: "
         "mkdir -p /dev/mqueue && mount -t mqueue none /dev/mqueue");
}

#endif
