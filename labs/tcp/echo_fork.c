/*
 * echo_fork - return every byte, with a child for each client (RFC 862)
 *
 *     client --connect()--> parent: accept(), fork(), close(), accept() ...
 *     client <---bytes----> child, one per client
 *
 * Watch the descriptors: after fork() both processes have both sockets. Each
 * closes the one it has no use for, or no connection would ever end.
 *
 * See accept(2), fork(2), waitpid(2), sigaction(2), prctl(2), tcp(7).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "net.h"

static void reap(int signal_number);

int main(int argc, char *argv[])
{
    struct server_args args = server_args(argc, argv, 'w');
    static char buffer[65536];
    pid_t parent = getpid();
    ssize_t count;

    signal(SIGPIPE, SIG_IGN); /* if a client goes away, write() fails */
    exit_on_signals();
    int listener = listen_on(args.address, args.port);

    /* STEP 1: call reap() when a child ends. With -w, step 6 waits instead. */
    struct sigaction action = { .sa_handler = reap, .sa_flags = SA_RESTART };
    if (!args.flag && sigaction(SIGCHLD, &action, NULL) == -1)
        die("sigaction SIGCHLD");

    print_listening(listener);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client == -1) {
            accept_failed();
            continue;
        }

        /* STEP 2: fork a child for this client. If that fails, go on. */
        pid_t pid = fork();
        if (pid == -1)
            report("fork");

        if (pid == 0) {
            if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
                die("prctl PR_SET_PDEATHSIG");
            if (getppid() != parent) /* it had already ended */
                _exit(EXIT_FAILURE);

            /* STEP 3: the child accepts nobody: close the listening socket. */
            if (close(listener) == -1)
                die("close the listening socket");

            /* STEP 4: send back what arrives, until end of file. */
            while ((count = read(client, buffer, sizeof buffer)) > 0)
                if (write_all(client, buffer, count) == -1)
                    die("write to a client");
            if (count == -1)
                die("read from a client");

            _exit(EXIT_SUCCESS); /* closes the connection */
        }

        /* STEP 5: the connection is now the child's: close our copy. */
        if (close(client) == -1)
            report("close a connection");

        /* STEP 6: with -w, wait for the child: one client at a time. */
        if (args.flag && pid != -1 && waitpid(pid, NULL, 0) == -1)
            report("waitpid %ld", (long)pid);
    }
}

static void reap(int signal_number)
{
    int saved_errno = errno;
    (void)signal_number;

    /* STEP 7: reap all that have ended: several may cause one SIGCHLD. */
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;

    errno = saved_errno;
}
