/*
 * autopsy - look at processes through /proc, and say what they wait for
 *
 * Nothing is traced and nothing disturbed: /proc/PID/task/TID/syscall gives
 * the number and the arguments of the call that a thread sleeps in, the rest
 * of /proc what they refer to. A call is added by a line in `calls` and, if
 * its arguments say something new, a function that explains them.
 *
 * See proc(5), syscall(2), ptrace(2) ("Ptrace access mode checking").
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "autopsy.h"

enum { MAX_PIPES = 16, MAX_POLL = 64, MAX_NAMED = 6 };

/* What a descriptor leads to: a path, or "pipe:[1234]" and the like. */
struct target {
    char name[256];
    bool readable, writable;
};

/* A pipe or FIFO that a thread waits on. */
struct pipe_wait {
    struct target target;
    int fd;
    bool anonymous;
    bool for_writer;            /* it waits for the write end to be used */
};

/* What one thread waits for. */
struct wait {
    const struct process *process;
    const struct tree *tree;
    pid_t thread;
    unsigned long arg[6];
    bool ended;
    bool inside;                /* only the tree could end it */
    size_t pipe_count;
    struct pipe_wait pipe[MAX_PIPES];
    char text[512];
};

/* A descriptor, anywhere in the system, of a pipe that is waited on. */
struct holder {
    struct target target;
    pid_t pid;
    int fd;
};

struct look {
    struct wait *wait;
    size_t wait_count;
    struct holder *holder;
    size_t holder_count;
};

/* ---- reading /proc ---- */

/* Read a file as a string: its length, or -1 with errno. */
__attribute__((format(printf, 3, 4)))
static ssize_t read_proc(char *buffer, size_t size, const char *format, ...)
{
    char path[64];
    ssize_t count;
    va_list args;
    int fd;

    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
        return -1;
    count = read(fd, buffer, size - 1);
    close(fd);
    if (count >= 0)
        buffer[count] = '\0';
    return count;
}

static DIR *open_directory(pid_t pid, const char *name)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return opendir(path);
}

/*
 * The file itself is not touched: one that another process serves (FUSE) could
 * hold us up.
 */
static bool find_target(pid_t pid, int fd, struct target *target)
{
    char path[32];
    struct stat link;
    ssize_t length;

    snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
    length = readlink(path, target->name, sizeof target->name - 1);
    if (length == -1 || lstat(path, &link) == -1)
        return false;
    target->name[length] = '\0';
    target->readable = link.st_mode & S_IRUSR;
    target->writable = link.st_mode & S_IWUSR;
    return true;
}

/* The next entry of a directory that is a number, or -1 after the last. */
static pid_t next_number(DIR *directory)
{
    struct dirent *entry;

    while ((entry = readdir(directory)))
        if (isdigit((unsigned char)entry->d_name[0]))
            return atoi(entry->d_name);
    return -1;
}

/* Make room for one element more. */
static void *grow(void *array, size_t count, size_t size)
{
    if (count & (count - 1))
        return array;
    if (!(array = realloc(array, (count ? 2 * count : 1) * size))) {
        perror("labrun: realloc");
        exit(125);
    }
    return array;
}

/* Names and paths come from the processes: no control characters. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 127)
            *text = '?';
}

static bool parse_stat(const char *stat, struct process *process)
{
    const char *open = strchr(stat, '('), *close = strrchr(stat, ')');
    long threads;

    if (!open || !close ||
        sscanf(close + 1, " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u"
               " %*u %*u %*d %*d %*d %*d %ld", &process->state,
               &process->parent, &process->group, &threads) != 4)
        return false;
    process->pid = atoi(stat);
    /* A first thread that has ended before the others looks like a zombie. */
    process->dead = (process->state == 'Z' || process->state == 'X') &&
                    threads < 2;
    snprintf(process->name, sizeof process->name, "%.*s",
             (int)(close - open - 1), open + 1);
    make_printable(process->name);
    return true;
}

void process_name(pid_t pid, char name[16])
{
    char stat[512];
    struct process process;

    strcpy(name, "?");
    if (read_proc(stat, sizeof stat, "/proc/%d/stat", pid) > 0 &&
        parse_stat(stat, &process))
        memcpy(name, process.name, sizeof process.name);
}

/* ---- the tree ---- */

static int by_pid(const void *a, const void *b)
{
    const struct process *one = a, *two = b;

    return (one->pid > two->pid) - (one->pid < two->pid);
}

static struct process *find(const struct tree *tree, pid_t pid)
{
    if (tree->count == 0)
        return NULL;
    return bsearch(&(struct process){ .pid = pid }, tree->process, tree->count,
                   sizeof *tree->process, by_pid);
}

/* Is this process one of ALL that belongs to the tree of ROOT? */
static bool belongs(const struct process *process, const struct tree *all,
                    pid_t root)
{
    const struct process *parent = find(all, process->parent);

    return process->parent == root || (parent && parent->member);
}

/*
 * /proc lists processes in the order of their pids, so that most parents come
 * before their children, and what is forked during the look is still found.
 */
static void find_all(struct tree *all, pid_t root, bool with_root,
                     void (*found)(const struct process *process))
{
    DIR *directory = opendir("/proc");
    struct process process;
    char stat[512];
    pid_t pid;

    if (!directory)
        return;
    while ((pid = next_number(directory)) != -1) {
        if (read_proc(stat, sizeof stat, "/proc/%d/stat", pid) <= 0 ||
            !parse_stat(stat, &process))
            continue;           /* it has just ended */
        process.member = pid == root ? with_root :
                         belongs(&process, all, root);
        if (process.member && found)
            found(&process);
        all->process = grow(all->process, all->count, sizeof process);
        all->process[all->count++] = process;
    }
    closedir(directory);
}

/* Those whose parents have higher pids: the kernel has started again at 1. */
static void find_rest(const struct tree *all, pid_t root,
                      void (*found)(const struct process *process))
{
    bool again = true;

    while (again) {
        again = false;
        for (size_t i = 0; i < all->count; i++) {
            struct process *process = &all->process[i];

            if (process->member || process->pid == root ||
                !belongs(process, all, root))
                continue;
            process->member = again = true;
            if (found)
                found(process);
        }
    }
}

void tree_find(struct tree *tree, pid_t root, bool with_root,
               void (*found)(const struct process *process))
{
    size_t count = 0;

    free(tree->process);
    *tree = (struct tree){ 0 };
    find_all(tree, root, with_root, found);
    find_rest(tree, root, found);
    for (size_t i = 0; i < tree->count; i++)
        if (tree->process[i].member)
            tree->process[count++] = tree->process[i];
    tree->count = count;
}

/* ---- the cheap look ---- */

static void mix(uint64_t *hash, uint64_t value)
{
    for (int i = 0; i < 8; i++, value >>= 8)
        *hash = (*hash ^ (value & 0xff)) * UINT64_C(0x100000001b3);
}

/* Is this thread asleep? Its switches are added to HASH. */
static bool thread_asleep(pid_t pid, pid_t tid, uint64_t *hash)
{
    char status[4096];
    unsigned long voluntary, forced;
    const char *state, *count;

    if (read_proc(status, sizeof status, "/proc/%d/task/%d/status", pid,
                  tid) <= 0 ||
        !(state = strstr(status, "\nState:\t")) ||
        !(count = strstr(state, "\nvoluntary_ctxt_switches:")) ||
        sscanf(count, "\nvoluntary_ctxt_switches: %lu"
               " nonvoluntary_ctxt_switches: %lu", &voluntary, &forced) != 2)
        return false;
    mix(hash, tid);
    mix(hash, voluntary);
    mix(hash, forced);
    return state[8] == 'S' || state[8] == 'Z';
}

bool tree_asleep(const struct tree *tree, uint64_t *switches)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    bool asleep = true;

    for (size_t i = 0; asleep && i < tree->count; i++) {
        const struct process *process = &tree->process[i];
        DIR *tasks;
        pid_t tid;

        mix(&hash, process->pid);
        if (process->dead)
            continue;
        if ((process->state != 'S' && process->state != 'Z') ||
            !(tasks = open_directory(process->pid, "task")))
            return false;
        while (asleep && (tid = next_number(tasks)) != -1)
            asleep = thread_asleep(process->pid, tid, &hash);
        closedir(tasks);
    }
    *switches = hash;
    return asleep;
}

/* ---- what a thread waits for ---- */

__attribute__((format(printf, 2, 3)))
static void add(struct wait *wait, const char *format, ...)
{
    size_t length = strlen(wait->text);
    va_list args;

    va_start(args, format);
    vsnprintf(wait->text + length, sizeof wait->text - length, format, args);
    va_end(args);
}

/* Copy from the memory of the process: how much, 0 if it cannot be read. */
static size_t peek(const struct wait *wait, unsigned long address,
                   void *buffer, size_t size)
{
    char path[32];
    ssize_t count;
    int fd;

    snprintf(path, sizeof path, "/proc/%d/mem", wait->process->pid);
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
        return 0;
    count = pread(fd, buffer, size, (off_t)address);
    close(fd);
    return count > 0 ? (size_t)count : 0;
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Add a pipe or FIFO. Any stranger could open a FIFO. */
static void add_pipe(struct wait *wait, int fd, const struct target *target,
                     bool for_writer)
{
    bool anonymous = starts_with(target->name, "pipe:");

    add(wait, "%s%s", anonymous ? "a pipe" : "the FIFO ",
        anonymous ? "" : target->name);
    if (!anonymous || wait->pipe_count == MAX_PIPES)
        wait->inside = false;
    if (wait->pipe_count < MAX_PIPES)
        wait->pipe[wait->pipe_count++] = (struct pipe_wait){
            *target, fd, anonymous, for_writer
        };
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
 * Add what descriptor FD is: true if it is a pipe or FIFO. FOR_WRITER: the
 * thread waits for somebody to write, or to close the write end.
 */
static bool add_file(struct wait *wait, int fd, bool for_writer)
{
    pid_t pid = wait->process->pid;
    struct target target;

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
    if (starts_with(target.name, "socket:"))
        add(wait, "a socket");
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
    bool is_pipe = add_file(wait, fd, for_writer);

    if (fd >= 0 && fd <= STDERR_FILENO)
        add(wait, " (standard %s)", name[fd]);
    else if (!is_pipe)
        add(wait, " (fd %d)", fd);
}

/* One of several descriptors that are waited on. */
static void add_listed(struct wait *wait, int fd, bool *first)
{
    struct target target = { .writable = false };

    find_target(wait->process->pid, fd, &target);
    add(wait, "%s fd %d (", *first ? " on" : ",", fd);
    add_file(wait, fd, !target.writable);
    add(wait, ")");
    *first = false;
}

/* What a function below must know of the call besides its arguments. */
enum detail {
    NONE, READS, WRITES, ARGUMENT_0_TO_2, ARGUMENT_1_TO_0, MILLISECONDS,
    TIMESPEC, PID, ID_TYPE
};

static void explain_transfer(struct wait *wait, int detail)
{
    wait->inside = true;
    add(wait, " on ");
    add_descriptor(wait, (int)wait->arg[0], detail == READS);
}

/* A call that is about the descriptor that is its first argument. */
static void explain_descriptor(struct wait *wait, int detail)
{
    explain_transfer(wait, detail);
    wait->inside = false;
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

/* DETAIL: which argument the path is; flags follow, a directory precedes. */
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
        add(wait, " of a file whose name cannot be seen");
    else if (stat(real, &file) == 0 && S_ISFIFO(file.st_mode))
        add(wait, " of the FIFO %s for a %s", path,
            (flags & O_ACCMODE) == O_RDONLY ? "writer" : "reader");
    else
        add(wait, " of %s", path);
}

static void time_limit(struct wait *wait, bool limited)
{
    if (limited) {
        wait->inside = false;
        add(wait, ", with a time limit");
    }
}

struct mapping {
    bool shared;
    ino_t inode;
    char path[PATH_MAX];
};

static bool find_mapping(pid_t pid, unsigned long address,
                         struct mapping *mapping)
{
    char name[32], line[PATH_MAX + 128], mode[5];
    unsigned long start, end, inode;
    bool found = false;
    FILE *maps;
    int at;

    snprintf(name, sizeof name, "/proc/%d/maps", pid);
    if (!(maps = fopen(name, "re")))
        return false;
    while (!found && fgets(line, sizeof line, maps))
        found = sscanf(line, "%lx-%lx %4s %*s %*s %lu %n", &start, &end, mode,
                       &inode, &at) == 4 && address >= start && address < end;
    fclose(maps);
    if (found) {
        line[strcspn(line, "\n")] = '\0';
        mapping->shared = mode[3] == 's';
        mapping->inode = inode;
        snprintf(mapping->path, sizeof mapping->path, "%s", line + at);
    }
    return found;
}

/* glibc's sem_open() makes a file under another name, and then links it. */
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

static void add_memory(struct wait *wait, unsigned long address,
                       bool private_call)
{
    struct mapping mapping;
    bool anonymous;

    if (!find_mapping(wait->process->pid, address, &mapping)) {
        wait->inside = false;
        add(wait, ", in memory that cannot be seen");
        return;
    }
    if (!mapping.shared) {
        add(wait, ", in private memory");
        return;
    }
    anonymous = strcmp(mapping.path, "/dev/zero (deleted)") == 0;
    if (!anonymous) {
        wait->inside = false;
        find_linked_name(&mapping);
    }
    add(wait, ", in %s", anonymous ? "anonymous shared memory" : mapping.path);
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
    /* pthread_join() waits for a word that holds the thread's id to be 0. */
    if (wait->arg[2] > 1 && wait->arg[2] <= INT_MAX &&
        read_proc(stat, sizeof stat, "/proc/%d/task/%lu/stat",
                  wait->process->pid, wait->arg[2]) > 0)
        add(wait, " for the end of thread %lu", wait->arg[2]);
    else {
        add(wait, " for a semaphore, mutex or condition variable");
        add_memory(wait, wait->arg[0], wait->arg[1] & PRIVATE_FLAG);
    }
    time_limit(wait, wait->arg[3] != 0);
}

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
    CALL(accept, explain_descriptor, READS),
    CALL(accept4, explain_descriptor, READS),
    CALL(connect, explain_descriptor, WRITES),
    CALL(recvfrom, explain_descriptor, READS),
    CALL(recvmsg, explain_descriptor, READS),
    CALL(sendto, explain_descriptor, WRITES),
    CALL(sendmsg, explain_descriptor, WRITES),
    CALL(flock, explain_descriptor, NONE),
    CALL(fcntl, explain_descriptor, NONE),
    CALL(ioctl, explain_descriptor, NONE),
    CALL(mq_timedsend, explain_descriptor, WRITES),
    CALL(mq_timedreceive, explain_descriptor, READS),
    PLAIN(rt_sigsuspend, " for a signal"),
    PLAIN(rt_sigtimedwait, " for a signal"),
    PLAIN(nanosleep, " for a time to pass"),
    PLAIN(clock_nanosleep, " for a time to pass"),
    PLAIN(clone, " for its child to call exec or to end"),
    PLAIN(restart_syscall, ": goes on with a call that a stop interrupted"),
    PLAIN(semop, ""),
    PLAIN(semtimedop, ""),
    PLAIN(msgsnd, ""),
    PLAIN(msgrcv, ""),
#ifdef SYS_epoll_pwait2
    CALL(epoll_pwait2, explain_epoll, TIMESPEC),
#endif
#ifdef SYS_open                 /* x86_64 has these, aarch64 has not */
    CALL(open, explain_open, 0),
    CALL(poll, explain_poll, MILLISECONDS),
    CALL(select, explain_select, NONE),
    CALL(epoll_wait, explain_epoll, MILLISECONDS),
    PLAIN(pause, " for a signal"),
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

/* Only the kernel's own name for the place is left to tell. */
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

static void explain_sleeper(struct wait *wait)
{
    char line[256];
    long number;
    int fields;

    errno = ENOENT;
    if (read_proc(line, sizeof line, "/proc/%d/task/%d/syscall",
                  wait->process->pid, wait->thread) <= 0) {
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

static void explain_state(struct wait *wait, char state)
{
    if (state == 'S' || state == 'D')
        explain_sleeper(wait);
    else if (state == 'T')
        add(wait, "is stopped by a signal");
    else if (state == 't')
        add(wait, "is stopped by a debugger");
    else if ((wait->ended = state == 'Z' || state == 'X'))
        add(wait, "has ended");
    else
        add(wait, "is running");
    make_printable(wait->text);
}

/* ---- the expensive look ---- */

static struct wait *add_wait(struct look *look, const struct tree *tree,
                             const struct process *process, pid_t thread)
{
    struct wait *wait;

    look->wait = grow(look->wait, look->wait_count, sizeof *look->wait);
    wait = &look->wait[look->wait_count++];
    *wait = (struct wait){
        .process = process, .tree = tree, .thread = thread
    };
    return wait;
}

static void look_at_threads(struct look *look, const struct tree *tree,
                            const struct process *process)
{
    DIR *tasks = open_directory(process->pid, "task");
    struct process thread;
    char stat[512];
    pid_t tid;

    if (!tasks)
        return;
    while ((tid = next_number(tasks)) != -1)
        if (read_proc(stat, sizeof stat, "/proc/%d/task/%d/stat",
                      process->pid, tid) > 0 && parse_stat(stat, &thread))
            explain_state(add_wait(look, tree, process, tid), thread.state);
    closedir(tasks);
}

static void look_at_tree(struct look *look, const struct tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct process *process = &tree->process[i];

        if (process->dead) {
            struct wait *wait = add_wait(look, tree, process, process->pid);

            wait->ended = true;
            add(wait, "has ended, its parent has not waited for it");
        } else
            look_at_threads(look, tree, process);
    }
}

static bool wanted(const struct look *look, const char *name)
{
    for (size_t i = 0; i < look->wait_count; i++)
        for (size_t j = 0; j < look->wait[i].pipe_count; j++)
            if (strcmp(look->wait[i].pipe[j].target.name, name) == 0)
                return true;
    return false;
}

static void look_at_descriptors(struct look *look, pid_t pid)
{
    DIR *directory = open_directory(pid, "fd");
    struct target target;
    int fd;

    if (!directory)
        return;
    while ((fd = next_number(directory)) != -1) {
        if (!find_target(pid, fd, &target) || !wanted(look, target.name))
            continue;
        look->holder = grow(look->holder, look->holder_count,
                            sizeof *look->holder);
        look->holder[look->holder_count++] =
            (struct holder){ target, pid, fd };
    }
    closedir(directory);
}

/* Who, in the whole system, has the pipes open that the tree waits on? */
static void look_for_holders(struct look *look)
{
    DIR *directory = opendir("/proc");
    pid_t pid;

    if (!directory)
        return;
    while ((pid = next_number(directory)) != -1)
        look_at_descriptors(look, pid);
    closedir(directory);
}

/* Could this holder end the wait? */
static bool could_end(const struct holder *holder,
                      const struct pipe_wait *pipe)
{
    return strcmp(holder->target.name, pipe->target.name) == 0 &&
           (pipe->for_writer ? holder->target.writable :
            holder->target.readable);
}

static void end_look(struct look *look)
{
    free(look->wait);
    free(look->holder);
}

/* ---- the verdict ---- */

/*
 * Could a signal or a timer end a wait of this process? A handler says that
 * signals are expected. Not so the handlers for children's ends, for faults
 * and for broken pipes, nor the first realtime ones, which the C library uses:
 * none of these comes from outside.
 */
static bool expects_signals(pid_t pid)
{
    static const int harmless[] = {
        SIGCHLD, SIGPIPE, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT,
        SIGSYS, 32, 33, 34
    };
    char status[4096], timers[8];
    const char *line;
    uint64_t caught;

    if (read_proc(timers, sizeof timers, "/proc/%d/timers", pid) > 0 ||
        read_proc(status, sizeof status, "/proc/%d/status", pid) <= 0 ||
        !(line = strstr(status, "\nSigCgt:")) ||
        sscanf(line, "\nSigCgt: %" SCNx64, &caught) != 1)
        return true;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        caught &= ~(UINT64_C(1) << (harmless[i] - 1));
    return caught != 0;
}

/*
 * Does the tree have each pipe for itself? Somebody must have its other end,
 * or nobody would wait.
 */
static bool held_inside(const struct look *look, const struct tree *tree)
{
    for (size_t i = 0; i < look->holder_count; i++)
        if (!find(tree, look->holder[i].pid))
            return false;
    for (size_t i = 0; i < look->wait_count; i++)
        for (size_t j = 0; j < look->wait[i].pipe_count; j++) {
            size_t k = 0;

            while (k < look->holder_count &&
                   !could_end(&look->holder[k], &look->wait[i].pipe[j]))
                k++;
            if (k == look->holder_count)
                return false;
        }
    return true;
}

bool tree_deadlocked(const struct tree *tree)
{
    struct look look = { 0 };
    bool inside = true, alive = false;

    for (size_t i = 0; inside && i < tree->count; i++)
        if (!tree->process[i].dead)
            inside = !expects_signals(tree->process[i].pid);
    if (inside)
        look_at_tree(&look, tree);
    for (size_t i = 0; inside && i < look.wait_count; i++)
        if (!look.wait[i].ended) {
            alive = true;
            inside = look.wait[i].inside;
        }
    if (inside && alive) {
        look_for_holders(&look);
        inside = held_inside(&look, tree);
    }
    end_look(&look);
    return inside && alive;
}

/* ---- the report ---- */

static const char *role(const struct tree *tree, const struct process *process)
{
    if (find(tree, process->parent))
        return " (child)";
    for (size_t i = 0; i < tree->count; i++)
        if (tree->process[i].parent == process->pid)
            return " (parent)";
    return "";
}

/* "4121 (fd 3, fd 4), 900 (bash, fd 1)" */
static void print_holders(const struct look *look, const struct tree *tree,
                          const struct pipe_wait *pipe, FILE *out)
{
    pid_t last = -1;
    int count = 0;
    char name[16];

    for (size_t i = 0; i < look->holder_count; i++) {
        const struct holder *holder = &look->holder[i];

        if (!could_end(holder, pipe))
            continue;
        if (holder->pid == last) {
            fprintf(out, ", fd %d", holder->fd);
            continue;
        }
        if (count++ == MAX_NAMED) {
            fprintf(out, "), and others");
            return;
        }
        fprintf(out, "%s%d (", last == -1 ? "" : "), ", holder->pid);
        if (!find(tree, holder->pid)) {
            process_name(holder->pid, name);
            fprintf(out, "%s, ", name);
        }
        fprintf(out, "fd %d", holder->fd);
        last = holder->pid;
    }
    fprintf(out, "%s", count ? ")" : "no process that can be seen");
}

static void print_pipes(const struct look *look, const struct wait *wait,
                        int indent, FILE *out)
{
    for (size_t i = 0; i < wait->pipe_count; i++) {
        const struct pipe_wait *pipe = &wait->pipe[i];
        const char *kind = pipe->anonymous ? "pipe" : "FIFO";

        fprintf(out, "%*s", indent, "");
        if (wait->pipe_count > 1)
            fprintf(out, "fd %d: ", pipe->fd);
        if (pipe->for_writer)
            fprintf(out, "the write end of this %s is still open in ", kind);
        else if (wait->pipe_count > 1)
            fprintf(out, "the read end of this %s is open in ", kind);
        else
            fprintf(out, "this %s is full; its read end is open in ", kind);
        print_holders(look, wait->tree, pipe, out);
        fprintf(out, "\n");
    }
}

static bool same_wait(const struct wait *one, const struct wait *two)
{
    return one->process == two->process &&
           strcmp(one->text, two->text) == 0 &&
           strcmp(one->pipe[0].target.name, two->pipe[0].target.name) == 0;
}

/* One line for all threads of a process that wait in the same way. */
static void print_wait(const struct look *look, size_t i, int pid_width,
                       int name_width, FILE *out)
{
    const struct wait *wait = &look->wait[i];
    const char *is = role(wait->tree, wait->process);
    int threads = 0, same = 0;

    for (size_t j = 0; j < look->wait_count; j++) {
        threads += look->wait[j].process == wait->process;
        if (same_wait(&look->wait[j], wait)) {
            if (j < i)
                return;
            same++;
        }
    }
    fprintf(out, "  %*d %s%-*s  %s", pid_width, wait->process->pid,
            wait->process->name,
            name_width - (int)strlen(wait->process->name), is, wait->text);
    if (same > 1)
        fprintf(out, " (%d threads)", same);
    else if (threads > 1)
        fprintf(out, " (thread %d)", wait->thread);
    fprintf(out, "\n");
    print_pipes(look, wait, pid_width + 3, out);
}

void tree_explain(const struct tree *tree, FILE *out)
{
    struct look look = { 0 };
    int pid_width = 0, name_width = 0;

    look_at_tree(&look, tree);
    look_for_holders(&look);
    for (size_t i = 0; i < tree->count; i++) {
        const struct process *process = &tree->process[i];
        int pid = snprintf(NULL, 0, "%d", process->pid);
        int name = (int)(strlen(process->name) + strlen(role(tree, process)));

        pid_width = pid > pid_width ? pid : pid_width;
        name_width = name > name_width ? name : name_width;
    }
    for (size_t i = 0; i < look.wait_count; i++)
        print_wait(&look, i, pid_width, name_width, out);
    end_look(&look);
}
