/* client with recv(), send(), waitid(), and buffers of two sizes */
#define _GNU_SOURCE
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "io.h"
#include "net.h"

static _Noreturn void give_up(int fd, const char *call)
{
    report("%s", call);
    signal(SIGTERM, SIG_IGN);
    shutdown(fd, SHUT_RDWR);
    _exit(EXIT_FAILURE);
}

static _Noreturn void child(int fd, pid_t parent)
{
    static char buffer[4096];
    ssize_t count = 0, sent = 0;

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        give_up(fd, "prctl PR_SET_PDEATHSIG");
    if (getppid() != parent)
        _exit(EXIT_FAILURE);

    signal(SIGTERM, SIG_DFL);
    while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) != 0) {
        if (count == -1)
            give_up(fd, "read stdin");
        for (char *next = buffer; count > 0; next += sent, count -= sent)
            if ((sent = send(fd, next, count, MSG_NOSIGNAL)) == -1)
                give_up(fd, "send");
    }
    if (shutdown(fd, SHUT_WR) != 0)
        give_up(fd, "shutdown SHUT_WR");
    _exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    static char buffer[1 << 18];
    struct addrinfo hints = { .ai_family = AF_UNSPEC,
                              .ai_socktype = SOCK_STREAM,
                              .ai_protocol = IPPROTO_TCP };
    struct addrinfo *list = NULL, *info = NULL;
    pid_t parent = getpid(), pid = -1;
    siginfo_t end = { 0 };
    ssize_t count = 0;
    int fd = -1;

    expect_args(argc, argv, 2, 2, "HOST PORT");
    number_arg(argv[2], "PORT", 1, 65535);

    int error = getaddrinfo(argv[1], argv[2], &hints, &list);
    if (error != 0)
        die_gai(error, argv[1]);
    info = list;
    for (;;) {
        fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC,
                    info->ai_protocol);
        if (fd == -1)
            die("socket");
        if (connect(fd, info->ai_addr, info->ai_addrlen) == 0)
            break;
        if ((info = info->ai_next) == NULL)
            die("connect to %s", argv[1]);
        close(fd);
    }
    freeaddrinfo(list);

    switch (pid = fork()) {
    case -1:
        die("fork");
    case 0:
        child(fd, parent);
    }

    while ((count = recv(fd, buffer, sizeof buffer, 0)) != 0) {
        if (count == -1)
            die("recv");
        if (write_all(STDOUT_FILENO, buffer, count) != 0)
            die("write");
    }
    if (kill(pid, SIGTERM) != 0)
        die("kill");
    if (waitid(P_PID, pid, &end, WEXITED) != 0)
        die("waitid");
    return end.si_code == CLD_EXITED ? end.si_status : EXIT_SUCCESS;
}
