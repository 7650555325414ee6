/*
 * ports - TCP and UDP count their ports separately
 *
 *     port P  +-- UDP: a socket        one process may hold both,
 *             +-- TCP: another         or two that never met
 *
 * Watch that a TCP connection to P is refused while only UDP is served there.
 *
 * See ip(7), udp(7), tcp(7), bind(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include "args.h"
#include "err.h"
#include "udp.h"

int main(int argc, char *argv[])
{
    struct sockaddr_in address;
    struct sockaddr *own = (struct sockaddr *)&address;
    socklen_t length = sizeof address;

    expect_args(argc, argv, 0, 1, "[PORT]");
    long port = argc == 2 ? number_arg(argv[1], "PORT", 0, 65535) : 0;
    int udp, tcp = new_socket(SOCK_STREAM), result;

    do { /* by chance, the TCP port of this number may be taken */
        address = loopback(port);
        udp = new_socket(SOCK_DGRAM);
        if (bind(udp, own, length) == -1)
            die("bind UDP port %ld", port);
        if (getsockname(udp, own, &length) == -1)
            die("getsockname");
        result = bind(tcp, own, length);
    } while (result == -1 && port == 0 && errno == EADDRINUSE);
    if (result == -1)
        die("bind TCP port %d", ntohs(address.sin_port));
    printf("UDP socket bound to port %d\n", ntohs(address.sin_port));
    printf("TCP socket bound to port %d\n", ntohs(address.sin_port));

    if (bind(new_socket(SOCK_DGRAM), own, length) != -1 || errno != EADDRINUSE)
        die("bind another UDP socket");
    printf("another UDP socket, bind(): EADDRINUSE\n");

    if (connect(new_socket(SOCK_STREAM), own, length) != -1 ||
        errno != ECONNREFUSED)
        die("connect");
    printf("TCP, connect() while only UDP is served: ECONNREFUSED\n");

    if (listen(tcp, 1) == -1)
        die("listen");
    if (connect(new_socket(SOCK_STREAM), own, length) == -1)
        die("connect");
    printf("TCP, connect() after listen(): succeeded\n");
    return finish();
}
