/*
 * labrun - run a command so that nothing it starts escapes
 *
 *     labrun --fork()--> COMMAND --> whatever it starts
 *        ^                                 |
 *        +---- reaps all of it <-----------+
 *
 * The command gets its own session, no descriptors above 2, and limits on
 * time, output, memory and the number of processes. labrun is the subreaper:
 * any descendant that loses its parent, even a daemon, becomes a child of
 * labrun. Once the last child has been reaped, nothing is left.
 *
 * Exit status: the command's; 128+N if signal N killed it; 127 or 126 if it
 * cannot be found or executed; 125 failure of labrun itself, 124 time limit or
 * deadlock, 123 processes left behind, 122 too much output, 121 too many
 * processes, 120 too much memory, 2 usage.
 *
 * See prctl(2) (PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG), setsid(2),
 * waitid(2), sigtimedwait(2), setrlimit(2), seccomp(2).
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "autopsy.h"

enum { MAX_SECONDS = 1000000 };

/* Exit statuses. */
enum {
    TOO_MUCH_MEMORY = 120, TOO_MANY_PROCESSES, TOO_MUCH_OUTPUT, LEFT_BEHIND,
    NO_END, FAILURE, NOT_EXECUTABLE, NOT_FOUND
};

/* Seconds. */
#define FIRST_TICK 0.005        /* later ones are longer */
#define TICK 0.05
#define QUIET 1.0               /* between the two looks at a deadlock */
#define GRACE 2.0               /* for processes that end with the command */
#define GIVE_UP 20.0

/* For the seccomp filter: numbers from OTHER_CALLS on belong to x32. */
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif
#ifdef __x86_64__
#define NATIVE_ABI 0xc000003e
#define OTHER_CALLS 0x40000000
#else
#define NATIVE_ABI 0xc00000b7   /* aarch64 */
#define OTHER_CALLS 0xffffffff
#endif

static struct {
    double seconds;
    long long bytes, processes, memory;
    bool deadlock, orphans, shut_in;
    const char *pid_file;
} option = { 10, 256 << 20, 64, 1 << 30, true, false, false, NULL };

static const char *name = "labrun";     /* of the command, in messages */
static pid_t command;
static bool ended;                      /* the command has ended by itself */
static int status;                      /* its exit status, if so */
static bool file_too_large;             /* SIGXFSZ ended it */
static int verdict;                     /* labrun's own exit status, or 0 */
static int left, killed;                /* processes */
static long long old_size;              /* of the output files, at the start */
static sigset_t signals;                /* accepted by sigtimedwait() */
static struct tree tree;
static double next_look;

/* Printed once everything has ended, when no reader can block us any more. */
static FILE *report;
static char *report_text, left_text[512];
static size_t report_size;

static _Noreturn void die(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

static _Noreturn void die(const char *format, ...)
{
    int reason = errno;
    va_list args;

    fprintf(stderr, "labrun: ");
    va_start(args, format);
    vfprintf(stderr, format, args);
    fprintf(stderr, ": %s\n", strerror(reason));
    exit(FAILURE);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Return the next signal, or 0 if none has arrived at time UNTIL. */
static int next_signal(double until)
{
    double wait = until - now();
    struct timespec timeout = { 0 };
    int number;

    if (wait > 0) {
        timeout.tv_sec = (time_t)wait;
        timeout.tv_nsec = (long)((wait - (double)timeout.tv_sec) * 1e9);
    }
    number = sigtimedwait(&signals, NULL, &timeout);
    if (number == SIGIO)
        answer_questions();
    return number > 0 ? number : 0;
}

/* ---- starting the command ---- */

/* Descriptors above 2 belong to whoever started labrun, such as bats. */
static void close_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    struct dirent *entry;

    if (!directory)
        die("opendir /proc/self/fd");
    while ((entry = readdir(directory))) {
        int fd = atoi(entry->d_name);

        if (fd > STDERR_FILENO && fd != dirfd(directory))
            close(fd);
    }
    closedir(directory);
}

/* Reset all signals to their default actions. */
static void reset_signals(void)
{
    struct sigaction action = { .sa_handler = SIG_DFL };

    for (int number = 1; number < NSIG; number++)
        sigaction(number, &action, NULL);
}

/* Write the file atomically: once it exists, it is complete. */
static void write_pid_file(const char *path)
{
    char new[PATH_MAX];
    FILE *file;
    int reason;

    snprintf(new, sizeof new, "%s.%d", path, getpid());
    /* Follow no link: others may write to the folder, too. */
    if (!(file = fopen(new, "wxe")))
        die("create %s", new);
    if (fprintf(file, "%d\n", getpid()) < 0 || fclose(file) == EOF ||
        rename(new, path) == -1) {
        reason = errno;
        unlink(new);
        errno = reason;
        die("write %s", path);
    }
}

static void limit(int resource, rlim_t value)
{
    struct rlimit old;

    if (getrlimit(resource, &old) == -1)
        return;
    if (old.rlim_max < value)
        value = old.rlim_max;
    setrlimit(resource, &(struct rlimit){ value, value });
}

/*
 * RLIMIT_NPROC counts all threads of the user, not just ours. Set well above
 * what the whole system has now, it stops a fork bomb that outruns labrun.
 */
static void limit_processes(void)
{
    FILE *load = fopen("/proc/loadavg", "re");
    long long threads;

    if (load && fscanf(load, "%*s %*s %*s %*d/%lld", &threads) == 1)
        limit(RLIMIT_NPROC, (rlim_t)(threads + 4 * option.processes));
    if (load)
        fclose(load);
}

/*
 * Confine an untrusted program. It may not create namespaces, in which it
 * would be root and could mount file systems without a size limit, nor memory
 * or a queue of calls that we would not see, and it may leave nothing in the
 * kernel: keys stay for days, programs for BPF and the modules of rare kinds
 * of sockets until reboot. Other dangerous calls need privileges.
 * The filter is written without the kernel's headers, which musl lacks.
 */
static void shut_in(void)
{
    enum { LOAD = 0x20, IS = 0x15, FROM = 0x35, HAS = 0x45, RETURN = 0x06 };
    enum { CALL = 0, ABI = 4, FIRST_ARGUMENT = 16 };    /* offsets */
    enum { ALLOW = 0x7fff0000, REFUSE = 0x00050000 };
    enum {
        NAME_SPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID |
                      CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
                      CLONE_NEWCGROUP
    };
#define REFUSE_CALL(call, reason) \
        { IS, 0, 1, SYS_ ## call }, { RETURN, 0, 0, REFUSE | (reason) }
    /* How many instructions to skip if it is so, and if not. */
    static struct {
        uint16_t code;
        uint8_t so, not;
        uint32_t value;
    } filter[] = {
        { LOAD, 0, 0, ABI },
        { IS, 1, 0, NATIVE_ABI },
        { RETURN, 0, 0, REFUSE | EPERM },
        { LOAD, 0, 0, CALL },
        { FROM, 0, 1, OTHER_CALLS },
        { RETURN, 0, 0, REFUSE | EPERM },
        REFUSE_CALL(unshare, EPERM),
        REFUSE_CALL(setns, EPERM),
        REFUSE_CALL(memfd_create, EPERM),
        REFUSE_CALL(memfd_secret, EPERM),
        REFUSE_CALL(add_key, EPERM),
        REFUSE_CALL(request_key, EPERM),
        REFUSE_CALL(keyctl, EPERM),
        REFUSE_CALL(bpf, EPERM),
        REFUSE_CALL(perf_event_open, EPERM),
        REFUSE_CALL(userfaultfd, EPERM),
        REFUSE_CALL(io_setup, ENOSYS),
        REFUSE_CALL(io_uring_setup, ENOSYS),
        REFUSE_CALL(io_uring_enter, ENOSYS),
        REFUSE_CALL(io_uring_register, ENOSYS),
        /* Its flags are in memory; the C library falls back to clone. */
        REFUSE_CALL(clone3, ENOSYS),
        { IS, 0, 3, SYS_clone },
        { LOAD, 0, 0, FIRST_ARGUMENT },
        { HAS, 0, 9, NAME_SPACES },
        { RETURN, 0, 0, REFUSE | EPERM },
        /* The C library uses AF_NETLINK. */
        { IS, 1, 0, SYS_socket },
        { IS, 0, 6, SYS_socketpair },
        { LOAD, 0, 0, FIRST_ARGUMENT },
        { IS, 4, 0, AF_UNIX },
        { IS, 3, 0, AF_INET },
        { IS, 2, 0, AF_INET6 },
        { IS, 1, 0, AF_NETLINK },
        { RETURN, 0, 0, REFUSE | EAFNOSUPPORT },
        { RETURN, 0, 0, ALLOW },
    };
#undef REFUSE_CALL
    struct { unsigned short length; void *filter; } program = {
        sizeof filter / sizeof *filter, filter
    };

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
        prctl(PR_SET_SECCOMP, 2, &program) == -1)       /* a filter */
        die("prctl PR_SET_SECCOMP");
}

static _Noreturn void run(char *argv[], pid_t labrun)
{
    sigset_t none;
    int reason;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != labrun)
        _exit(FAILURE);
    setsid();
    if (option.pid_file)
        write_pid_file(option.pid_file);
    limit(RLIMIT_CORE, 0);
    limit_processes();
    /* A second line of defence, and for files other than the output. */
    limit(RLIMIT_FSIZE, (rlim_t)(old_size + option.bytes) + (1 << 20));
    reset_signals();
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (option.shut_in)
        shut_in();
    execvp(argv[0], argv);
    reason = errno;
    fprintf(stderr, "labrun: exec %s: %s\n", argv[0], strerror(reason));
    _exit(reason == ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
}

/* ---- watching it ---- */

/* Return the size of the regular files that are the command's output. */
static long long output_size(void)
{
    struct stat out, err;
    long long size = 0;

    if (fstat(STDOUT_FILENO, &out) == -1)
        out.st_mode = 0;
    if (fstat(STDERR_FILENO, &err) == -1)
        err.st_mode = 0;
    if (S_ISREG(out.st_mode))
        size += out.st_size;
    if (S_ISREG(err.st_mode) && !(S_ISREG(out.st_mode) &&
        out.st_dev == err.st_dev && out.st_ino == err.st_ino))
        size += err.st_size;
    return size;
}

static void add_left(pid_t pid, const char *who, const char *how)
{
    size_t length = strlen(left_text);

    if (++left <= 8)
        snprintf(left_text + length, sizeof left_text - length,
                 "%s %d %s (%s)", left > 1 ? "," : "", pid, who, how);
}

/*
 * A descendant without a parent has ended. If it was ended by a signal that is
 * usually meant to do so, we assume that it had asked for that signal with
 * PR_SET_PDEATHSIG; otherwise its parent should have waited for it.
 */
static void note_orphan(const siginfo_t *info)
{
    int number = info->si_code == CLD_EXITED ? 0 : info->si_status;
    char who[16];

    if (option.orphans) /* whoever typed the commands lets them end so */
        return;
    if (number == SIGKILL || number == SIGTERM || number == SIGINT ||
        number == SIGHUP)
        return;
    process_name(info->si_pid, who);
    add_left(info->si_pid, who, "never waited for");
}

/* Reap what has ended. Return false if there is no descendant left. */
static bool reap(bool killing)
{
    for (;;) {
        siginfo_t info = { 0 };

        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1)
            return errno != ECHILD;
        if (info.si_pid == 0)
            return true;
        if (!killing && info.si_pid == command) {
            ended = true;
            status = info.si_code == CLD_EXITED ? info.si_status :
                     128 + info.si_status;
            file_too_large = status == 128 + SIGXFSZ &&
                             info.si_code != CLD_EXITED;
        } else if (!killing)
            note_orphan(&info);
        waitpid(info.si_pid, NULL, 0);
    }
}

static void check_output(void)
{
    if (output_size() - old_size > option.bytes || file_too_large) {
        verdict = TOO_MUCH_OUTPUT;
        fprintf(report, "%s: more than %lld bytes of output\n", name,
                option.bytes);
    }
}

static void check_processes(void)
{
    if ((long long)tree.count > option.processes) {
        verdict = TOO_MANY_PROCESSES;
        fprintf(report, "%s: more than %lld processes\n", name,
                option.processes);
    }
}

/* Shared memory is counted for each process that has it mapped. */
static void check_memory(void)
{
    long long sum = 0;

    for (size_t i = 0; i < tree.count; i++)
        sum += tree.process[i].memory;
    if (sum > option.memory) {
        verdict = TOO_MUCH_MEMORY;
        fprintf(report, "%s: more than %lld bytes of memory\n", name,
                option.memory);
    }
}

/*
 * Has nothing run for a while, and can nothing ever run again? The second
 * question is expensive, so it is asked at most once per QUIET seconds. Then
 * the first is asked again: the answer holds only if still nothing has run.
 */
static void check_deadlock(void)
{
    static uint64_t last;
    static double since;
    uint64_t switches;

    if (!tree_asleep(&tree, &switches)) {
        last = 0;
        return;
    }
    if (switches != last) {
        last = switches;
        since = now();
        return;
    }
    if (now() - since < QUIET)
        return;
    since = now();
    if (!tree_deadlocked(&tree) || !tree_asleep(&tree, &switches) ||
        switches != last)
        return;
    verdict = NO_END;
    fprintf(report, "%s: deadlock: nothing but the program itself could end"
            " these waits\n", name);
    tree_explain(&tree, report);
}

/* Wait for a signal, at most until UNTIL; check the limits at every tick. */
static void watch(double until)
{
    static double tick = FIRST_TICK;
    double start;
    int number = next_signal(next_look < until ? next_look : until);

    if (number != 0 && number != SIGCHLD && number != SIGIO) {
        verdict = 128 + number;
        if (number == SIGINT) {         /* somebody has lost patience */
            fprintf(report, "%s: interrupted\n", name);
            tree_find(&tree, getpid(), false, NULL);
            tree_explain(&tree, report);
        }
        return;
    }
    if ((start = now()) < next_look)
        return;
    tree_find(&tree, getpid(), false, NULL);
    check_processes();
    if (!verdict)
        check_memory();
    if (!verdict)
        check_output();
    if (!verdict && !ended && option.deadlock)
        check_deadlock();
    /* Sleep most of the time, however many processes the system has. */
    tick = 2 * tick < TICK ? 2 * tick : TICK;
    next_look = now() + tick + 20 * (now() - start);
}

static void wait_for_command(void)
{
    double until = now() + option.seconds;

    next_look = now() + FIRST_TICK;
    while (reap(false) && !ended && !verdict) {
        if (now() >= until) {
            verdict = NO_END;
            fprintf(report, "%s: did not end within %g s\n", name,
                    option.seconds);
            tree_find(&tree, getpid(), false, NULL);
            tree_explain(&tree, report);
            return;
        }
        watch(until);
    }
}

/*
 * The command has ended: has everything else ended, too, or will it soon? A
 * command that failed need not have waited for its children, as long as they
 * end by themselves.
 */
static void wait_for_rest(void)
{
    double until = now() + GRACE;
    bool more, alive = false;

    while ((more = reap(false)) && !verdict && now() < until)
        watch(until);
    if (!verdict)
        check_output();
    if (more && !verdict) {
        tree_find(&tree, getpid(), false, NULL);
        for (size_t i = 0; i < tree.count; i++) {
            alive |= !tree.process[i].dead;
            add_left(tree.process[i].pid, tree.process[i].name,
                     tree.process[i].dead ? "never waited for" : "running");
        }
    }
    if (left > 0 && (status == 0 || alive) && !verdict) {
        verdict = LEFT_BEHIND;
        fprintf(report, "%s: left %d process%s behind:%s%s\n", name, left,
                left > 1 ? "es" : "", left_text, left > 8 ? ", ..." : "");
        if (status != 0)
            fprintf(report, "  its own exit status was %d\n", status);
    }
}

/* ---- ending everything ---- */

static bool stopped_one;

/*
 * Stop a process the moment it is found: its pid cannot have been reused by
 * now, since the kernel hands out pids in ascending order.
 */
static void stop(const struct process *process)
{
    if (!strchr("TtZX", process->state)) {
        kill(process->pid, SIGSTOP);
        stopped_one = true;
    }
}

/* A stopped process does not fork. */
static void stop_all(void)
{
    stopped_one = true;
    for (int round = 0; stopped_one && round < 20; round++) {
        stopped_one = false;
        tree_find(&tree, getpid(), false, stop);
    }
}

/* kill() of a group is atomic: no fork can come in between. */
static void kill_group(void)
{
    for (size_t i = 0; i < tree.count; i++)
        if (tree.process[i].group == command) {
            kill(-command, SIGKILL);
            return;
        }
}

static void end_all(void)
{
    double give_up = now() + GIVE_UP;

    for (bool first = true; reap(true); first = false) {
        tree_find(&tree, getpid(), false, NULL);
        for (size_t i = 0; first && i < tree.count; i++)
            killed += !tree.process[i].dead;
        kill_group();
        stop_all();
        for (size_t i = 0; i < tree.count; i++)
            kill(tree.process[i].pid, SIGKILL);
        next_signal(now() + FIRST_TICK);
        if (now() > give_up) {
            fprintf(stderr, "labrun: cannot end process %d\n",
                    tree.count ? tree.process[0].pid : -1);
            exit(FAILURE);
        }
    }
}

/* ---- the command line ---- */

static const char synopsis[] =
    "usage: labrun [-DOs] [-t SECONDS] [-o BYTES] [-m BYTES] [-p PROCESSES]"
    " [-i PIDFILE] COMMAND [ARG...]\n       labrun -w PID\n";

static _Noreturn void usage(void)
{
    fputs(synopsis, stderr);
    exit(2);
}

static _Noreturn void bad_number(const char *what, const char *text,
                                 const char *min, long long max)
{
    fprintf(stderr, "labrun: %s must be a number %s to %lld, not \"%s\"\n",
            what, min, max, text);
    exit(2);
}

static long long number(const char *what, const char *text, long long max)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end || errno || value < 1 ||
        value > max)
        bad_number(what, text, "from 1", max);
    return value;
}

static double seconds(const char *text)
{
    char *end;
    double value = strtod(text, &end);

    if (text[strspn(text, "0123456789.")] || end == text || *end ||
        value <= 0 || value > MAX_SECONDS)
        bad_number("SECONDS", text, "above 0, up", MAX_SECONDS);
    return value;
}

static int watch_only(pid_t pid)
{
    tree_find(&tree, pid, true, NULL);
    if (tree.count == 0) {
        fprintf(stderr, "labrun: no process %d\n", pid);
        return 1;
    }
    tree_explain(&tree, stdout);
    if (fflush(stdout) == EOF)
        die("write to stdout");
    return 0;
}

static pid_t parse(int argc, char *argv[])
{
    pid_t pid = 0;
    int letter;

    if (argc == 2 &&
        (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0)) {
        fputs(synopsis, stdout);
        exit(0);
    }
    opterr = 0;
    while ((letter = getopt(argc, argv, "+DOst:o:m:p:i:w:")) != -1)
        switch (letter) {
        case 'D': option.deadlock = false; break;
        case 'O': option.orphans = true; break;
        case 's': option.shut_in = true; break;
        case 't': option.seconds = seconds(optarg); break;
        case 'o': option.bytes = number("BYTES", optarg, LLONG_MAX / 4); break;
        case 'm': option.memory = number("BYTES", optarg, LLONG_MAX / 4); break;
        case 'p': option.processes = number("PROCESSES", optarg, INT_MAX);
                  break;
        case 'i': option.pid_file = optarg; break;
        case 'w': pid = (pid_t)number("PID", optarg, INT_MAX); break;
        default: usage();
        }
    if (pid ? argc != 3 : optind == argc)
        usage();
    return pid;
}

/* Set up signals, and what the command must not inherit. */
static void prepare(pid_t parent)
{
    static const int numbers[] = {
        SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGIO
    };

    close_descriptors();
    reset_signals();
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaddset(&signals, numbers[i]);
    sigprocmask(SIG_SETMASK, &signals, NULL);
    /* Not dumpable: no process of the same user may trace us. */
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1 ||
        prctl(PR_SET_PDEATHSIG, SIGTERM) == -1 ||
        prctl(PR_SET_DUMPABLE, 0) == -1)
        die("prctl");
    if (getppid() != parent)
        raise(SIGTERM);
    /* If we are privileged: a fork bomb must not keep us from running. */
    syscall(SYS_sched_setscheduler, 0, SCHED_FIFO | SCHED_RESET_ON_FORK,
            &(struct sched_param){ .sched_priority = 1 });
    take_questions();
    if (!(report = open_memstream(&report_text, &report_size)))
        die("open_memstream");
}

/* Only now: a reader that does not read must not keep anything alive. */
static void print_report(void)
{
    sigset_t none;

    fclose(report);
    signal(SIGIO, SIG_IGN);     /* a last question would end us */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    fputs(report_text, stderr);
}

int main(int argc, char *argv[])
{
    pid_t self = getpid(), parent = getppid(), pid = parse(argc, argv);

    if (pid)
        return watch_only(pid);
    prepare(parent);
    name = strrchr(argv[optind], '/');
    name = name ? name + 1 : argv[optind];
    old_size = output_size();
    if ((command = fork()) == -1)
        die("fork");
    if (command == 0)
        run(&argv[optind], self);
    wait_for_command();
    if (ended && !verdict)
        wait_for_rest();
    end_all();
    if (killed > 0 && verdict < 128 && verdict != LEFT_BEHIND)
        fprintf(report, "  killed %d process%s\n", killed,
                killed > 1 ? "es" : "");
    print_report();
    return verdict ? verdict : status;
}
