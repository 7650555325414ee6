/*
 * connected - a datagram socket can be connected, too
 *
 *     connect()   sends nothing: the kernel remembers the address ...
 *     send()      ... and sends everything there,
 *     recv()      ... and keeps only what comes from there
 *
 * Watch what happens if nobody listens: connect() and send() succeed, and then
 * recv() reports it. Without connect(), no call ever would.
 *
 * See udp(7), connect(2), send(2), recv(2).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "args.h"
#include "client.h"
#include "err.h"
#include "udp.h"

int main(int argc, char *argv[])
{
    static char answer[MAX_DATAGRAM];

    setvbuf(stdout, NULL, _IOLBF, 0);
    expect_args(argc, argv, 3, 3, "HOST PORT MESSAGE");
    const char *host = argv[1], *message = argv[3];
    number_arg(argv[2], "PORT", 1, 65535);
    struct addrinfo *list = resolve(host, argv[2], SOCK_DGRAM);
    const struct addrinfo *server = prefer_ipv4(list);

    int fd = socket(server->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd == -1)
        die("socket");
    if (connect(fd, server->ai_addr, server->ai_addrlen) == -1)
        die("connect to %s", host);
    freeaddrinfo(list);

    if (send(fd, message, strlen(message), 0) == -1) /* all, or nothing */
        die("send to %s", host);
    printf("sent %zu bytes\n", strlen(message));

    struct pollfd wait_for = { .fd = fd, .events = POLLIN };
    int ready = poll(&wait_for, 1, 5000);
    if (ready == -1)
        die("poll");
    if (ready == 0)
        fail("no answer in 5 s");

    ssize_t count = recv(fd, answer, sizeof answer, 0);
    if (count == -1)
        die("recv from %s", host);
    printf("received %zd bytes: ", count);
    fwrite(answer, 1, count, stdout);
    putchar('\n');
    return finish();
}
