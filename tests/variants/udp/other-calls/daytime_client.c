/* daytime_client with SO_RCVTIMEO instead of poll(), and sendmsg() */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "client.h"
#include "err.h"
#include "io.h"
#include "udp.h"

/* Did SERVER send the datagram with the address FROM? */
static int is_from(const struct addrinfo *server,
                   const struct sockaddr_storage *from, socklen_t length)
{
    return length == server->ai_addrlen &&
           memcmp(from, server->ai_addr, length) == 0;
}

/* Make recvfrom() fail with EAGAIN at DEADLINE. Return 0 if it has passed. */
static int set_time_limit(int fd, long long deadline)
{
    int left = time_until(deadline);
    struct timeval limit = { left / 1000, left % 1000 * 1000 };

    /* 0 would mean no limit at all. */
    if (left == 0)
        return 0;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == -1)
        die("setsockopt SO_RCVTIMEO");
    return 1;
}

static ssize_t ask(const struct addrinfo *to, char answer[MAX_DATAGRAM],
                   long timeout)
{
    struct sockaddr_storage from;
    long long deadline = now() + timeout;
    ssize_t count = -1;
    int fd = socket(to->ai_family, to->ai_socktype, to->ai_protocol);

    if (fd == -1)
        die("socket");

    struct msghdr request = { .msg_name = to->ai_addr,
                              .msg_namelen = to->ai_addrlen };
    if (sendmsg(fd, &request, 0) == -1)
        report("sendmsg");

    while (set_time_limit(fd, deadline)) {
        socklen_t length = sizeof from;

        count = recvfrom(fd, answer, MAX_DATAGRAM, 0,
                         (struct sockaddr *)&from, &length);
        if (count == -1 && errno != EAGAIN)
            die("recvfrom");
        if (count != -1 && is_from(to, &from, length))
            break;
        count = -1;
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
