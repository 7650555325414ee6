/*
 * udp.h - the message of echo_client, and what several programs share
 *
 *     echo_client --struct message--> echo_server
 *     echo_client <--the same bytes-- echo_server   (does not look inside)
 */
#ifndef UDP_H
#define UDP_H

#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "err.h"

enum {
    MAX_PORT = 65535,
    MAX_DATAGRAM = 65535, /* none holds more; over IPv4 it is 65507 */
    MAX_TEXT = 1400,      /* with all headers still one Ethernet frame */
    MAX_BACK_OFF = 8,     /* wait no longer than so many times SECONDS */
    MAX_SECONDS = 3600,
    MAX_TRIES = 1000,
    MAX_SEED = 1000000000
};

struct message {
    uint32_t number; /* 1, 2, ... in network byte order */
    char text[MAX_TEXT];
};

enum { NUMBER_SIZE = sizeof(uint32_t) };

/* Return the addresses that HOST and PORT have, of FAMILY or AF_UNSPEC. */
static inline struct addrinfo *addresses(const char *host, const char *port,
                                         int family)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICSERV,
                              .ai_family = family,
                              .ai_socktype = SOCK_DGRAM }, *list;

    int error = getaddrinfo(host, port, &hints, &list);
    if (error != 0)
        fail("getaddrinfo %s: %s", host, gai_strerror(error));
    return list;
}

/* Return a socket bound to ADDRESS and PORT, as daytime_server shows it. */
static inline int listen_on(const char *address, const char *port)
{
    struct addrinfo *list = addresses(address, port, AF_UNSPEC), *a;
    struct sockaddr_storage own;
    socklen_t length = sizeof own;
    char host[NI_MAXHOST], number[NI_MAXSERV];
    int fd = -1;

    for (a = list; a != NULL; a = a->ai_next) {
        if ((fd = socket(a->ai_family, SOCK_DGRAM, 0)) == -1)
            report("socket");
        else if (bind(fd, a->ai_addr, a->ai_addrlen) == 0)
            break;
        else
            report("bind %s port %s", address, port);
        if (fd != -1 && close(fd) == -1)
            die("close");
    }
    if (a == NULL)
        exit(EXIT_FAILURE);
    freeaddrinfo(list);
    if (getsockname(fd, (struct sockaddr *)&own, &length) == -1)
        die("getsockname");
    int error = getnameinfo((struct sockaddr *)&own, length, host, sizeof host,
                            number, sizeof number,
                            NI_NUMERICHOST | NI_NUMERICSERV);
    if (error != 0)
        fail("getnameinfo: %s", gai_strerror(error));
    printf("listening on %s port %s\n", host, number);
    finish(); /* whoever waits for that line must get it now */
    return fd;
}

struct client {
    struct addrinfo *servers; /* where to ask: HOST may have many addresses */
    long timeout;             /* milliseconds */
    long tries;
};

/* Take [-t SECONDS] [-n TRIES] HOST PORT from the command line. */
static inline struct client client_args(int argc, char *argv[])
{
    static const char synopsis[] = "[-t SECONDS] [-n TRIES] HOST PORT";
    struct client client = { .timeout = 1000, .tries = 3 };
    int option;

    expect_args(argc, argv, 2, 6, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+n:t:")) != -1)
        if (option == 'n')
            client.tries = number_arg(optarg, "TRIES", 1, MAX_TRIES);
        else if (option == 't')
            client.timeout = milliseconds_arg(optarg, "SECONDS", MAX_SECONDS);
        else
            usage(synopsis);
    if (argc - optind != 2)
        usage(synopsis);
    number_arg(argv[optind + 1], "PORT", 1, MAX_PORT);
    client.servers = addresses(argv[optind], argv[optind + 1], AF_UNSPEC);
    return client;
}

/* Is SERVER where the datagram with this sender's address came from? */
static inline int is_from(const struct addrinfo *server,
                          const struct sockaddr_storage *from,
                          socklen_t length)
{
    return length == server->ai_addrlen &&
           memcmp(from, server->ai_addr, length) == 0;
}

/* Milliseconds, by a clock that nobody sets. */
static inline long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time); /* fails for a bad clock only */
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/* Milliseconds until DEADLINE, as poll() wants them: 0 if it has passed. */
static inline int time_until(long long deadline)
{
    long long left = deadline - now();

    return left > 0 ? (int)left : 0;
}

#endif
