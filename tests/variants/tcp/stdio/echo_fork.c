/* echo_fork with stdio in the child, and signal() for its handler */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "net.h"

static void reap(int signal_number)
{
    (void)signal_number;
    int saved_errno = errno, status;
    pid_t pid;

    do
        pid = wait3(&status, WNOHANG, NULL);
    while (pid > 0);
    errno = saved_errno;
}

static _Noreturn void child(int listener, int client, pid_t parent)
{
    static char buffer[BUFSIZ], kept[3 * BUFSIZ];
    ssize_t count = 0;

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        die("prctl PR_SET_PDEATHSIG");
    if (getppid() != parent)
        _exit(EXIT_FAILURE);

    close(listener);
    FILE *out = fdopen(dup(client), "w");
    if (out == NULL)
        die("fdopen");
    setvbuf(out, kept, _IOFBF, sizeof kept);
    while ((count = read(client, buffer, sizeof buffer)) > 0) {
        fwrite(buffer, 1, count, out);
        if (fflush(out) == EOF)
            die("fflush");
    }
    if (count == -1)
        die("read");
    if (fclose(out) == EOF)
        die("fclose");
    _exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    struct server_args args = server_args(argc, argv, 'w');
    int wait_for_it = args.flag;
    pid_t parent = getpid();

    signal(SIGPIPE, SIG_IGN);
    exit_on_signals();
    int listener = listen_on(args.address, args.port);

    /* As the C library has it, with SA_RESTART. */
    if (!wait_for_it && signal(SIGCHLD, reap) == SIG_ERR)
        die("signal");

    print_listening(listener);
    for (;;) {
        int client = -1;
        pid_t pid = -1;

        while ((client = accept(listener, NULL, NULL)) == -1)
            accept_failed();
        if ((pid = fork()) == 0)
            child(listener, client, parent);
        if (pid == -1)
            report("fork");
        close(client);
        if (wait_for_it && pid != -1 && wait(NULL) == -1)
            report("wait");
    }
}
