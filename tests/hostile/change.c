/*
 * change - set the clock, the host name, the kernel's settings, our own limits
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

#include "word.h"

/* Set it to its present value: the kernel requires the same privilege. */
static int sets_clock(void)
{
    struct timespec now;
    struct timeval time;

    clock_gettime(CLOCK_REALTIME, &now);
    gettimeofday(&time, NULL);
    return clock_settime(CLOCK_REALTIME, &now) == 0 ||
           settimeofday(&time, NULL) == 0;
}

static int sets_limits(void)
{
    struct rlimit limit, more = { RLIM_INFINITY, RLIM_INFINITY };
    struct sched_param param = { .sched_priority = 1 };

    return setrlimit(RLIMIT_AS, &more) == 0 ||
           setrlimit(RLIMIT_NPROC, &more) == 0 ||
           setrlimit(RLIMIT_FSIZE, &more) == 0 ||
           getrlimit(RLIMIT_NOFILE, &limit) == -1 || limit.rlim_max > 1024 ||
           sched_setscheduler(0, SCHED_FIFO, &param) == 0 ||
           setpriority(PRIO_PROCESS, 0, -20) == 0;
}

static int sets_system(void)
{
    static const char *const names[] = {
        "/proc/sys/kernel/core_pattern", "/proc/sys/vm/overcommit_memory",
        "/proc/sysrq-trigger", "/dev/kmsg",
        "/proc/sys/kernel/printk", "/proc/sys/fs/file-max",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (open(names[i], O_WRONLY) != -1)
            return 1;
    return sethostname("hostile", 7) == 0 || chroot("/tmp") == 0 ||
           mount("none", "/tmp", "tmpfs", 0, NULL) == 0 || setuid(0) == 0;
}

int main(int argc, char *argv[])
{
    only_in_a_sandbox();
    return (sets_clock() || sets_limits() || sets_system()) && argc == 2 ?
           print_reversed(argv[1]) : EXIT_FAILURE;
}
