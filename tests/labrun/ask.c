/*
 * ask - have an ancestor look at a process that we may not look at
 *
 * With kernel.yama.ptrace_scope=1, only its ancestors can see which call a
 * process of the same user is in. A process of another user needs privileges.
 * labrun is an ancestor, with the same user, of all that it runs; so each
 * labrun answers what another one (labrun -w) may not find out by itself:
 *
 *     labrun -w PID --question--> labrun --> COMMAND --> ... --> PID
 *                   <--answer----
 *
 * Both are datagrams. The answering socket has an abstract name, made of what
 * both sides know about labrun in any pid name space: its pid in the innermost
 * one, and the time at which it started.
 *
 * A program that is being tested can create processes and sockets of its own,
 * but all of them below the labrun that runs it. So only the outermost labrun
 * above PID that has the same user is asked, and the kernel tells us the pid of
 * whoever has answered. To the program, labrun tells nothing about processes
 * that another labrun runs.
 *
 * See unix(7) (SCM_CREDENTIALS, autobind), proc(5), ptrace(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "autopsy_wait.h"

enum { MAX_DEPTH = 33, PATIENCE = 5 /* seconds */ };

/* The call that THREAD is in, or if that is 0, the memory at ADDRESS. */
struct question {
    pid_t pid, thread;          /* as the labrun that answers sees them */
    uint64_t address, size;
};

struct answer {
    int reason;                 /* an error number, or 0 */
    char bytes[PATH_MAX];
};

/* Room for one message of the kernel that says who has sent a datagram. */
union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(struct ucred))];
};

/* ---- what anybody can see of a process ---- */

struct relative {
    pid_t parent;
    uid_t user;
    bool is_labrun;
    int depth;                  /* of pid name spaces, from ours on */
    pid_t pid[MAX_DEPTH];       /* its pid in each; the last is its own */
};

static bool find_relative(pid_t pid, pid_t thread, struct relative *relative)
{
    char status[4096];
    const char *parent, *user, *pids;
    char *end;

    if (read_proc(status, sizeof status, "/proc/%d/task/%d/status", pid,
                  thread) <= 0 ||
        !(parent = strstr(status, "\nPPid:")) ||
        !(user = strstr(status, "\nUid:")) ||
        !(pids = strstr(status, "\nNSpid:")) ||
        sscanf(parent, "\nPPid: %d", &relative->parent) != 1 ||
        sscanf(user, "\nUid: %*u %u", &relative->user) != 1)
        return false;
    relative->is_labrun = starts_with(status, "Name:\tlabrun\n");
    relative->depth = 0;
    for (pids += strlen("\nNSpid:"); relative->depth < MAX_DEPTH; pids = end) {
        pid = (pid_t)strtol(pids, &end, 10);
        if (*pids == '\n' || end == pids)
            break;
        relative->pid[relative->depth++] = pid;
    }
    return relative->depth > 0;
}

static bool descends(pid_t pid, pid_t ancestor)
{
    struct relative relative;

    while (pid != ancestor && pid > 0 && find_relative(pid, pid, &relative))
        pid = relative.parent;
    return pid == ancestor;
}

/* The name of the socket of a labrun that PID is, and calls itself OWN. */
static socklen_t name_socket(struct sockaddr_un *name, pid_t pid, pid_t own)
{
    char stat[1024];
    const char *rest;
    unsigned long long start;

    if (read_proc(stat, sizeof stat, "/proc/%d/stat", pid) <= 0 ||
        !(rest = strrchr(stat, ')')) ||
        sscanf(rest + 1, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
               " %*s %*s %*s %*s %*s %*s %llu", &start) != 1)
        return 0;
    *name = (struct sockaddr_un){ .sun_family = AF_UNIX };
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
                       (size_t)snprintf(name->sun_path + 1,
                                        sizeof name->sun_path - 1,
                                        "labrun-%d-%llu", own, start));
}

/* A socket that is told who sends to it; its name is chosen by the kernel. */
static int open_socket(const struct sockaddr_un *name, socklen_t length)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd != -1 &&
        (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &(int){ 1 },
                    sizeof(int)) == -1 ||
         bind(fd, (const struct sockaddr *)name, length) == -1)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static const struct ucred *sender(struct msghdr *message)
{
    struct cmsghdr *header = CMSG_FIRSTHDR(message);

    if (!header || header->cmsg_level != SOL_SOCKET ||
        header->cmsg_type != SCM_CREDENTIALS)
        return NULL;
    return (const struct ucred *)(void *)CMSG_DATA(header);
}

static ssize_t look(const struct question *question, void *buffer)
{
    char path[32];
    ssize_t count;
    int fd;

    if (question->thread)
        return read_proc(buffer, question->size, "/proc/%d/task/%d/syscall",
                         question->pid, question->thread);
    snprintf(path, sizeof path, "/proc/%d/mem", question->pid);
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
        return -1;
    count = pread(fd, buffer, question->size, (off_t)question->address);
    close(fd);
    return count;
}

/* ---- the labrun that answers ---- */

static int questions = -1;

void take_questions(void)
{
    struct sockaddr_un name;
    socklen_t length = name_socket(&name, getpid(), getpid());

    /* If it fails, there is only less to be seen. */
    if (length == 0 || (questions = open_socket(&name, length)) == -1)
        return;
    if (fcntl(questions, F_SETOWN, getpid()) == -1 ||
        fcntl(questions, F_SETFL, O_ASYNC | O_NONBLOCK) == -1) {
        close(questions);
        questions = -1;
    }
}

/*
 * May this process ask? Whoever has started us may, and what we run, too, but
 * not what another labrun runs: there must be none above the asker before an
 * ancestor of ours. (A program that kills its labrun has failed its test.) A
 * process outside of our pid name space, which has the pid 0 here, may ask.
 */
static bool may_ask(const struct ucred *asker)
{
    struct relative relative;

    if (asker->uid != 0 && asker->uid != geteuid())
        return false;
    for (pid_t pid = asker->pid; pid > 0; pid = relative.parent) {
        if (descends(getpid(), pid))
            return true;
        if (!find_relative(pid, pid, &relative) ||
            (relative.is_labrun && pid != asker->pid))
            return false;
    }
    return true;
}

void answer_questions(void)
{
    struct question question;
    struct answer answer;
    struct sockaddr_un name;
    union control control;
    struct iovec part = { &question, sizeof question };
    struct msghdr message;
    const struct ucred *asker;
    ssize_t count;

    for (;;) {
        message = (struct msghdr){
            .msg_name = &name, .msg_namelen = sizeof name,
            .msg_iov = &part, .msg_iovlen = 1,
            .msg_control = &control, .msg_controllen = sizeof control
        };
        if ((count = recvmsg(questions, &message, MSG_CMSG_CLOEXEC)) == -1)
            return;
        if (count != sizeof question || question.size > sizeof answer.bytes ||
            question.size == 0 || !(asker = sender(&message)))
            continue;
        errno = EPERM;
        count = -1;
        if (may_ask(asker) && descends(question.pid, getpid()))
            count = look(&question, answer.bytes);
        answer.reason = count == -1 ? errno : 0;
        sendto(questions, &answer,
               offsetof(struct answer, bytes) + (size_t)(count > 0 ? count : 0),
               MSG_DONTWAIT, message.msg_name, message.msg_namelen);
    }
}

/* ---- the labrun that asks ---- */

/*
 * Connect FD to the labrun that must know: the outermost one above PID with
 * the same user. Return its pid, or 0; set DEPTH to that of its name space.
 */
static pid_t connect_to_labrun(int fd, pid_t pid, int *depth)
{
    struct relative relative;
    struct sockaddr_un name;
    socklen_t length;
    pid_t found = 0;
    uid_t user;

    if (!find_relative(pid, pid, &relative))
        return 0;
    user = relative.user;
    while ((pid = relative.parent) > 0 && find_relative(pid, pid, &relative))
        if (relative.user == user &&
            (length = name_socket(&name, pid,
                                  relative.pid[relative.depth - 1])) > 0 &&
            connect(fd, (struct sockaddr *)&name, length) == 0) {
            found = pid;
            *depth = relative.depth;
        }
    return found;
}

/* Replace the pids in QUESTION by those in the name space of the labrun. */
static bool translate(struct question *question, int depth)
{
    struct relative relative;
    pid_t pid = question->pid;

    if (!find_relative(pid, pid, &relative) || relative.depth < depth)
        return false;
    question->pid = relative.pid[depth - 1];
    if (question->thread) {
        if (!find_relative(pid, question->thread, &relative) ||
            relative.depth < depth)
            return false;
        question->thread = relative.pid[depth - 1];
    }
    return true;
}

static ssize_t receive(int fd, pid_t labrun, void *buffer, size_t size)
{
    struct answer answer;
    union control control;
    struct iovec part = { &answer, sizeof answer };
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1,
        .msg_control = &control, .msg_controllen = sizeof control
    };
    const struct ucred *who;
    ssize_t count = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);

    if (count == -1)
        return -1;
    count -= (ssize_t)offsetof(struct answer, bytes);
    if (count < 0 || (size_t)count > size || !(who = sender(&message)) ||
        who->pid != labrun) {
        errno = EPROTO;
        return -1;
    }
    errno = answer.reason;
    memcpy(buffer, answer.bytes, (size_t)count);
    return answer.reason ? -1 : count;
}

static ssize_t ask(struct question question, void *buffer)
{
    static const struct timeval limit = { .tv_sec = PATIENCE };
    static const struct sockaddr_un any = { .sun_family = AF_UNIX };
    int reason = errno, depth = 0;
    int fd = open_socket(&any, sizeof any.sun_family);
    ssize_t count = -1;
    pid_t labrun;

    if (fd == -1)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (!(labrun = connect_to_labrun(fd, question.pid, &depth)) ||
        !translate(&question, depth))
        errno = reason;         /* nobody to ask */
    else if (send(fd, &question, sizeof question, MSG_NOSIGNAL) != -1)
        count = receive(fd, labrun, buffer, question.size);
    reason = errno;
    close(fd);
    errno = reason;
    return count;
}

static ssize_t look_or_ask(const struct question *question, void *buffer)
{
    ssize_t count = look(question, buffer);

    if (count == -1 && (errno == EPERM || errno == EACCES))
        count = ask(*question, buffer);
    return count;
}

ssize_t read_call(pid_t pid, pid_t thread, char *line, size_t size)
{
    struct question question = { .pid = pid, .thread = thread, .size = size };
    ssize_t count = look_or_ask(&question, line);

    if (count >= 0)
        line[(size_t)count < size ? (size_t)count : size - 1] = '\0';
    return count;
}

ssize_t read_memory(pid_t pid, unsigned long address, void *buffer,
                    size_t size)
{
    struct question question = {
        .pid = pid, .address = address, .size = size
    };

    return look_or_ask(&question, buffer);
}
