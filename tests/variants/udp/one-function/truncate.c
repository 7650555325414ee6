/* truncate with recvfrom(), for the size as well, and poll() for the rest */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

#include "args.h"
#include "err.h"
#include "udp.h"

int main(int argc, char *argv[])
{
    static char bytes[MAX_DATAGRAM], buffer[MAX_DATAGRAM];
    struct sockaddr_in any = { .sin_family = AF_INET }, own;
    socklen_t length = sizeof own;
    ssize_t rest = -1;

    expect_args(argc, argv, 2, 2, "SENT BUFFER");
    long send_size = number_arg(argv[1], "SENT", 0, MAX_DATAGRAM);
    long buffer_size = number_arg(argv[2], "BUFFER", 0, MAX_DATAGRAM);

    int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    if (fd == -1)
        die("socket");
    inet_pton(AF_INET, "127.0.0.1", &any.sin_addr);
    if (bind(fd, (struct sockaddr *)&any, sizeof any) == -1)
        die("bind");
    if (getsockname(fd, (struct sockaddr *)&own, &length) == -1)
        die("getsockname");

    ssize_t sent = sendto(fd, bytes, send_size, MSG_DONTWAIT,
                          (struct sockaddr *)&own, length);
    if (sent == -1)
        die("sendto");
    ssize_t whole = recvfrom(fd, buffer, 1, MSG_PEEK | MSG_TRUNC, NULL, NULL);
    if (whole == -1)
        die("recvfrom, to look");
    ssize_t received = recvfrom(fd, buffer, buffer_size, 0, NULL, NULL);
    if (received == -1)
        die("recvfrom");

    struct pollfd wait_for = { .fd = fd, .events = POLLIN };
    int ready = poll(&wait_for, 1, 0);
    if (ready == -1)
        die("poll");
    if (ready == 1 && (rest = recv(fd, buffer, sizeof buffer, 0)) == -1)
        die("recv");

    printf("sent %zd bytes\n", sent);
    printf("waiting: %zd bytes\n", whole);
    printf("received %zd bytes%s\n", received,
           received < whole ? ", MSG_TRUNC" : "");
    if (rest == -1)
        printf("then: nothing (EAGAIN)\n");
    else
        printf("then: %zd bytes\n", rest);
    return finish();
}
