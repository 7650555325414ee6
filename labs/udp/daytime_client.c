/*
 * daytime_client - ask a daytime server (RFC 867) for the time
 *
 *     client --an empty datagram--> [ HOST, PORT ] --> server
 *     client <--"Sat Nov 21 17:02:11 2026"------------ server
 *
 * Watch who says that a datagram was lost: nobody. The client can only wait
 * for some time, ask again, and give up at last.
 *
 * See udp(7), sendto(2), poll(2), recvfrom(2), getaddrinfo(3).
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "udp.h"

/* Ask the server at TO once. Return the length of its ANSWER, -1 for none. */
static ssize_t ask(const struct addrinfo *to, char answer[MAX_DATAGRAM],
                   long timeout)
{
    struct sockaddr_storage from = { 0 };
    socklen_t length = sizeof from; /* goes in, and comes out */
    long long deadline = now() + timeout;
    ssize_t count = -1;
    int fd = -1, is_stray = 0;

    /* STEP 1: a socket for datagrams, of the family of the address. */
    if ((fd = socket(to->ai_family, SOCK_DGRAM, 0)) == -1) {
        report("socket");
        return -1;
    }

    /* STEP 2: ask. An empty datagram will do; it is sent like any other. */
    if (sendto(fd, NULL, 0, 0, to->ai_addr, to->ai_addrlen) == -1)
        report("sendto the server");

    do {
        count = -1;

        /* STEP 3: wait for a datagram, but not longer than the deadline. */
        struct pollfd wait_for = { .fd = fd, .events = POLLIN };
        int ready = poll(&wait_for, 1, time_until(deadline));
        if (ready == -1)
            die("poll");
        if (ready == 0)
            break;

        /* STEP 4: receive it, and the address that it came from. */
        length = sizeof from;
        count = recvfrom(fd, answer, MAX_DATAGRAM, 0,
                         (struct sockaddr *)&from, &length);
        if (count == -1)
            die("recvfrom");

        /* STEP 5: anybody can send to our port. Was it who we asked? */
        is_stray = !is_from(to, &from, length);

    } while (count != -1 && is_stray);

    if (fd != -1 && close(fd) == -1)
        die("close");
    return count;
}

int main(int argc, char *argv[])
{
    static char answer[MAX_DATAGRAM];
    struct client client = client_args(argc, argv);
    const struct addrinfo *to = client.servers;
    ssize_t count = -1;

    for (long try = 1; count == -1; try++) {
        if (try > client.tries)
            fail("no answer after %ld tries", client.tries);
        count = ask(to, answer, client.timeout);

        /* A name may have several addresses: the next try is for the next. */
        to = to->ai_next != NULL ? to->ai_next : client.servers;
    }
    freeaddrinfo(client.servers);
    if (write_all(STDOUT_FILENO, answer, count) == -1)
        die("write to stdout");
    return EXIT_SUCCESS;
}
