/* relay.h - what relay does before its own work: arguments, signals, dice */
#ifndef RELAY_H
#define RELAY_H

#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "client.h"
#include "err.h"

struct fault {
    long percent; /* how often it should happen */
    long count;   /* how often it has happened */
};

struct relay {
    const char *port;
    struct sockaddr_in server;
    struct fault drop, duplicate, reorder;
};

/*
 * Parse [-d PERCENT] [-u PERCENT] [-r PERCENT] [-s SEED] PORT HOST PORT, and
 * seed random(). For any other arguments print the usage line and exit 2; -h
 * and --help print it and exit 0. If HOST has no IPv4 address, die.
 */
static inline struct relay relay_args(int argc, char *argv[])
{
    static const char synopsis[] = "[-d PERCENT] [-u PERCENT] [-r PERCENT] "
                                   "[-s SEED] PORT HOST PORT";
    struct relay relay = { 0 };
    int option;

    expect_args(argc, argv, 3, 11, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+d:r:s:u:")) != -1)
        if (option == 'd')
            relay.drop.percent = number_arg(optarg, "PERCENT", 0, 100);
        else if (option == 'u')
            relay.duplicate.percent = number_arg(optarg, "PERCENT", 0, 100);
        else if (option == 'r')
            relay.reorder.percent = number_arg(optarg, "PERCENT", 0, 100);
        else if (option == 's')
            srandom(number_arg(optarg, "SEED", 0, 1000000000));
        else
            usage(synopsis);
    if (argc - optind != 3)
        usage(synopsis);
    relay.port = argv[optind];
    number_arg(relay.port, "PORT", 0, 65535);
    number_arg(argv[optind + 2], "PORT", 1, 65535);

    struct addrinfo *list = resolve(argv[optind + 1], argv[optind + 2],
                                    SOCK_DGRAM);
    const struct addrinfo *server = prefer_ipv4(list);
    if (server->ai_family != AF_INET)
        fail("%s has no IPv4 address", argv[optind + 1]);
    relay.server = *(struct sockaddr_in *)server->ai_addr;
    freeaddrinfo(list);
    return relay;
}

/* Throw the dice: should FAULT happen now? If so, count it and return 1. */
static inline int happens(struct fault *fault)
{
    if (random() % 100 >= fault->percent)
        return 0;
    fault->count++;
    return 1;
}

#endif
