/*
 * autopsy - find out through /proc what processes are waiting for
 *
 * Nothing is traced, and nothing is disturbed. How the data flows:
 *
 *     /proc/PID/stat ----> tree_find() ----> struct tree: the processes
 *                                                |
 *     task/TID/syscall --> look_at_tree() <------+
 *     /proc/PID/mem            |   ask.c: from an ancestor, if we are denied
 *                              |   autopsy_calls.c: which call, on which object
 *     /proc/PID/net            |   autopsy_net.c: the same for a socket
 *                              v
 *                          struct wait: one for each thread. Its text says what
 *                              |   the thread is waiting for; each resource in
 *                              |   it is an object whose other users could
 *                              |   unblock the thread (a pipe's writers, say)
 *     /proc/(all)/fd, maps     v
 *          -------------> look_for_holders()
 *                              |
 *                              v
 *                          struct holder: who in the whole system has such an
 *                              |   object open, mapped or locked
 *                              v
 *        tree_deadlocked(): are all holders in the tree, and all asleep?
 *        tree_explain(): print each wait, and below it the holders
 *
 * All of these belong to one struct look, which is filled, used and freed by
 * a single call of tree_deadlocked() or tree_explain(). tree_asleep() needs
 * none of them: it is cheap, so labrun calls it at every tick.
 *
 * See proc(5).
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "autopsy_wait.h"

/*
 * A descriptor, in any process of the system, for an object that a thread is
 * waiting for; or a mapping of one, whose fd is -1.
 */
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
    bool brief;                 /* only for the verdict */
};

/* ---- reading /proc ---- */

/* Read a file as a string. Return its length, or -1 and set errno. */
ssize_t read_proc(char *buffer, size_t size, const char *format, ...)
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

FILE *open_proc(pid_t pid, const char *name)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return fopen(path, "re");
}

DIR *open_directory(pid_t pid, const char *name)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return opendir(path);
}

/*
 * Do not touch the file itself: if another process serves it (FUSE), that
 * could block us.
 */
bool find_target(pid_t pid, int fd, struct target *target)
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

/* Return the next entry that is a number, or -1 if there is no other. */
static pid_t next_number(DIR *directory)
{
    struct dirent *entry;

    while ((entry = readdir(directory)))
        if (isdigit((unsigned char)entry->d_name[0]))
            return atoi(entry->d_name);
    return -1;
}

/* Make room for one more element. */
void *grow(void *array, size_t count, size_t size)
{
    if (count & (count - 1))
        return array;
    if (!(array = realloc(array, (count ? 2 * count : 1) * size))) {
        perror("labrun: realloc");
        exit(125);
    }
    return array;
}

bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Names and paths are the processes' own: they may hold control characters. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 127)
            *text = '?';
}

static bool parse_stat(const char *stat, struct process *process)
{
    const char *open = strchr(stat, '('), *close = strrchr(stat, ')');
    long threads, pages;

    if (!open || !close ||
        sscanf(close + 1, " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u"
               " %*u %*u %*d %*d %*d %*d %ld %*d %*u %*u %ld", &process->state,
               &process->parent, &process->group, &threads, &pages) != 5)
        return false;
    process->memory = (long long)pages * sysconf(_SC_PAGESIZE);
    process->pid = atoi(stat);
    /* A main thread that ended before the others looks like a zombie. */
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

/* Does this process, one of ALL, belong to the tree of ROOT? */
static bool belongs(const struct process *process, const struct tree *all,
                    pid_t root)
{
    const struct process *parent = find(all, process->parent);

    return process->parent == root || (parent && parent->member);
}

/*
 * /proc lists processes by ascending pid, so most parents precede their
 * children, and a process forked while we read is still found.
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

/* Those whose parents have higher pids, because pids have wrapped round. */
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

/* ---- the cheap look: has anything run? ---- */

static void mix(uint64_t *hash, uint64_t value)
{
    for (int i = 0; i < 8; i++, value >>= 8)
        *hash = (*hash ^ (value & 0xff)) * UINT64_C(0x100000001b3);
}

/* Is this thread asleep? Add its context switches to HASH. */
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

/* ---- the expensive look: what is each thread waiting for? ---- */

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
    for (size_t i = 0; i < wait->resource_count; i++)
        make_printable(wait->resource[i].note);
}

static struct wait *add_wait(struct look *look, const struct tree *tree,
                             const struct process *process, pid_t thread)
{
    struct wait *wait;

    look->wait = grow(look->wait, look->wait_count, sizeof *look->wait);
    wait = &look->wait[look->wait_count++];
    *wait = (struct wait){
        .process = process, .tree = tree, .thread = thread,
        .brief = look->brief
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
        for (size_t j = 0; j < look->wait[i].resource_count; j++)
            if (strcmp(look->wait[i].resource[j].name, name) == 0)
                return true;
    return false;
}

static void add_holder(struct look *look, struct holder holder)
{
    look->holder = grow(look->holder, look->holder_count, sizeof holder);
    look->holder[look->holder_count++] = holder;
}

static void look_at_descriptors(struct look *look, pid_t pid)
{
    DIR *directory = open_directory(pid, "fd");
    struct target target;
    int fd;

    if (!directory)
        return;
    while ((fd = next_number(directory)) != -1)
        if (find_target(pid, fd, &target) && wanted(look, target.name))
            add_holder(look, (struct holder){ target, pid, fd });
    closedir(directory);
}

/* A mapping is identified by the device and inode of its file: "00:1a 1234". */
static void look_at_mappings(struct look *look, pid_t pid)
{
    FILE *maps = open_proc(pid, "maps");
    struct holder holder = { .pid = pid, .fd = -1 };
    char line[512], device[16], inode[24];

    if (!maps)
        return;
    while (fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%*x-%*x %*s %*x %15s %23s", device, inode) != 2)
            continue;           /* the rest of a long path */
        snprintf(holder.target.name, sizeof holder.target.name, "%s %s",
                 device, inode);
        if (wanted(look, holder.target.name))
            add_holder(look, holder);
    }
    fclose(maps);
}

/* Find every process in the system that has what the tree is waiting for. */
static void look_for_holders(struct look *look)
{
    DIR *directory = opendir("/proc");
    bool mapped = false;
    pid_t pid;

    if (!directory)
        return;
    for (size_t i = 0; i < look->wait_count; i++)
        for (size_t j = 0; j < look->wait[i].resource_count; j++)
            mapped |= look->wait[i].resource[j].use == WHO_MAPPED;
    while ((pid = next_number(directory)) != -1) {
        look_at_descriptors(look, pid);
        if (mapped)
            look_at_mappings(look, pid);
    }
    closedir(directory);
}

/* Is this lock one of those held through the holder's descriptor? */
static bool has_lock(const struct holder *holder, const char *lock)
{
    char info[4096];

    return *lock && read_proc(info, sizeof info, "/proc/%d/fdinfo/%d",
                              holder->pid, holder->fd) > 0 &&
           strstr(info, lock);
}

/* Could this holder unblock the waiting thread? */
static bool could_unblock(const struct holder *holder, const struct wait *wait,
                      const struct resource *resource)
{
    if (strcmp(holder->target.name, resource->name) != 0)
        return false;
    switch (resource->use) {
    case WHO_WRITES: return holder->target.writable;
    case WHO_READS: return holder->target.readable;
    case WHO_LOCKED: return has_lock(holder, resource->lock);
    case WHO_MAPPED: return holder->pid != wait->process->pid;
    case WHO_HAS: break;
    }
    return true;
}

static void free_look(struct look *look)
{
    free(look->wait);
    free(look->holder);
}

/* ---- the verdict ---- */

/*
 * Could a signal or a timer interrupt this process? If it has a handler, it
 * expects signals. Handlers for SIGCHLD, for faults, for SIGPIPE and for the
 * first realtime signals, which the C library uses, do not count: none of
 * these signals is sent from outside.
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
 * Does nobody outside the tree have any of these pipes open? Somebody must
 * have the other end of each, or its reader would not be waiting.
 */
static bool held_inside(const struct look *look, const struct tree *tree)
{
    for (size_t i = 0; i < look->holder_count; i++)
        if (!find(tree, look->holder[i].pid))
            return false;
    for (size_t i = 0; i < look->wait_count; i++)
        for (size_t j = 0; j < look->wait[i].resource_count; j++) {
            size_t k = 0;

            while (k < look->holder_count &&
                   !could_unblock(&look->holder[k], &look->wait[i],
                              &look->wait[i].resource[j]))
                k++;
            if (k == look->holder_count)
                return false;
        }
    return true;
}

bool tree_deadlocked(const struct tree *tree)
{
    struct look look = { .brief = true };
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
    free_look(&look);
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

/* Print the owner of a lock whose descriptor we are not allowed to see. */
static bool print_owner(const struct resource *resource, FILE *out)
{
    char name[16];

    if (resource->owner <= 0)
        return false;
    process_name(resource->owner, name);
    fprintf(out, "%d (%s)", resource->owner, name);
    return true;
}

/* "4121 (fd 3, fd 4), 900 (bash, fd 1)"; a mapping has no descriptor. */
static void print_holders(const struct look *look, const struct wait *wait,
                          const struct resource *resource, FILE *out)
{
    const char *close = "";
    pid_t last = -1;
    int count = 0;
    char name[16];

    for (size_t i = 0; i < look->holder_count; i++) {
        const struct holder *holder = &look->holder[i];

        if (!could_unblock(holder, wait, resource))
            continue;
        if (holder->pid == last) {
            if (holder->fd >= 0)
                fprintf(out, ", fd %d", holder->fd);
            continue;
        }
        fputs(close, out);
        if (count++ == MAX_NAMED) {
            fprintf(out, ", and others");
            return;
        }
        fprintf(out, "%s%d", count == 1 ? "" : ", ", holder->pid);
        last = holder->pid;
        close = "";
        if (!find(wait->tree, holder->pid)) {
            process_name(holder->pid, name);
            fprintf(out, " (%s", name);
            close = ")";
        }
        if (holder->fd >= 0) {
            fprintf(out, "%sfd %d", *close ? ", " : " (", holder->fd);
            close = ")";
        }
    }
    fputs(close, out);
    if (count == 0 && !print_owner(resource, out))
        fprintf(out, "no %sprocess that can be seen",
                resource->use == WHO_MAPPED ? "other " : "");
}

static void print_resources(const struct look *look, const struct wait *wait,
                            int indent, FILE *out)
{
    bool several = wait->resource_count > 1 &&
                   wait->resource[0].fd !=
                       wait->resource[wait->resource_count - 1].fd;

    for (size_t i = 0; i < wait->resource_count; i++) {
        const struct resource *resource = &wait->resource[i];
        const char *kind = resource->anonymous ? "pipe" : "FIFO";

        fprintf(out, "%*s", indent, "");
        if (several)
            fprintf(out, "fd %d: ", resource->fd);
        if (resource->note[0])
            fputs(resource->note, out);
        else if (resource->use == WHO_WRITES)
            fprintf(out, "the write end of this %s is still open in ", kind);
        else if (several)
            fprintf(out, "the read end of this %s is open in ", kind);
        else
            fprintf(out, "this %s is full; its read end is open in ", kind);
        if (resource->name[0])
            print_holders(look, wait, resource, out);
        fprintf(out, "\n");
    }
}

static bool same_wait(const struct wait *one, const struct wait *two)
{
    return one->process == two->process &&
           strcmp(one->text, two->text) == 0 &&
           strcmp(one->resource[0].name, two->resource[0].name) == 0;
}

/* Print one line for all threads of a process that are waiting alike. */
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
    print_resources(look, wait, pid_width + 3, out);
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
    free_look(&look);
}
