/*
 * autobind - who gives a socket its port, and when
 *
 *     client  0.0.0.0:0 --sendto()--> server     (before)
 *     client  0.0.0.0:P                          (after)
 *
 * Watch the port: a client need not call bind(), since the kernel does it in
 * the first sendto() or connect(). A server must: who would know its port?
 *
 * See udp(7), ip(7) ip_local_port_range, bind(2), getsockname(2).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include "err.h"

static void show(const char *what, const struct sockaddr_in *address)
{
    char text[INET_ADDRSTRLEN];

    if (inet_ntop(AF_INET, &address->sin_addr, text, sizeof text) == NULL)
        die("inet_ntop");
    printf("%s: address %s, port %d\n", what, text, ntohs(address->sin_port));
}

/* Show what FD is bound to. Return that address. */
static struct sockaddr_in show_own(const char *what, int fd)
{
    struct sockaddr_in own;
    socklen_t length = sizeof own; /* goes in, and comes out */

    if (getsockname(fd, (struct sockaddr *)&own, &length) == -1)
        die("getsockname");
    show(what, &own);
    return own;
}

static int datagram_socket(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (fd == -1)
        die("socket");
    return fd;
}

int main(int argc, char *argv[])
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = 0, /* any */
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct sockaddr *to = (struct sockaddr *)&address;
    socklen_t length = sizeof address;
    char c;

    expect_args(argc, argv, 0, 0, "");

    int server = datagram_socket();
    show_own("server, new", server);
    if (bind(server, to, length) == -1)
        die("bind 127.0.0.1 port 0");
    address = show_own("server, after bind() to port 0", server);

    int client = datagram_socket();
    show_own("client, new", client);
    if (sendto(client, "x", 1, 0, to, length) == -1)
        die("sendto");
    show_own("client, after sendto()", client);

    struct sockaddr_in from;
    length = sizeof from;
    if (recvfrom(server, &c, 1, 0, (struct sockaddr *)&from, &length) == -1)
        die("recvfrom");
    show("its datagram came from", &from);

    int other = datagram_socket();
    if (connect(other, to, sizeof address) == -1)
        die("connect");
    show_own("another, after connect()", other);
    return finish();
}
