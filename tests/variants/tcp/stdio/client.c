/* client with stdio and a child: getline(), fwrite(), no buffer for stdout */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
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
    char *line = NULL;
    size_t size = 0;
    ssize_t length;

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        give_up(fd, "prctl PR_SET_PDEATHSIG");
    if (getppid() != parent)
        _exit(EXIT_FAILURE);

    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);

    FILE *server = fdopen(fd, "w");
    if (server == NULL)
        give_up(fd, "fdopen");
    while ((length = getline(&line, &size, stdin)) != -1)
        if (fwrite(line, 1, length, server) != (size_t)length ||
            fflush(server) == EOF)
            give_up(fd, "fwrite");
    if (!feof(stdin))
        give_up(fd, "getline");
    if (shutdown(fileno(server), SHUT_WR) == -1)
        give_up(fd, "shutdown");

    _exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    static char buffer[BUFSIZ];
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list = NULL, *info = NULL;
    pid_t parent = getpid(), pid = -1;
    int fd = -1, error = 0, status = 0;
    ssize_t count = 0;

    expect_args(argc, argv, 2, 2, "HOST PORT");
    number_arg(argv[2], "PORT", 1, 65535);

    if ((error = getaddrinfo(argv[1], argv[2], &hints, &list)) != 0)
        die_gai(error, argv[1]);

    for (info = list; info != NULL; info = info->ai_next) {
        if ((fd = socket(info->ai_family, info->ai_socktype, 0)) == -1)
            continue;
        if (connect(fd, info->ai_addr, info->ai_addrlen) == 0)
            break;
        int reason = errno;
        close(fd);
        errno = reason;
    }
    if (info == NULL)
        die("connect");

    if ((pid = fork()) == -1)
        die("fork");
    if (pid == 0)
        child(fd, parent);

    setvbuf(stdout, NULL, _IONBF, 0);
    while ((count = read(fd, buffer, sizeof buffer)) > 0)
        if (fwrite(buffer, 1, count, stdout) != (size_t)count)
            die("fwrite");
    if (count == -1)
        die("read");

    if (kill(pid, SIGTERM) == -1)
        die("kill");
    if (wait(&status) == -1)
        die("wait");

    freeaddrinfo(list);
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        return EXIT_FAILURE;
    return finish();
}
