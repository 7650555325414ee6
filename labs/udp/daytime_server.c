/*
 * daytime_server - send the time to whoever sends a datagram (RFC 867)
 *
 *     client --a datagram, empty or not--> [ ADDRESS, PORT ] --> server
 *     client <--"Sat Nov 21 17:02:11 2026"---------------------- server
 *
 * Watch what is not here: no accept(), no child, nothing to remember of a
 * client. recvfrom() says who asked, sendto() answers, and that is all.
 *
 * See udp(7), recvfrom(2), sendto(2), getaddrinfo(3), getnameinfo(3).
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "udp.h"

static const char synopsis[] = "[-a ADDRESS] [PORT]";

static void stop(int signal_number)
{
    (void)signal_number;
    _exit(EXIT_SUCCESS);
}

/* Return a datagram socket that is bound to the first address that works. */
static int bind_to(const char *address, const char *port)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICSERV,
                              .ai_socktype = SOCK_DGRAM }, *list;
    int fd, error = getaddrinfo(address, port, &hints, &list);

    if (error != 0)
        fail("getaddrinfo %s: %s", address, gai_strerror(error));
    for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
        if ((fd = socket(a->ai_family, SOCK_DGRAM, 0)) == -1) {
            report("socket");
            continue;
        }
        if (bind(fd, a->ai_addr, a->ai_addrlen) == 0) {
            freeaddrinfo(list);
            return fd;
        }
        report("bind %s port %s", address, port);
        if (close(fd) == -1)
            die("close");
    }
    exit(EXIT_FAILURE);
}

/* Say where the server can be reached: the kernel may have picked the port. */
static void announce(int fd)
{
    struct sockaddr_storage own;
    socklen_t length = sizeof own;
    char address[NI_MAXHOST], port[NI_MAXSERV];

    if (getsockname(fd, (struct sockaddr *)&own, &length) == -1)
        die("getsockname");
    int error = getnameinfo((struct sockaddr *)&own, length, address,
                            sizeof address, port, sizeof port,
                            NI_NUMERICHOST | NI_NUMERICSERV);
    if (error != 0)
        fail("getnameinfo: %s", gai_strerror(error));
    printf("listening on %s port %s\n", address, port);
    finish(); /* whoever waits for that line must get it now */
}

int main(int argc, char *argv[])
{
    struct sigaction action = { .sa_handler = stop };
    const char *address = "127.0.0.1";
    int option;

    expect_args(argc, argv, 0, 3, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+a:")) != -1) {
        if (option != 'a')
            usage(synopsis);
        address = optarg;
    }
    if (argc - optind > 1)
        usage(synopsis);
    const char *port = optind < argc ? argv[optind] : "0";
    number_arg(port, "PORT", 0, MAX_PORT);

    if (sigaction(SIGINT, &action, NULL) == -1 ||
        sigaction(SIGTERM, &action, NULL) == -1)
        die("sigaction");
    int fd = bind_to(address, port);
    announce(fd);

    for (;;) {
        struct sockaddr_storage from;
        struct sockaddr *client = (struct sockaddr *)&from;
        socklen_t length = sizeof from; /* goes in, and comes out */
        char line[64];

        /* What the datagram holds does not matter: no room is needed. */
        if (recvfrom(fd, NULL, 0, 0, client, &length) == -1)
            die("recvfrom");
        time_t seconds = time(NULL);
        size_t size = strftime(line, sizeof line, "%a %b %e %T %Y\r\n",
                               localtime(&seconds));
        if (sendto(fd, line, size, 0, client, length) == -1)
            report("sendto a client");
    }
}
