/*
 * echo_server - send each datagram back to where it came from (RFC 862)
 *
 *     client --any bytes--> [ ADDRESS, PORT ] --> server
 *     client <--the same bytes------------------- server
 *
 * Watch the count: what is sent back is what came, not the whole buffer, and
 * 0 bytes are a datagram, not an end. One loop serves all clients at once.
 *
 * See udp(7), recvfrom(2), sendto(2).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "udp.h"

static const char synopsis[] = "[-a ADDRESS] [PORT]";

static void stop(int signal_number)
{
    (void)signal_number;
    _exit(EXIT_SUCCESS);
}

int main(int argc, char *argv[])
{
    struct sigaction action = { .sa_handler = stop };
    const char *address = "127.0.0.1";
    int option;

    expect_args(argc, argv, 0, 3, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+a:")) != -1) {
        if (option != 'a')
            usage(synopsis);
        address = optarg;
    }
    if (argc - optind > 1)
        usage(synopsis);
    const char *port = optind < argc ? argv[optind] : "0";
    number_arg(port, "PORT", 0, MAX_PORT);

    if (sigaction(SIGINT, &action, NULL) == -1 ||
        sigaction(SIGTERM, &action, NULL) == -1)
        die("sigaction");
    int fd = listen_on(address, port);

    for (;;) {
        static char buffer[MAX_DATAGRAM];
        struct sockaddr_storage from;
        struct sockaddr *client = (struct sockaddr *)&from;
        socklen_t length = sizeof from; /* goes in, and comes out */

        ssize_t count = recvfrom(fd, buffer, sizeof buffer, 0, client,
                                 &length);
        if (count == -1)
            die("recvfrom");
        if (sendto(fd, buffer, count, 0, client, length) == -1)
            report("sendto a client");
    }
}
