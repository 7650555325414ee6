/*
 * autobind - who gives a socket its port, and when
 *
 *     client, 0.0.0.0:0 --sendto()--> client, 0.0.0.0:PORT
 *
 * Watch the port: a client need not call bind(), since the kernel does it in
 * the first sendto() or connect(). A server must: who would know its port?
 *
 * See udp(7), ip(7), bind(2), getsockname(2).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

#include "err.h"
#include "udp.h"

/* Print the address and port that FD has now, and return them. */
static struct sockaddr_in print_own(const char *what, int fd)
{
    struct sockaddr_in own;
    socklen_t length = sizeof own; /* goes in, and comes out */

    if (getsockname(fd, (struct sockaddr *)&own, &length) == -1)
        die("getsockname");
    printf("%s: address %s, port %d\n", what, inet_ntoa(own.sin_addr),
           ntohs(own.sin_port));
    return own;
}

int main(int argc, char *argv[])
{
    struct sockaddr_in address = loopback(0), from;
    struct sockaddr *to = (struct sockaddr *)&address;
    socklen_t length = sizeof from;

    expect_args(argc, argv, 0, 0, "");
    int server = new_socket(SOCK_DGRAM), client = new_socket(SOCK_DGRAM);

    print_own("server, new", server);
    if (bind(server, to, sizeof address) == -1)
        die("bind 127.0.0.1 port 0");
    address = print_own("server, after bind() to port 0", server);

    print_own("client, new", client);
    if (sendto(client, "x", 1, 0, to, sizeof address) == -1)
        die("sendto");
    print_own("client, after sendto()", client);
    if (recvfrom(server, NULL, 0, 0, (struct sockaddr *)&from, &length) == -1)
        die("recvfrom");
    printf("its datagram came from: address %s, port %d\n",
           inet_ntoa(from.sin_addr), ntohs(from.sin_port));

    int other = new_socket(SOCK_DGRAM);
    if (connect(other, to, sizeof address) == -1)
        die("connect");
    print_own("another, after connect()", other);
    return finish();
}
