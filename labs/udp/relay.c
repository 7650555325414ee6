/*
 * relay - an unreliable network on purpose, for one client at a time
 *
 *     client <--> [ PORT ] relay <--> [ HOST, PORT ] server      (IPv4)
 *
 * Watch that nobody is told what was dropped, duplicated or reordered: a
 * client finds out by its clock and its numbers only.
 *
 * See udp(7), recvfrom(2), socket(7) SO_RCVTIMEO, random(3).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "udp.h"

enum { CLIENT, SERVER };
static struct sockaddr_in peer[2];
static struct datagram {
    int to;
    ssize_t size; /* -1: there is none */
    char bytes[MAX_DATAGRAM];
} it, held = { .size = -1 }; /* held back, to be overtaken by the next one */
static long percent[128], count[128]; /* 'd'rop, d'u'plicate, 'r'eorder */
static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    stopped = signal_number;
}

static int happens(int what)
{
    return random() % 100 < percent[what] && ++count[what];
}

static void send_on(int fd, const struct datagram *d)
{
    if (sendto(fd, d->bytes, d->size, 0, (struct sockaddr *)&peer[d->to],
               sizeof peer[d->to]) == -1)
        report("sendto the %s", d->to == CLIENT ? "client" : "server");
}

/* Receive a datagram. What does not come from the server is for the server. */
static void pass_on(int fd)
{
    struct sockaddr_in from = { 0 };
    socklen_t length = sizeof from; /* goes in, and comes out */

    it.size = recvfrom(fd, it.bytes, sizeof it.bytes, 0,
                       (struct sockaddr *)&from, &length);
    if (it.size == -1 && errno != EAGAIN && errno != EINTR)
        die("recvfrom");
    if (it.size != -1) {
        count['*']++;
        it.to = memcmp(&from, &peer[SERVER], length) ? SERVER : CLIENT;
        if (it.to == SERVER)
            peer[CLIENT] = from;
        if (happens('d'))
            return;
        if (held.size == -1 && happens('r')) {
            held = it;
            return;
        }
        for (int more = happens('u'); more >= 0; more--)
            send_on(fd, &it);
    }
    if (held.size != -1 && (it.size == -1 || it.to == held.to)) {
        send_on(fd, &held);
        held.size = -1;
    }
}

int main(int argc, char *argv[])
{
    static const char synopsis[] = "[-d PERCENT] [-u PERCENT] [-r PERCENT] "
                                   "[-s SEED] PORT HOST PORT";
    struct sigaction action = { .sa_handler = stop }; /* interrupt recvfrom() */
    struct timeval wait = { .tv_usec = 20000 }; /* then it is held no longer */
    int option;

    expect_args(argc, argv, 3, 11, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+d:r:s:u:")) != -1)
        if (option == '?')
            usage(synopsis);
        else if (option == 's')
            srandom(number_arg(optarg, "SEED", 0, MAX_SEED));
        else
            percent[option] = number_arg(optarg, "PERCENT", 0, 100);
    if (argc - optind != 3)
        usage(synopsis);
    argv += optind;
    number_arg(argv[0], "PORT", 0, MAX_PORT);
    number_arg(argv[2], "PORT", 1, MAX_PORT);
    struct addrinfo *server = addresses(argv[1], argv[2], AF_INET);
    peer[SERVER] = *(struct sockaddr_in *)server->ai_addr;
    freeaddrinfo(server);
    if (sigaction(SIGINT, &action, NULL) == -1 ||
        sigaction(SIGTERM, &action, NULL) == -1)
        die("sigaction");
    int fd = listen_on("127.0.0.1", argv[0]);
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == -1)
        die("setsockopt");
    while (!stopped)
        pass_on(fd);
    printf("%ld datagrams: %ld dropped, %ld duplicated, %ld reordered\n",
           count['*'], count['d'], count['u'], count['r']);
    return finish();
}
