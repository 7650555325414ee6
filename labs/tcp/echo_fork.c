/*
 * echo_fork - send back what comes, with a child for each client (RFC 862)
 *
 *     client <--- bytes ---> child (one for each client)
 *     client --connect()---> parent: accept(), fork(), close(), accept() ...
 *
 * Watch the descriptors: after fork() both processes have both sockets. Each
 * closes the one that is not its business, or no connection would ever end.
 *
 * See accept(2), fork(2), waitpid(2), sigaction(2), tcp(7).
 */
#define _GNU_SOURCE
#include <errno.h>
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

static const char synopsis[] = "[-a ADDRESS] [-w] [PORT]";

static void reap(int signal_number)
{
    (void)signal_number;
    int saved_errno = errno;

    /* STEP 7: take all that have ended: several may send one SIGCHLD. */
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;

    errno = saved_errno;
}

static _Noreturn void child(int listener, int client, pid_t parent)
{
    static char buffer[65536];
    ssize_t count = 0;

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        die("prctl PR_SET_PDEATHSIG");
    if (getppid() != parent) /* too late: it has ended already */
        _exit(EXIT_FAILURE);

    /* STEP 3: the child takes no clients: close the socket that listens. */
    if (close(listener) == -1)
        die("close the listening socket");

    /* STEP 4: send back what the client sends, until it sends no more. */
    while ((count = read(client, buffer, sizeof buffer)) > 0 &&
           write_all(client, buffer, count) == 0)
        ;
    if (count != 0)
        die(count == -1 ? "read from a client" : "write to a client");

    _exit(EXIT_SUCCESS); /* closes the connection */
}

int main(int argc, char *argv[])
{
    struct sigaction action = { .sa_handler = reap, .sa_flags = SA_RESTART };
    const char *address = "127.0.0.1";
    int option, wait_for_it = 0;
    pid_t parent = getpid();

    expect_args(argc, argv, 0, argc, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+a:w")) != -1)
        if (option == 'a')
            address = optarg;
        else if (option == 'w')
            wait_for_it = 1;
        else
            usage(synopsis);
    if (argc - optind > 1)
        usage(synopsis);
    const char *port = optind < argc ? argv[optind] : "0";
    number_arg(port, "PORT", 0, 65535);

    signal(SIGPIPE, SIG_IGN);
    exit_on_signals();
    int listener = listen_on(address, port);

    /* STEP 8: have children reaped when they end, unless we wait for them. */
    if (!wait_for_it && sigaction(SIGCHLD, &action, NULL) == -1)
        die("sigaction SIGCHLD");

    print_listening(listener);
    for (;;) {
        int client = -1;
        pid_t pid = -1;

        /* STEP 1: wait for a client, and take its connection. */
        while ((client = accept(listener, NULL, NULL)) == -1)
            accept_failed();

        if (client == -1)
            fail("no client");

        /* STEP 2: a child for this client. Without one the server goes on. */
        if ((pid = fork()) == -1)
            report("fork");

        if (pid == 0)
            child(listener, client, parent);

        /* STEP 5: the connection is the child's now: close our copy. */
        if (close(client) == -1)
            report("close a connection");

        /* STEP 6: as -w wants it: wait, and be iterative again. */
        if (wait_for_it && pid != -1 && waitpid(pid, NULL, 0) == -1)
            report("waitpid %ld", (long)pid);
    }
}
