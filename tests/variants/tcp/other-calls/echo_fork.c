/* echo_fork without a handler (SIGCHLD is ignored), with recv() and send() */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "net.h"

static _Noreturn void child(int listener, int client, pid_t parent)
{
    static char buffer[16384];
    ssize_t count = 0, sent = 0;

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        die("prctl PR_SET_PDEATHSIG");
    if (getppid() != parent)
        _exit(EXIT_FAILURE);

    if (close(listener) == -1)
        die("close");
    while ((count = recv(client, buffer, sizeof buffer, 0)) > 0)
        for (ssize_t done = 0; done < count; done += sent)
            if ((sent = send(client, buffer + done, count - done, 0)) == -1)
                die("send");
    if (count == -1)
        die("recv");
    if (shutdown(client, SHUT_RDWR) == -1)
        die("shutdown");
    _exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    /* A process that ignores SIGCHLD gets no zombies. */
    struct sigaction action = { .sa_handler = SIG_IGN };
    struct server_args args = server_args(argc, argv, 'w');
    int wait_for_it = args.flag;
    pid_t parent = getpid();

    signal(SIGPIPE, SIG_IGN);
    exit_on_signals();
    int listener = listen_on(args.address, args.port);

    if (!wait_for_it && sigaction(SIGCHLD, &action, NULL) != 0)
        die("sigaction");

    print_listening(listener);
    for (;;) {
        siginfo_t end;
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

        if (client == -1) {
            accept_failed();
            continue;
        }

        pid_t pid = fork();
        if (pid == 0)
            child(listener, client, parent);
        if (pid == -1)
            report("fork");
        if (close(client) != 0)
            report("close");
        if (wait_for_it && pid > 0 && waitid(P_PID, pid, &end, WEXITED) != 0)
            report("waitid");
    }
}
