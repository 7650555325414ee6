/*
 * echo_server - send each datagram back to where it came from (RFC 862)
 *
 *     client --any bytes--> [ ADDRESS, PORT ] --> server
 *     client <--the same bytes------------------- server
 *
 * Watch the count: the server sends back what it received, not its whole
 * buffer, and 0 bytes are a datagram, not an end. One loop serves everybody.
 *
 * See udp(7), recvfrom(2), sendto(2).
 */
#define _GNU_SOURCE
#include <sys/socket.h>

#include "err.h"
#include "net.h"
#include "udp.h"

int main(int argc, char *argv[])
{
    static char buffer[MAX_DATAGRAM];
    struct server_args args = server_args(argc, argv, '\0');
    int fd = bind_to(args.address, args.port);

    exit_on_signals();
    print_listening(fd);
    for (;;) {
        struct sockaddr_storage from; /* has room for any family's address */
        struct sockaddr *client = (struct sockaddr *)&from;
        socklen_t length = sizeof from; /* goes in, and comes out */

        ssize_t count = recvfrom(fd, buffer, sizeof buffer, 0, client,
                                 &length);
        if (count == -1)
            die("recvfrom");
        if (sendto(fd, buffer, count, 0, client, length) == -1)
            report("sendto a client");
    }
}
