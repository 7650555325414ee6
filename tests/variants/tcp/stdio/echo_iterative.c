/* echo_iterative with stdio: fwrite(), fflush(), and fclose() to hang up */
#define _GNU_SOURCE
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
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

    fd = socket(info->ai_family, info->ai_socktype, info->ai_protocol);
    if (fd == -1 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
        die("make a socket");
    if (bind(fd, info->ai_addr, info->ai_addrlen) == -1)
        die("bind");
    if (listen(fd, SOMAXCONN) == -1)
        die("listen");

    freeaddrinfo(info);
    return fd;
}

static void serve(int client)
{
    char buffer[BUFSIZ];
    ssize_t count = 0;
    FILE *out = fdopen(client, "w");

    if (out == NULL) {
        report("fdopen");
        close(client);
        return;
    }
    while ((count = read(client, buffer, sizeof buffer)) > 0)
        if (fwrite(buffer, 1, count, out) != (size_t)count ||
            fflush(out) == EOF)
            break;
    if (count != 0)
        report("echo");
    if (fclose(out) == EOF)
        report("fclose");
}

int main(int argc, char *argv[])
{
    struct server_args args = server_args(argc, argv, '\0');

    signal(SIGPIPE, SIG_IGN);
    exit_on_signals();
    int listener = listen_here(args.address, args.port);
    print_listening(listener);

    for (;;) {
        int client = accept(listener, NULL, NULL);

        if (client != -1)
            serve(client);
        else
            accept_failed();
    }
}
