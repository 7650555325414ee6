/*
 * nest - create namespaces, in which we are root: to mount a file system
 * without a limit, and to be out of sight
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "word.h"

static int as_root(void *argument)
{
    (void)argument;
    return mount("none", "/tmp", "tmpfs", 0, "size=1t") == 0 ||
           unshare(CLONE_NEWPID) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char *argv[])
{
    static char stack[1 << 16];
    int flags = CLONE_NEWUSER | CLONE_NEWNS, status = -1;

    if (clone(as_root, stack + sizeof stack, flags | SIGCHLD, NULL) != -1)
        wait(&status);
    if (status != 0 && unshare(flags) == 0)
        status = as_root(NULL);
    return status == 0 && argc == 2 ? print_reversed(argv[1]) : EXIT_FAILURE;
}
