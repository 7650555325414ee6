/*
 * daytime_server - send the time to whoever sends a datagram (RFC 867)
 *
 *     client --a datagram, empty or not--> [ ADDRESS, PORT ] --> server
 *     client <--"Sat Nov 21 17:02:11 2026"---------------------- server
 *
 * Watch what is missing: no listen(), no accept(), no child, and nothing to
 * remember about a client. recvfrom() reports who asked, sendto() answers.
 *
 * See udp(7), recvfrom(2), sendto(2), bind(2).
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <sys/socket.h>
#include <time.h>

#include "err.h"
#include "net.h"

/* Wait for a datagram, whatever is in it, and send the time to its sender. */
static void answer_one(int fd)
{
    struct sockaddr_storage from;   /* has room for any family's address */
    socklen_t length = sizeof from; /* goes in, and comes out */
    char line[64];

    if (recvfrom(fd, NULL, 0, 0, (struct sockaddr *)&from, &length) == -1)
        die("recvfrom");

    time_t now = time(NULL);
    size_t size = strftime(line, sizeof line, "%a %b %e %T %Y\r\n",
                           localtime(&now));
    if (sendto(fd, line, size, 0, (struct sockaddr *)&from, length) == -1)
        report("sendto a client");
}

int main(int argc, char *argv[])
{
    struct server_args args = server_args(argc, argv, '\0');
    struct addrinfo *own = resolve(args.address, args.port, SOCK_DGRAM);

    /* The same two calls are bind_to() in the other servers of this lab. */
    int fd = socket(own->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd == -1)
        die("socket");
    if (bind(fd, own->ai_addr, own->ai_addrlen) == -1)
        die("bind %s port %s", args.address, args.port);
    freeaddrinfo(own);

    exit_on_signals();
    print_listening(fd);
    for (;;)
        answer_one(fd);
}
