/* echo_iterative with accept4(), and splice() through a pipe, not a buffer */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "net.h"

static int listen_here(const char *address, const char *port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_NUMERICHOST };
    struct addrinfo *info;
    int fd = -1, on = 1, error = getaddrinfo(address, port, &hints, &info);

    if (error != 0)
        die_gai(error, address);

    fd = socket(info->ai_addr->sa_family, SOCK_STREAM | SOCK_CLOEXEC,
                IPPROTO_TCP);
    if (fd < 0)
        die("socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        die("setsockopt");
    if (bind(fd, info->ai_addr, info->ai_addrlen) < 0)
        die("bind");
    if (listen(fd, 50) < 0)
        die("listen");

    freeaddrinfo(info);
    return fd;
}

int main(int argc, char *argv[])
{
    struct server_args args = server_args(argc, argv, '\0');
    int ends[2];

    signal(SIGPIPE, SIG_IGN);
    exit_on_signals();
    int listener = listen_here(args.address, args.port);
    print_listening(listener);

    for (;;) {
        int client = -1;
        ssize_t count = 0, sent = 0;

        while ((client = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) == -1)
            accept_failed();

        /* A pipe for each: an error must not leave bytes to the next. */
        if (pipe(ends) == -1) {
            report("pipe");
            close(client);
            continue;
        }
        while ((count = splice(client, NULL, ends[1], NULL, 65536, 0)) > 0) {
            for (; count > 0; count -= sent)
                if ((sent = splice(ends[0], NULL, client, NULL, count, 0)) <= 0)
                    break;
            if (count > 0)
                break;
        }
        if (count != 0)
            report("splice");
        close(ends[0]);
        close(ends[1]);
        if (close(client) == -1)
            report("close");
    }
}
