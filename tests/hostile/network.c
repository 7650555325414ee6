/*
 * network - look for a way out. connect() on a datagram socket sends nothing,
 * but fails without a route; 192.0.2.1 and 2001:db8::1 are documentation
 * addresses
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail
 * Except uid: the network is the same
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <sys/socket.h>

#include "word.h"

static int has_route(const char *host)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST,
                              .ai_socktype = SOCK_DGRAM }, *found;
    int fd;

    if (getaddrinfo(host, "9", &hints, &found) != 0)
        return 0;
    fd = socket(found->ai_family, found->ai_socktype, 0);
    return fd != -1 && connect(fd, found->ai_addr, found->ai_addrlen) == 0;
}

int main(int argc, char *argv[])
{
    return (has_route("192.0.2.1") || has_route("2001:db8::1")) && argc == 2 ?
           print_reversed(argv[1]) : EXIT_FAILURE;
}
