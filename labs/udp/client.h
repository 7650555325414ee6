/* client.h - what both clients share: their arguments, a clock, an address */
#ifndef CLIENT_H
#define CLIENT_H

#include <netdb.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "net.h"

struct client_args {
    struct addrinfo *servers; /* PORT at each of the addresses of HOST */
    long timeout;             /* how long to wait for an answer, in ms */
    long tries;               /* how often to ask */
};

/*
 * Parse [-t SECONDS] [-n TRIES] HOST PORT. For any other arguments print the
 * usage line and exit 2; -h and --help print it to stdout and exit 0. If HOST
 * cannot be resolved, die. The caller frees the addresses (freeaddrinfo).
 */
static inline struct client_args client_args(int argc, char *argv[])
{
    static const char synopsis[] = "[-t SECONDS] [-n TRIES] HOST PORT";
    struct client_args args = { .timeout = 1000, .tries = 3 };
    int option;

    expect_args(argc, argv, 2, 6, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+n:t:")) != -1)
        if (option == 'n')
            args.tries = number_arg(optarg, "TRIES", 1, 1000);
        else if (option == 't')
            args.timeout = milliseconds_arg(optarg, "SECONDS", 3600);
        else
            usage(synopsis);
    if (argc - optind != 2)
        usage(synopsis);
    number_arg(argv[optind + 1], "PORT", 1, 65535);
    args.servers = resolve(argv[optind], argv[optind + 1], SOCK_DGRAM);
    return args;
}

/* Return the time in milliseconds, by a clock that nobody sets. */
static inline long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time); /* cannot fail for this clock */
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/* Return the milliseconds until DEADLINE, for poll(): 0 if it has passed. */
static inline int time_until(long long deadline)
{
    long long left = deadline - now();

    return left > 0 ? (int)left : 0;
}

/*
 * Return the first of the addresses in LIST that is an IPv4 address, or the
 * first of all if there is none. The servers of this lab listen on 127.0.0.1
 * unless -a is given, while "localhost" may be ::1 first.
 */
static inline const struct addrinfo *prefer_ipv4(const struct addrinfo *list)
{
    for (const struct addrinfo *info = list; info; info = info->ai_next)
        if (info->ai_family == AF_INET)
            return info;
    return list;
}

#endif
