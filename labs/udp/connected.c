/*
 * connected - a datagram socket may be connected, too
 *
 *     connect()   no datagram goes out: the kernel notes the address
 *     send()      ... so that this needs none
 *     recv()      ... and this takes datagrams from there only
 *
 * Watch what happens where nobody listens: connect() succeeds, and the error
 * comes at last, with a later call. Without connect() it would never come.
 *
 * See udp(7), connect(2), send(2), recv(2).
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "udp.h"

enum { PATIENCE = 2 }; /* seconds */

/* Return the length of SERVER's ANSWER, or -1 when a call says: not there. */
static ssize_t ask(const struct addrinfo *server, const char *host,
                   const char *message, char answer[MAX_DATAGRAM])
{
    int fd = socket(server->ai_family, SOCK_DGRAM, 0), ready;
    struct pollfd wait_for = { .fd = fd, .events = POLLIN };
    ssize_t count = -1;

    if (fd == -1) {
        report("socket");
        return -1;
    }
    if (connect(fd, server->ai_addr, server->ai_addrlen) == -1)
        report("connect to %s", host);
    else if (send(fd, message, strlen(message), 0) == -1)
        report("send to %s", host);
    else if ((ready = poll(&wait_for, 1, PATIENCE * 1000)) == -1)
        report("poll");
    else if (ready == 0)
        fail("no answer in %d s", PATIENCE);
    else if ((count = recv(fd, answer, MAX_DATAGRAM, 0)) == -1)
        report("recv from %s", host);
    if (close(fd) == -1)
        die("close");
    return count;
}

int main(int argc, char *argv[])
{
    static char answer[MAX_DATAGRAM];
    struct addrinfo *servers;
    ssize_t count = -1;

    expect_args(argc, argv, 3, 3, "HOST PORT MESSAGE");
    number_arg(argv[2], "PORT", 1, MAX_PORT);
    servers = addresses(argv[1], argv[2], AF_UNSPEC);

    for (struct addrinfo *a = servers; a != NULL && count == -1; a = a->ai_next)
        count = ask(a, argv[1], argv[3], answer);
    freeaddrinfo(servers);
    if (count == -1)
        return EXIT_FAILURE;
    printf("sent %zu bytes\n", strlen(argv[3]));
    printf("received %zd bytes: ", count);
    fwrite(answer, 1, count, stdout);
    putchar('\n');
    return finish();
}
