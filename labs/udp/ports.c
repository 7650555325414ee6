/*
 * ports - TCP and UDP count their ports separately
 *
 *     port P  +-- UDP: a socket        one process may hold both,
 *             +-- TCP: another         or two that never met
 *
 * Watch that each is bound, and that a TCP connection to P is refused as long
 * as only UDP is served there.
 *
 * See ip(7), udp(7), tcp(7), bind(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "udp.h"

static int new_socket(int type)
{
    int fd = socket(AF_INET, type, 0);

    if (fd == -1)
        die("socket");
    return fd;
}

/* CALL returned RESULT. If it should fail, then with ERROR. */
static void show(const char *what, const char *call, int result, int error)
{
    if (result == -1 && errno != error)
        die("%s", call);
    if (result != -1 && error != 0)
        fail("%s: succeeded, but should not", call);
    printf("%s: %s\n", what,
           result != -1          ? "succeeded"
           : error == EADDRINUSE ? "EADDRINUSE"
                                 : "ECONNREFUSED");
}

int main(int argc, char *argv[])
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct sockaddr *own = (struct sockaddr *)&address;
    socklen_t length = sizeof address;
    long port = 0;
    int udp, tcp;

    expect_args(argc, argv, 0, 1, "[PORT]");
    if (argc == 2)
        port = number_arg(argv[1], "PORT", 0, MAX_PORT);

    /* Where any port will do, try until both halves of one are free. */
    for (int tries = 1;; tries++) {
        address.sin_port = htons(port);
        udp = new_socket(SOCK_DGRAM);
        tcp = new_socket(SOCK_STREAM);
        if (bind(udp, own, length) == -1)
            die("bind UDP port %ld", port);
        if (getsockname(udp, own, &length) == -1)
            die("getsockname");
        if (bind(tcp, own, length) == 0)
            break;
        if (port != 0 || errno != EADDRINUSE || tries == 100)
            die("bind TCP port %d", ntohs(address.sin_port));
        if (close(udp) == -1 || close(tcp) == -1)
            die("close");
    }
    printf("UDP socket bound to port %d\n", ntohs(address.sin_port));
    printf("TCP socket bound to port %d\n", ntohs(address.sin_port));

    show("another UDP socket, bind()", "bind",
         bind(new_socket(SOCK_DGRAM), own, length), EADDRINUSE);
    show("TCP, connect() while only UDP is served", "connect",
         connect(new_socket(SOCK_STREAM), own, length), ECONNREFUSED);
    if (listen(tcp, 1) == -1)
        die("listen");
    show("TCP, connect() after listen()", "connect",
         connect(new_socket(SOCK_STREAM), own, length), 0);
    return finish();
}
