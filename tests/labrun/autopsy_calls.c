/*
 * autopsy_calls - explain a wait by the system call that the thread sleeps in
 *
 * /proc/PID/task/TID/syscall gives the number and the arguments of the call.
 * To add a call, add a line to `calls` and, if its arguments need explaining,
 * a function that does so.
 *
 * See proc(5), syscall(2), ptrace(2) ("Ptrace access mode checking").
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "autopsy_wait.h"

enum { MAX_POLL = 64 };

/* ---- the words ---- */

void add(struct wait *wait, const char *format, ...)
{
    size_t length = strlen(wait->text);
    va_list args;

    va_start(args, format);
    vsnprintf(wait->text + length, sizeof wait->text - length, format, args);
    va_end(args);
    if (strlen(wait->text) == sizeof wait->text - 1)
        strcpy(wait->text + sizeof wait->text - 4, "...");
}

/* Copy memory of the process. Return how much; 0 if it cannot be read. */
size_t peek(const struct wait *wait, unsigned long address, void *buffer,
            size_t size)
{
    ssize_t count = read_memory(wait->process->pid, address, buffer, size);

    return count > 0 ? (size_t)count : 0;
}

/* NULL if there are too many. */
struct resource *add_resource(struct wait *wait, const char *name, enum use use)
{
    struct resource *resource = &wait->resource[wait->resource_count];

    if (wait->resource_count == MAX_RESOURCES)
        return NULL;
    wait->resource_count++;
    snprintf(resource->name, sizeof resource->name, "%s", name);
    resource->use = use;
    resource->fd = (int)wait->arg[0];
    return resource;
}

static void time_limit(struct wait *wait, bool limited)
{
    if (limited) {
        wait->inside = false;
        add(wait, ", with a time limit");
    }
}

/* ---- files, pipes and sockets ---- */

/* Add a pipe or FIFO. Any other process could open a FIFO. */
static void add_pipe(struct wait *wait, int fd, const struct target *target,
                     bool for_writer)
{
    bool anonymous = starts_with(target->name, "pipe:");
    struct resource *resource = add_resource(wait, target->name,
                              for_writer ? WHO_WRITES : WHO_READS);

    add(wait, "%s%s", anonymous ? "a pipe" : "the FIFO ",
        anonymous ? "" : target->name);
    if (resource) {
        resource->fd = fd;
        resource->anonymous = anonymous;
    }
    if (!anonymous || !resource)
        wait->inside = false;
}

static bool is_fifo(pid_t pid, int fd, const struct target *target)
{
    char path[32];
    struct stat file;

    snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
    return target->name[0] == '/' && stat(path, &file) == 0 &&
           S_ISFIFO(file.st_mode);
}

/*
 * Add what descriptor FD is. Return true if it is a pipe or FIFO. FOR_WRITER:
 * the thread is waiting for somebody to write, or to close the write end.
 * ALONE: it is waiting for nothing else.
 */
static bool add_file(struct wait *wait, int fd, bool for_writer, bool alone)
{
    pid_t pid = wait->process->pid;
    struct target target;
    unsigned long inode;

    if (!find_target(pid, fd, &target)) {
        wait->inside = false;
        add(wait, "something that cannot be seen");
        return false;
    }
    if (starts_with(target.name, "pipe:") || is_fifo(pid, fd, &target)) {
        add_pipe(wait, fd, &target, for_writer);
        return true;
    }
    wait->inside = false;
    if (sscanf(target.name, "socket:[%lu", &inode) == 1)
        add_socket(wait, fd, inode, alone);
    else if (starts_with(target.name, "/dev/pts/") ||
             starts_with(target.name, "/dev/tty"))
        add(wait, "the terminal %s", target.name);
    else
        add(wait, "%s", target.name);
    return false;
}

/* The same with the descriptor's number, or its name. */
static void add_descriptor(struct wait *wait, int fd, bool for_writer)
{
    static const char *const name[] = { "input", "output", "error" };
    bool is_pipe = add_file(wait, fd, for_writer, true);

    if (fd >= 0 && fd <= STDERR_FILENO)
        add(wait, " (standard %s)", name[fd]);
    else if (!is_pipe)
        add(wait, " (fd %d)", fd);
}

/* Add one of several descriptors that the thread is waiting on. */
static void add_listed(struct wait *wait, int fd, bool *first)
{
    struct target target = { .writable = false };

    find_target(wait->process->pid, fd, &target);
    add(wait, "%s fd %d (", *first ? " on" : ",", fd);
    add_file(wait, fd, !target.writable, false);
    add(wait, ")");
    *first = false;
}

/* What a function below must know about the call besides its arguments. */
enum detail {
    NONE, READS, WRITES, ARGUMENT_0_TO_2, ARGUMENT_1_TO_0, MILLISECONDS,
    TIMESPEC, PID, ID_TYPE, SENDTO, SENDMSG
};

static void explain_transfer(struct wait *wait, int detail)
{
    wait->inside = true;
    add(wait, " on ");
    add_descriptor(wait, (int)wait->arg[0], detail == READS);
}

static void explain_ioctl(struct wait *wait, int detail)
{
    explain_transfer(wait, detail);
    wait->inside = false;
}

static void explain_connect(struct wait *wait, int detail)
{
    (void)detail;
    add_address(wait, wait->arg[1], wait->arg[2]);
    add(wait, " (fd %d)", (int)wait->arg[0]);
}

static void explain_send(struct wait *wait, int detail)
{
    struct msghdr message = { 0 };

    explain_transfer(wait, WRITES);
    if (detail == SENDTO)
        add_address(wait, wait->arg[4], wait->arg[5]);
    else if (peek(wait, wait->arg[1], &message, sizeof message) ==
             sizeof message)
        add_address(wait, (unsigned long)message.msg_name,
                    message.msg_namelen);
}

static void explain_copy(struct wait *wait, int detail)
{
    bool upwards = detail == ARGUMENT_0_TO_2;

    wait->inside = true;
    add(wait, " from ");
    add_descriptor(wait, (int)wait->arg[upwards ? 0 : 1], true);
    add(wait, " to ");
    add_descriptor(wait, (int)wait->arg[upwards ? 2 : 0], false);
}

/* ---- children, and opening a FIFO ---- */

static void add_children_of(struct wait *wait)
{
    const struct tree *tree = wait->tree;
    int count = 0;

    for (size_t i = 0; i < tree->count; i++) {
        const struct process *child = &tree->process[i];

        if (child->parent != wait->process->pid || child->dead)
            continue;
        if (++count <= MAX_NAMED)
            add(wait, "%s %d", count == 1 ? " for child" : " or", child->pid);
    }
    if (count == 0)
        add(wait, " for a child");
    else if (count > MAX_NAMED)
        add(wait, " or %d more", count - MAX_NAMED);
}

static void explain_wait(struct wait *wait, int detail)
{
    int type = (int)wait->arg[0], id = (int)wait->arg[1];

    if (detail == PID) {
        id = abs(type);
        type = type > 0 ? P_PID : type == -1 ? P_ALL : P_PGID;
    }
    wait->inside = true;
    if (type == P_PID)
        add(wait, " for child %d", id);
    else if (type == P_ALL)
        add_children_of(wait);
    else if (type == P_PGID && id == 0)
        add(wait, " for a child in its own process group");
    else if (type == P_PGID)
        add(wait, " for a child in process group %d", id);
    else
        add(wait, " for the child of descriptor %d", id);
}

/* DETAIL: the argument that is the path, after a directory, before flags. */
static void explain_open(struct wait *wait, int detail)
{
    char path[PATH_MAX] = "", real[PATH_MAX + 64];
    size_t length = peek(wait, wait->arg[detail], path, sizeof path);
    int directory = detail ? (int)wait->arg[0] : AT_FDCWD;
    unsigned long flags = wait->arg[detail + 1];
    struct stat file;

    if (length < sizeof path)
        path[length] = '\0';
    path[sizeof path - 1] = '\0';
    if (path[0] == '/')
        snprintf(real, sizeof real, "/proc/%d/root%s", wait->process->pid,
                 path);
    else if (directory == AT_FDCWD)
        snprintf(real, sizeof real, "/proc/%d/cwd/%s", wait->process->pid,
                 path);
    else
        snprintf(real, sizeof real, "/proc/%d/fd/%d/%s", wait->process->pid,
                 directory, path);
    if (!path[0])
        add(wait, " of a file whose name cannot be read");
    else if (stat(real, &file) == 0 && S_ISFIFO(file.st_mode))
        add(wait, " of the FIFO %s for a %s", path,
            (flags & O_ACCMODE) == O_RDONLY ? "writer" : "reader");
    else
        add(wait, " of %s", path);
}

/* ---- message queues and locks ---- */

/* To find out how many messages a queue holds, open it a second time. */
static bool ask_queue(const struct wait *wait, int fd, struct mq_attr *attr)
{
    char path[32];
    int queue;
    bool answered;

    snprintf(path, sizeof path, "/proc/%d/fd/%d", wait->process->pid, fd);
    if ((queue = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) == -1)
        return false;
    answered = syscall(SYS_mq_getsetattr, queue, NULL, attr) == 0;
    close(queue);
    return answered;
}

static void explain_queue(struct wait *wait, int detail)
{
    int fd = (int)wait->arg[0];
    struct target target;
    struct mq_attr attr;
    struct resource *resource;

    if (wait->brief || !find_target(wait->process->pid, fd, &target))
        return;
    add(wait, " on the message queue %s (fd %d)", target.name, fd);
    if (ask_queue(wait, fd, &attr))
        add(wait, ", which holds %ld of %ld messages", attr.mq_curmsgs,
            attr.mq_maxmsg);
    time_limit(wait, wait->arg[4] != 0);
    resource = add_resource(wait, target.name,
                            detail == READS ? WHO_WRITES : WHO_READS);
    snprintf(resource->note, sizeof resource->note,
             "this queue is open for %s in ",
             detail == READS ? "writing" : "reading");
}

/* A line of /proc/locks; PID is -1 for an open file description's lock. */
struct lock {
    int number, pid;
    char family[16], type[16], end[24];
    unsigned long inode;
    unsigned long long start;
};

/* Return the part of LINE after its number, if LINE describes a lock. */
static const char *parse_lock(const char *line, bool *waits,
                              struct lock *lock)
{
    const char *rest = strchr(line, ':');

    if (!rest)
        return NULL;
    rest += 1 + strspn(rest + 1, " ");
    if ((*waits = starts_with(rest, "->")))
        rest += 2 + strspn(rest + 2, " ");
    lock->number = atoi(line);
    return sscanf(rest, "%15s %*s %15s %d %*x:%*x:%lu %llu %23s",
                  lock->family, lock->type, &lock->pid, &lock->inode,
                  &lock->start, lock->end) == 6 ? rest : NULL;
}

/*
 * Find the lock WANTED by the process, and the lock that blocks it, which
 * precedes it in the file and has the same number. LINE is set to the latter.
 */
static bool find_lock(const struct wait *wait, const char *family,
                      struct lock *wanted, struct lock *held, char line[128])
{
    FILE *locks = fopen("/proc/locks", "re");
    char info[1024], next[256];
    const char *rest, *inode = NULL;
    bool found = false, waits;
    struct lock lock;

    if (!locks)
        return false;
    if (read_proc(info, sizeof info, "/proc/%d/fdinfo/%d", wait->process->pid,
                  (int)wait->arg[0]) > 0)
        inode = strstr(info, "\nino:");         /* since Linux 5.14 */
    while (!found && fgets(next, sizeof next, locks)) {
        next[strcspn(next, "\n")] = '\0';
        if (!(rest = parse_lock(next, &waits, &lock)))
            continue;
        if (!waits) {
            *held = lock;
            snprintf(line, 128, "%s", rest);
        } else if (strcmp(lock.family, family) == 0 &&
                   (lock.pid == wait->process->pid || lock.pid == -1) &&
                   (!inode || strtoul(inode + 5, NULL, 10) == lock.inode)) {
            *wanted = lock;
            found = held->number == lock.number;
        }
    }
    fclose(locks);
    return found;
}

/* "bytes 0 to 9", "bytes from 10 on" */
static void format_range(const struct lock *lock, char *text, size_t size)
{
    if (strcmp(lock->end, "EOF") == 0)
        snprintf(text, size, "bytes from %llu on", lock->start);
    else
        snprintf(text, size, "bytes %llu to %s", lock->start, lock->end);
}

static const char *kind_of_lock(const struct lock *lock)
{
    bool write = strcmp(lock->type, "WRITE") == 0;

    if (strcmp(lock->family, "FLOCK") == 0)
        return write ? "an exclusive lock" : "a shared lock";
    return write ? "a write lock" : "a read lock";
}

static void add_lock(struct wait *wait, const char *family)
{
    bool whole = strcmp(family, "FLOCK") == 0;
    struct lock wanted, held = { 0 };
    char line[128], range[80];
    struct target target;
    struct resource *resource;

    if (wait->brief ||
        !find_target(wait->process->pid, (int)wait->arg[0], &target))
        return;
    if (!find_lock(wait, family, &wanted, &held, line)) {
        add(wait, " for a lock on %s (fd %d)", target.name,
            (int)wait->arg[0]);
        return;
    }
    format_range(&wanted, range, sizeof range);
    add(wait, " for %s on %s (fd %d)%s%s", kind_of_lock(&wanted), target.name,
        (int)wait->arg[0], whole ? "" : ", ", whole ? "" : range);
    resource = add_resource(wait, target.name, WHO_LOCKED);
    resource->owner = held.pid;
    snprintf(resource->lock, sizeof resource->lock, "%s", line);
    format_range(&held, range, sizeof range);
    snprintf(resource->note, sizeof resource->note, "%s%s%s is held by ",
             kind_of_lock(&held), whole ? "" : " on ", whole ? "" : range);
}

static void explain_flock(struct wait *wait, int detail)
{
    (void)detail;
    add_lock(wait, "FLOCK");
}

static void explain_fcntl(struct wait *wait, int detail)
{
    if (wait->arg[1] == F_SETLKW || wait->arg[1] == F_OFD_SETLKW)
        add_lock(wait, wait->arg[1] == F_SETLKW ? "POSIX" : "OFDLCK");
    else
        explain_ioctl(wait, detail);
}

/* ---- System V IPC ---- */

static void explain_semop(struct wait *wait, int detail)
{
    struct sembuf operation;

    add(wait, " on semaphore set %d", (int)wait->arg[0]);
    if (wait->arg[2] == 1 && peek(wait, wait->arg[1], &operation,
                                  sizeof operation) == sizeof operation)
        add(wait, " for semaphore %u to be %s%d", operation.sem_num,
            operation.sem_op ? "at least " : "", -operation.sem_op);
    time_limit(wait, detail == TIMESPEC && wait->arg[3] != 0);
}

static void explain_message(struct wait *wait, int detail)
{
    long type = (long)wait->arg[3];

    add(wait, " on System V message queue %d", (int)wait->arg[0]);
    if (detail == WRITES)
        add(wait, ", which is full");
    else if (type == 0)
        add(wait, " for any message");
    else
        add(wait, " for a message of type %s%ld", type < 0 ? "up to " : "",
            labs(type));
}

/* ---- signals ---- */

static const char *const signal_name[32] = {
#define NAME(signal) [signal] = #signal
    NAME(SIGHUP), NAME(SIGINT), NAME(SIGQUIT), NAME(SIGILL), NAME(SIGTRAP),
    NAME(SIGABRT), NAME(SIGBUS), NAME(SIGFPE), NAME(SIGKILL), NAME(SIGUSR1),
    NAME(SIGSEGV), NAME(SIGUSR2), NAME(SIGPIPE), NAME(SIGALRM),
    NAME(SIGTERM), NAME(SIGSTKFLT), NAME(SIGCHLD), NAME(SIGCONT),
    NAME(SIGSTOP), NAME(SIGTSTP), NAME(SIGTTIN), NAME(SIGTTOU), NAME(SIGURG),
    NAME(SIGXCPU), NAME(SIGXFSZ), NAME(SIGVTALRM), NAME(SIGPROF),
    NAME(SIGWINCH), NAME(SIGIO), NAME(SIGPWR), NAME(SIGSYS)
#undef NAME
};

/* "SIGINT, SIGTERM, SIGRTMIN+2"; if most are in the set, name the others. */
static void add_signals(struct wait *wait, const char *before, uint64_t set)
{
    const char *comma = before;
    int count = 0;

    for (int i = 0; i < 64; i++)
        count += set >> i & 1;
    if (count > 32) {
        set = ~set;
        set &= ~(UINT64_C(1) << (SIGKILL - 1) | UINT64_C(1) << (SIGSTOP - 1));
        for (int own = 32; own < SIGRTMIN; own++)
            set &= ~(UINT64_C(1) << (own - 1));     /* the C library's */
        add(wait, "%s%s", before, set ? "all but " : "all");
        comma = "";
    }
    for (int number = 1; number <= 64; number++) {
        if (!(set >> (number - 1) & 1))
            continue;
        if (number < 32)
            add(wait, "%s%s", comma, signal_name[number]);
        else if (number < SIGRTMIN)
            add(wait, "%s%d", comma, number);
        else
            add(wait, "%sSIGRTMIN+%d", comma, number - SIGRTMIN);
        comma = ", ";
    }
}

static uint64_t signals_in(const char *status, const char *field)
{
    const char *line = strstr(status, field);

    return line ? strtoull(line + strlen(field), NULL, 16) : 0;
}

/* In sigsuspend() the blocked signals are those of its argument. */
static void explain_pause(struct wait *wait, int detail)
{
    char status[4096];

    (void)detail;
    add(wait, " for a signal");
    if (read_proc(status, sizeof status, "/proc/%d/task/%d/status",
                  wait->process->pid, wait->thread) <= 0)
        return;
    add_signals(wait, "; it catches ", signals_in(status, "\nSigCgt:"));
    add_signals(wait, "; blocked: ", signals_in(status, "\nSigBlk:"));
    add_signals(wait, "; pending: ", signals_in(status, "\nSigPnd:") |
                signals_in(status, "\nShdPnd:"));
}

static void explain_sigwait(struct wait *wait, int detail)
{
    uint64_t set = 0;

    (void)detail;
    peek(wait, wait->arg[0], &set, sizeof set);
    if (set)
        add_signals(wait, " for ", set);
    else
        add(wait, " for a signal");
    time_limit(wait, wait->arg[2] != 0);
}

/* ---- memory ---- */

struct mapping {
    bool shared;
    unsigned long inode;
    char name[48];              /* device and inode, as in struct holder */
    char path[PATH_MAX];
};

static bool find_mapping(pid_t pid, unsigned long address,
                         struct mapping *mapping)
{
    FILE *maps = open_proc(pid, "maps");
    char line[PATH_MAX + 128], mode[5], device[16];
    unsigned long start, end, inode;
    bool found = false;
    int at;

    if (!maps)
        return false;
    while (!found && fgets(line, sizeof line, maps))
        found = sscanf(line, "%lx-%lx %4s %*s %15s %lu %n", &start, &end,
                       mode, device, &inode, &at) == 5 &&
                address >= start && address < end;
    fclose(maps);
    if (found) {
        line[strcspn(line, "\n")] = '\0';
        mapping->shared = mode[3] == 's';
        mapping->inode = inode;
        snprintf(mapping->name, sizeof mapping->name, "%s %lu", device,
                 inode);
        snprintf(mapping->path, sizeof mapping->path, "%s", line + at);
    }
    return found;
}

/* sem_open() of glibc creates the file under another name, then links it. */
static void find_linked_name(struct mapping *mapping)
{
    DIR *directory;
    struct dirent *entry;

    if (!starts_with(mapping->path, "/dev/shm/") ||
        !strstr(mapping->path, " (deleted)") ||
        !(directory = opendir("/dev/shm")))
        return;
    while ((entry = readdir(directory)))
        if (entry->d_ino == mapping->inode)
            snprintf(mapping->path, sizeof mapping->path, "/dev/shm/%s",
                     entry->d_name);
    closedir(directory);
}

/* "the named semaphore /NAME" for "/dev/shm/sem.NAME" */
static bool add_named_semaphore(struct wait *wait, const char *path)
{
    static const char start[] = "/dev/shm/sem.";

    if (!starts_with(path, start))
        return false;
    if (strstr(path, " (deleted)"))
        add(wait, " for a named semaphore that has been unlinked");
    else
        add(wait, " for the named semaphore /%s", path + strlen(start));
    return true;
}

static void add_memory(struct wait *wait, unsigned long address,
                       bool private_call)
{
    static const char what[] = " for a semaphore, mutex or condition variable";
    struct mapping mapping;
    struct resource *resource;

    if (!find_mapping(wait->process->pid, address, &mapping)) {
        wait->inside = false;
        add(wait, "%s, in memory that cannot be seen", what);
        return;
    }
    if (!mapping.shared) {
        add(wait, "%s, in private memory", what);
        return;
    }
    if (strcmp(mapping.path, "/dev/zero (deleted)") == 0)
        add(wait, "%s, in anonymous shared memory", what);
    else {
        wait->inside = false;
        find_linked_name(&mapping);
        if (!add_named_semaphore(wait, mapping.path))
            add(wait, "%s, in %s", what, mapping.path);
        resource = add_resource(wait, mapping.name, WHO_MAPPED);
        snprintf(resource->note, sizeof resource->note, "also mapped in ");
    }
    if (private_call)
        add(wait, " (but made for one process only)");
}

/* From linux/futex.h, which musl does not have. */
enum {
    WAIT = 0, LOCK_PI = 6, WAIT_BITSET = 9, WAIT_REQUEUE_PI = 11,
    LOCK_PI2 = 13, PRIVATE_FLAG = 128, OPERATION = 127
};

static void explain_futex(struct wait *wait, int detail)
{
    int operation = (int)wait->arg[1] & OPERATION;
    char stat[8];

    (void)detail;
    wait->inside = operation == WAIT || operation == LOCK_PI ||
                   operation == WAIT_BITSET || operation == WAIT_REQUEUE_PI ||
                   operation == LOCK_PI2;
    /* pthread_join() waits until a word with the thread's id becomes 0. */
    if (wait->arg[2] > 1 && wait->arg[2] <= INT_MAX &&
        read_proc(stat, sizeof stat, "/proc/%d/task/%lu/stat",
                  wait->process->pid, wait->arg[2]) > 0)
        add(wait, " for the end of thread %lu", wait->arg[2]);
    else
        add_memory(wait, wait->arg[0], wait->arg[1] & PRIVATE_FLAG);
    time_limit(wait, wait->arg[3] != 0);
}

/* ---- many descriptors ---- */

static void explain_poll(struct wait *wait, int detail)
{
    struct pollfd set[MAX_POLL];
    size_t count = wait->arg[1], got = 0;
    bool first = true;

    wait->inside = true;
    if (count > 0)
        got = peek(wait, wait->arg[0], set, count < MAX_POLL ?
                   count * sizeof *set : sizeof set) / sizeof *set;
    for (size_t i = 0; i < got; i++)
        if (set[i].fd >= 0)
            add_listed(wait, set[i].fd, &first);
    if (got < count) {
        add(wait, "%s more", first ? " on" : " and");
        wait->inside = false;
    } else if (first) {
        add(wait, " for a signal");
        wait->inside = false;
    }
    time_limit(wait, detail == TIMESPEC ? wait->arg[2] != 0 :
               (int)wait->arg[2] >= 0);
}

static void explain_select(struct wait *wait, int detail)
{
    fd_set set[3];
    int count = (int)wait->arg[0];
    bool first = true;

    (void)detail;
    memset(set, 0, sizeof set);
    wait->inside = count <= FD_SETSIZE;
    for (int i = 0; i < 3; i++)
        if (count > 0 && wait->arg[i + 1] &&
            peek(wait, wait->arg[i + 1], &set[i], sizeof set[i]) <
            (size_t)(count + 7) / 8)
            wait->inside = false;
    for (int fd = 0; fd < count && fd < FD_SETSIZE; fd++)
        if (FD_ISSET(fd, &set[0]) || FD_ISSET(fd, &set[1]) ||
            FD_ISSET(fd, &set[2]))
            add_listed(wait, fd, &first);
    if (first) {
        add(wait, " for a signal");
        wait->inside = false;
    }
    time_limit(wait, wait->arg[4] != 0);
}

static void explain_epoll(struct wait *wait, int detail)
{
    char info[4096], *line;
    bool first = true;
    int fd;

    if (read_proc(info, sizeof info, "/proc/%d/fdinfo/%d", wait->process->pid,
                  (int)wait->arg[0]) > 0)
        for (line = info; (line = strstr(line, "tfd:")); line += 4)
            if (sscanf(line, "tfd: %d", &fd) == 1)
                add_listed(wait, fd, &first);
    wait->inside = false;
    time_limit(wait, detail == TIMESPEC ? wait->arg[3] != 0 :
               (int)wait->arg[3] >= 0);
}

/* ---- the table ---- */

static const struct call {
    long number;
    const char *name;
    void (*explain)(struct wait *wait, int detail);
    int detail;
    const char *text;           /* instead of a function */
} calls[] = {
#define CALL(name, explain, detail) { SYS_##name, #name, explain, detail, "" }
#define PLAIN(name, text) { SYS_##name, #name, NULL, NONE, text }
    CALL(read, explain_transfer, READS),
    CALL(readv, explain_transfer, READS),
    CALL(pread64, explain_transfer, READS),
    CALL(write, explain_transfer, WRITES),
    CALL(writev, explain_transfer, WRITES),
    CALL(pwrite64, explain_transfer, WRITES),
    CALL(sendfile, explain_copy, ARGUMENT_1_TO_0),
    CALL(splice, explain_copy, ARGUMENT_0_TO_2),
    CALL(copy_file_range, explain_copy, ARGUMENT_0_TO_2),
    CALL(openat, explain_open, 1),
    CALL(ppoll, explain_poll, TIMESPEC),
    CALL(pselect6, explain_select, NONE),
    CALL(epoll_pwait, explain_epoll, MILLISECONDS),
    CALL(wait4, explain_wait, PID),
    CALL(waitid, explain_wait, ID_TYPE),
    CALL(futex, explain_futex, NONE),
    CALL(accept, explain_transfer, READS),
    CALL(accept4, explain_transfer, READS),
    CALL(connect, explain_connect, NONE),
    CALL(recvfrom, explain_transfer, READS),
    CALL(recvmsg, explain_transfer, READS),
    CALL(recvmmsg, explain_transfer, READS),
    CALL(sendto, explain_send, SENDTO),
    CALL(sendmsg, explain_send, SENDMSG),
    CALL(flock, explain_flock, NONE),
    CALL(fcntl, explain_fcntl, NONE),
    CALL(ioctl, explain_ioctl, NONE),
    CALL(mq_timedsend, explain_queue, WRITES),
    CALL(mq_timedreceive, explain_queue, READS),
    CALL(semop, explain_semop, NONE),
    CALL(semtimedop, explain_semop, TIMESPEC),
    CALL(msgsnd, explain_message, WRITES),
    CALL(msgrcv, explain_message, READS),
    CALL(rt_sigsuspend, explain_pause, NONE),
    CALL(rt_sigtimedwait, explain_sigwait, NONE),
    PLAIN(nanosleep, " for a time to pass"),
    PLAIN(clock_nanosleep, " for a time to pass"),
    PLAIN(clone, " for its child to call exec or to end"),
    PLAIN(restart_syscall, ": resumes a call that a stop interrupted"),
#ifdef SYS_epoll_pwait2
    CALL(epoll_pwait2, explain_epoll, TIMESPEC),
#endif
#ifdef SYS_open                 /* x86_64 has these, aarch64 does not */
    CALL(open, explain_open, 0),
    CALL(poll, explain_poll, MILLISECONDS),
    CALL(select, explain_select, NONE),
    CALL(epoll_wait, explain_epoll, MILLISECONDS),
    CALL(pause, explain_pause, NONE),
    PLAIN(vfork, " for its child to call exec or to end"),
#endif
#undef CALL
#undef PLAIN
};

static void explain_call(struct wait *wait, long number)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i].number == number) {
            add(wait, "waits in %s()%s", calls[i].name, calls[i].text);
            if (calls[i].explain)
                calls[i].explain(wait, calls[i].detail);
            return;
        }
    add(wait, "waits in system call %ld", number);
}

/* All that is left is the kernel's own name for the place. */
static void explain_unseen(struct wait *wait, int reason)
{
    char place[64];

    if (reason == EPERM || reason == EACCES)
        add(wait, "waits; cannot see in which call: needs ptrace rights");
    else
        add(wait, "waits; cannot see in which call: %s", strerror(reason));
    if (read_proc(place, sizeof place, "/proc/%d/task/%d/wchan",
                  wait->process->pid, wait->thread) > 0 &&
        strcmp(place, "0") != 0)
        add(wait, " (the kernel is in %s)", place);
}

void explain_sleeper(struct wait *wait)
{
    char line[256];
    long number;
    int fields;

    errno = ENOENT;
    if (read_call(wait->process->pid, wait->thread, line, sizeof line) <= 0) {
        explain_unseen(wait, errno);
        return;
    }
    fields = sscanf(line, "%ld %lx %lx %lx %lx %lx %lx", &number,
                    &wait->arg[0], &wait->arg[1], &wait->arg[2],
                    &wait->arg[3], &wait->arg[4], &wait->arg[5]);
    if (fields == 7)
        explain_call(wait, number);
    else if (fields >= 1)
        add(wait, "waits outside of any system call");
    else
        add(wait, "is running");
}

