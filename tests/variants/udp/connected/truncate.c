/* truncate with a socket connected to itself; recv() says how much there was */
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
    static char bytes[MAX_DATAGRAM], buffer[MAX_DATAGRAM];
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct sockaddr *own = (struct sockaddr *)&address;
    socklen_t length = sizeof address;

    expect_args(argc, argv, 2, 2, "SENT BUFFER");
    long send_size = number_arg(argv[1], "SENT", 0, MAX_DATAGRAM);
    long buffer_size = number_arg(argv[2], "BUFFER", 0, MAX_DATAGRAM);

    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd == -1)
        die("socket");
    if (bind(fd, own, sizeof address) == -1)
        die("bind");
    if (getsockname(fd, own, &length) == -1)
        die("getsockname");
    if (connect(fd, own, sizeof address) == -1)
        die("connect");
    ssize_t sent = send(fd, bytes, send_size, 0);
    if (sent == -1)
        die("send");
    ssize_t whole = recv(fd, buffer, sizeof buffer, MSG_PEEK);
    if (whole == -1)
        die("recv MSG_PEEK");
    ssize_t received = recv(fd, buffer, buffer_size, MSG_TRUNC);
    if (received == -1)
        die("recv");
    int is_short = received > buffer_size;
    if (is_short)
        received = buffer_size;
    ssize_t rest = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (rest == -1 && errno != EWOULDBLOCK)
        die("recv MSG_DONTWAIT");

    printf("sent %zd bytes\n", sent);
    printf("waiting: %zd bytes\n", whole);
    printf("received %zd bytes%s\n", received, is_short ? ", MSG_TRUNC" : "");
    if (rest == -1)
        printf("then: nothing (EAGAIN)\n");
    else
        printf("then: %zd bytes\n", rest);
    return finish();
}
