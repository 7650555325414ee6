/*
 * daytime_client - ask a daytime server (RFC 867) for the time
 *
 *     client --an empty datagram--> [ HOST, PORT ] --> server
 *     client <--"Sat Nov 21 17:02:11 2026"------------ server
 *
 * Watch who reports that a datagram was lost: nobody. All that a client can do
 * is wait for some time, ask again, and give up in the end.
 *
 * See udp(7), sendto(2), poll(2), recvfrom(2).
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "err.h"
#include "udp.h"

static char answer[MAX_DATAGRAM];

static ssize_t receive(int fd, const struct addrinfo *server,
                       long long deadline);

int main(int argc, char *argv[])
{
    struct client_args args = client_args(argc, argv);
    struct addrinfo *server = NULL;
    ssize_t count = -1;

    for (long try = 0; count == -1 && try < args.tries; try++) {
        /* Try the next address of the name; after the last, the first again. */
        server = server && server->ai_next ? server->ai_next : args.servers;

        /* STEP 1: create a datagram socket of the address's family. If that
           fails, report it and continue: this may be a machine without IPv6. */
        int fd = socket(server->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd == -1) {
            report("socket");
            continue;
        }

        /* STEP 2: ask: send an empty datagram. If that fails, report it and
           carry on: the datagram is as good as lost. */
        if (sendto(fd, NULL, 0, 0, server->ai_addr, server->ai_addrlen) == -1)
            report("sendto the server");

        count = receive(fd, server, now() + args.timeout);
        if (close(fd) == -1)
            die("close");
    }
    if (count == -1)
        fail("no answer after %ld tries", args.tries);
    freeaddrinfo(args.servers);
    fwrite(answer, 1, count, stdout);
    return finish();
}

/* Return the size of the answer, or -1 if DEADLINE passes without one. */
static ssize_t receive(int fd, const struct addrinfo *server,
                       long long deadline)
{
    while (now() < deadline) {
        struct sockaddr_storage from = { 0 };
        socklen_t length = sizeof from; /* goes in, and comes out */

        /* STEP 3: wait for a datagram, but not beyond the deadline. */
        struct pollfd wait_for = { .fd = fd, .events = POLLIN };
        int ready = poll(&wait_for, 1, time_until(deadline));
        if (ready == -1)
            die("poll");
        if (ready == 0)
            break;

        /* STEP 4: receive it, and the address that it came from. */
        ssize_t count = recvfrom(fd, answer, sizeof answer, 0,
                                 (struct sockaddr *)&from, &length);
        if (count == -1)
            die("recvfrom");

        /* STEP 5: anybody can send to our port. Ignore the datagram unless it
           is from the server's address, and from the server's port. */
        if (memcmp(&from, server->ai_addr, server->ai_addrlen) != 0)
            continue;

        return count;
    }
    return -1;
}
