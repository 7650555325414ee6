/* echo_fork in one function: poll() on the socket and on a signalfd */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "net.h"

int main(int argc, char *argv[])
{
    struct server_args args = server_args(argc, argv, 'w');
    int wait_for_it = args.flag;
    pid_t parent = getpid();
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    exit_on_signals();
    int listener = listen_on(args.address, args.port);
    if (fcntl(listener, F_SETFL, O_NONBLOCK) == -1)
        die("fcntl O_NONBLOCK");

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
        die("sigprocmask");
    int ended = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (ended == -1)
        die("signalfd");

    print_listening(listener);
    for (;;) {
        struct pollfd wait_for[] = { { .fd = listener, .events = POLLIN },
                                     { .fd = ended, .events = POLLIN } };
        struct signalfd_siginfo info;
        char buffer[700];
        ssize_t count, n;

        if (poll(wait_for, 2, -1) == -1)
            die("poll");
        if (wait_for[1].revents != 0) {
            if (read(ended, &info, sizeof info) == -1 && errno != EAGAIN)
                die("read a signal");
            while (waitpid(-1, NULL, WNOHANG) > 0)
                ;
        }
        if (wait_for[0].revents == 0)
            continue;

        int client = accept(listener, NULL, NULL);
        if (client == -1) {
            if (errno != EAGAIN)
                accept_failed();
            continue;
        }
        pid_t pid = fork();
        if (pid == -1)
            report("fork");
        if (pid == 0) {
            if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
                die("prctl");
            if (getppid() != parent)
                _exit(EXIT_FAILURE);
            close(listener);
            close(ended);
            while ((count = read(client, buffer, sizeof buffer)) > 0)
                for (ssize_t done = 0; done < count; done += n)
                    if ((n = write(client, buffer + done, count - done)) == -1)
                        die("write");
            if (count == -1)
                die("read");
            _exit(EXIT_SUCCESS);
        }
        close(client);
        if (wait_for_it && pid != -1 && waitpid(pid, NULL, 0) == -1)
            report("waitpid");
    }
}
