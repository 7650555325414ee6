/* echo_iterative in one function and with one small buffer */
#define _GNU_SOURCE
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "net.h"

int main(int argc, char *argv[])
{
    struct addrinfo *info, hints = { .ai_flags = AI_NUMERICHOST };
    struct server_args args = server_args(argc, argv, '\0');
    char buffer[500];
    int on = 1;
    ssize_t count, n;

    hints.ai_socktype = SOCK_STREAM;
    signal(SIGPIPE, SIG_IGN);
    exit_on_signals();
    int error = getaddrinfo(args.address, args.port, &hints, &info);
    if (error != 0)
        die_gai(error, args.address);
    int fd = socket(info->ai_family, SOCK_STREAM, 0);
    if (fd == -1)
        die("socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
        die("setsockopt");
    if (bind(fd, info->ai_addr, info->ai_addrlen) == -1)
        die("bind");
    freeaddrinfo(info);
    if (listen(fd, 5) == -1)
        die("listen");
    print_listening(fd);

    for (;;) {
        int client = accept(fd, NULL, NULL);
        if (client == -1) {
            report("accept");
            usleep(50000);
            continue;
        }
        while ((count = read(client, buffer, sizeof buffer)) > 0) {
            for (ssize_t done = 0; done < count; done += n)
                if ((n = write(client, buffer + done, count - done)) == -1) {
                    report("write");
                    goto hang_up;
                }
        }
        if (count == -1)
            report("read");
    hang_up:
        close(client);
    }
}
