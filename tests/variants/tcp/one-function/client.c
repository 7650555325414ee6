/* client in one function: a child sends, and is ended by a signal */
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

int main(int argc, char *argv[])
{
    char buffer[1000];
    struct addrinfo *list, *info, hints = { .ai_socktype = SOCK_STREAM };
    ssize_t count, n, done;
    int fd = -1, status;

    expect_args(argc, argv, 2, 2, "HOST PORT");
    number_arg(argv[2], "PORT", 1, 65535);

    int error = getaddrinfo(argv[1], argv[2], &hints, &list);
    if (error == EAI_SYSTEM)
        die("getaddrinfo %s", argv[1]);
    if (error != 0)
        fail("getaddrinfo %s: %s", argv[1], gai_strerror(error));
    for (info = list; info != NULL; info = info->ai_next) {
        if (fd != -1)
            close(fd);
        if ((fd = socket(info->ai_family, SOCK_STREAM, 0)) == -1)
            die("socket");
        if (connect(fd, info->ai_addr, info->ai_addrlen) == 0)
            break;
        if (info->ai_next == NULL)
            die("connect %s port %s", argv[1], argv[2]);
    }
    freeaddrinfo(list);

    pid_t parent = getpid(), pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        const char *failed = NULL;

        signal(SIGTERM, SIG_DFL);
        signal(SIGPIPE, SIG_IGN);
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
            _exit(EXIT_FAILURE);
        while (failed == NULL &&
               (count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
            for (done = 0; done < count; done += n)
                if ((n = write(fd, buffer + done, count - done)) == -1) {
                    failed = "write to the server";
                    break;
                }
        if (failed == NULL && count == -1)
            failed = "read from stdin";
        if (failed == NULL && shutdown(fd, SHUT_WR) == -1)
            failed = "shutdown";
        if (failed == NULL)
            _exit(EXIT_SUCCESS);
        report("%s", failed);
        signal(SIGTERM, SIG_IGN);
        shutdown(fd, SHUT_RDWR);
        _exit(EXIT_FAILURE);
    }

    while ((count = read(fd, buffer, sizeof buffer)) > 0)
        for (done = 0; done < count; done += n)
            if ((n = write(STDOUT_FILENO, buffer + done, count - done)) == -1)
                die("write");
    if (count == -1)
        die("read");
    if (kill(pid, SIGTERM) == -1 || waitpid(pid, &status, 0) == -1)
        die("end the child");
    return WIFSIGNALED(status) ? EXIT_SUCCESS : WEXITSTATUS(status);
}
