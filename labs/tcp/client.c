/*
 * client - connect standard input and output to a TCP server
 *
 *     stdin  --> child  --write()--> +------------+
 *                                    | connection | <--> server
 *     stdout <-- parent <--read()--- +------------+
 *
 * Watch the end: when stdin has ended, the child closes one direction only.
 * The server sees end of file, and can still answer.
 *
 * See tcp(7), getaddrinfo(3), connect(2), shutdown(2).
 */
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

/* The child has failed: let the parent know, which waits for the server. */
static _Noreturn void give_up(int fd, const char *call)
{
    report("%s", call);
    signal(SIGTERM, SIG_IGN); /* our status shall reach the parent */
    shutdown(fd, SHUT_RDWR);  /* now its read() returns 0 */
    _exit(EXIT_FAILURE);
}

/* Copy standard input to the server. The parent copies the other way. */
static _Noreturn void child(int fd, pid_t parent)
{
    static char buffer[65536];
    ssize_t count = 0;

    /* The parent may be killed: it shall take the child with it. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        give_up(fd, "prctl PR_SET_PDEATHSIG");
    if (getppid() != parent)
        _exit(EXIT_FAILURE);

    signal(SIGTERM, SIG_DFL); /* the parent's word that we may stop reading */
    signal(SIGPIPE, SIG_IGN); /* the server may go away: write() shall fail */

    /* STEP 4: copy standard input to the server until end of file. */
    while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0 &&
           write_all(fd, buffer, count) == 0)
        ;
    if (count != 0)
        give_up(fd, count == -1 ? "read from stdin" : "write to the server");

    /* STEP 5: end this direction. The parent has a copy: close() cannot. */
    if (shutdown(fd, SHUT_WR) == -1)
        give_up(fd, "shutdown");

    _exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    static char buffer[65536];
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list = NULL, *info = NULL;
    pid_t parent = getpid(), pid = -1;
    int fd = -1, error = 0, status = 0;
    ssize_t count = 0;

    expect_args(argc, argv, 2, 2, "HOST PORT");
    number_arg(argv[2], "PORT", 1, 65535);

    /* STEP 1: ask for the addresses of HOST, IPv4 and IPv6. */
    if ((error = getaddrinfo(argv[1], argv[2], &hints, &list)) != 0)
        die_gai(error, argv[1]);

    /* STEP 2: connect to the first of them that lets us. */
    for (info = list; info != NULL; info = info->ai_next) {
        fd = socket(info->ai_family, SOCK_STREAM, 0);
        if (fd != -1 && connect(fd, info->ai_addr, info->ai_addrlen) == 0)
            break;
        if (info->ai_next == NULL)
            die("%s %s port %s", fd == -1 ? "socket for" : "connect",
                argv[1], argv[2]);
        close(fd);
    }

    /* STEP 3: fork: one process for each direction, and neither waits. */
    pid = fork();

    if (pid == -1)
        die("fork");
    if (pid == 0)
        child(fd, parent);

    /* STEP 6: copy to standard output what the server sends. */
    while ((count = read(fd, buffer, sizeof buffer)) > 0)
        if (write_all(STDOUT_FILENO, buffer, count) == -1)
            die("write to stdout");
    if (count == -1)
        die("read from the server");

    /* STEP 7: the server has closed: the child need not read any more. */
    if (kill(pid, SIGTERM) == -1)
        die("kill %ld", (long)pid);
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid %ld", (long)pid);

    freeaddrinfo(list);
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SUCCESS;
}
