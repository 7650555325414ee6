/*
 * trace - take over any other process: by ptrace(), through its memory, or by
 * what /proc shows of it; pid 1 of a sandbox does not matter
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/ptrace.h>

#include "word.h"

static int opens(const char *pid, const char *name, int how)
{
    char path[512];
    int fd;

    snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
    return (fd = open(path, how)) != -1 && close(fd) == 0;
}

static int is_open(const char *pid)
{
    return ptrace(PTRACE_ATTACH, atoi(pid), NULL, NULL) == 0 ||
           opens(pid, "mem", O_RDWR) || opens(pid, "environ", O_RDONLY) ||
           opens(pid, "exe", O_RDONLY) || opens(pid, "cwd", O_RDONLY) ||
           opens(pid, "root", O_RDONLY) || opens(pid, "fd", O_RDONLY) ||
           opens(pid, "maps", O_RDONLY) || opens(pid, "fd/1", O_WRONLY);
}

int main(int argc, char *argv[])
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    int found = 0;

    while (proc != NULL && (entry = readdir(proc)) != NULL) {
        int pid = atoi(entry->d_name);

        if (pid > 1 && pid != getpid() && is_open(entry->d_name)) {
            fprintf(stderr, "process %d\n", pid);
            found = 1;
        }
    }
    return found && argc == 2 ? print_reversed(argv[1]) : EXIT_FAILURE;
}
