/* daytime_client with a connected socket: the kernel drops what others send */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "err.h"
#include "io.h"
#include "udp.h"

static ssize_t ask(const struct addrinfo *to, char answer[MAX_DATAGRAM],
                   long timeout)
{
    ssize_t count = -1;
    int fd = socket(to->ai_family, SOCK_DGRAM, 0);

    if (fd == -1) {
        report("socket");
        return -1;
    }
    if (connect(fd, to->ai_addr, to->ai_addrlen) == -1) {
        report("connect");
        close(fd);
        return -1;
    }
    if (send(fd, "", 0, 0) == -1)
        report("send");

    struct pollfd wait_for = { .fd = fd, .events = POLLIN };
    int ready = poll(&wait_for, 1, timeout);
    if (ready == -1)
        die("poll");
    if (ready == 1) {
        count = recv(fd, answer, MAX_DATAGRAM, 0);
        if (count == -1 && errno != ECONNREFUSED)
            die("recv");
    }
    if (close(fd) == -1)
        die("close");
    return count;
}

int main(int argc, char *argv[])
{
    static char answer[MAX_DATAGRAM];
    struct client_args client = client_args(argc, argv);
    const struct addrinfo *to = client.servers;
    ssize_t count = -1;

    for (long try = 1; count == -1; try++) {
        if (try > client.tries)
            fail("no answer after %ld tries", client.tries);
        count = ask(to, answer, client.timeout);
        to = to->ai_next != NULL ? to->ai_next : client.servers;
    }
    freeaddrinfo(client.servers);
    if (write_all(STDOUT_FILENO, answer, count) == -1)
        die("write to stdout");
    return EXIT_SUCCESS;
}
