/*
 * limits - what limits the number and the size of message queues
 *
 *     /proc/sys/fs/mqueue, getrlimit(), sysconf() --> limits --> stdout
 *
 * Watch RLIMIT_MSGQUEUE: it counts the bytes that all queues of a user may
 * need, full or not. A few queues of the default size use it up.
 *
 * See mq_overview(7), getrlimit(2) RLIMIT_MSGQUEUE, sysconf(3).
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "err.h"

static void print_system_limit(const char *name)
{
    char path[64], value[32];

    snprintf(path, sizeof path, "/proc/sys/fs/mqueue/%s", name);
    int fd = open(path, O_RDONLY);
    if (fd == -1)
        die("open %s", path);
    ssize_t length = read(fd, value, sizeof value);
    if (length == -1)
        die("read %s", path);
    if (close(fd) == -1)
        die("close %s", path);
    printf("fs.mqueue.%s %.*s", name, (int)length, value);
}

int main(int argc, char *argv[])
{
    struct rlimit bytes;

    expect_args(argc, argv, 0, 0, "");
    print_system_limit("queues_max");
    print_system_limit("msg_max");
    print_system_limit("msgsize_max");
    print_system_limit("msg_default");
    print_system_limit("msgsize_default");

    if (getrlimit(RLIMIT_MSGQUEUE, &bytes) == -1)
        die("getrlimit RLIMIT_MSGQUEUE");
    if (bytes.rlim_cur == RLIM_INFINITY)
        printf("RLIMIT_MSGQUEUE unlimited\n");
    else
        printf("RLIMIT_MSGQUEUE %lu\n", (unsigned long)bytes.rlim_cur);
    printf("MQ_PRIO_MAX %ld\n", sysconf(_SC_MQ_PRIO_MAX));
    return finish();
}
