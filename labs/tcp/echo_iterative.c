/*
 * echo_iterative - send back what comes, to one client at a time (RFC 862)
 *
 *     client --connect()--> [ queue ] --accept()--> server
 *            --- bytes ---> server
 *            <-- bytes ---
 *
 * Watch a second client: it is connected at once, by the kernel, and can even
 * send. But it waits in the queue until the first has gone.
 *
 * See tcp(7), ip(7), socket(2), bind(2), listen(2), accept(2).
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "io.h"
#include "net.h"

static const char synopsis[] = "[-a ADDRESS] [PORT]";

/* Return a socket that listens on PORT of ADDRESS (common/net.h: listen_on). */
static int listen_here(const char *address, const char *port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_NUMERICHOST };
    struct addrinfo *info;
    int fd = -1, on = 1, error = getaddrinfo(address, port, &hints, &info);

    if (error != 0)
        die_gai(error, address);

    /* STEP 1: make a socket for this kind of address. */
    if ((fd = socket(info->ai_family, SOCK_STREAM, 0)) == -1)
        die("socket");

    /* STEP 2: old connections of this port shall not keep us from using it. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
        die("setsockopt SO_REUSEADDR");

    /* STEP 3: give it the address and the port. */
    if (bind(fd, info->ai_addr, info->ai_addrlen) == -1)
        die("bind %s port %s", address, port);

    /* STEP 4: from now on the kernel takes connections, and queues them. */
    if (listen(fd, SOMAXCONN) == -1)
        die("listen on %s port %s", address, port);

    freeaddrinfo(info);
    return fd;
}

int main(int argc, char *argv[])
{
    static char buffer[65536];
    const char *address = "127.0.0.1";
    int option;

    expect_args(argc, argv, 0, argc, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+a:")) != -1) {
        if (option != 'a')
            usage(synopsis);
        address = optarg;
    }
    if (argc - optind > 1)
        usage(synopsis);
    const char *port = optind < argc ? argv[optind] : "0";
    number_arg(port, "PORT", 0, 65535);

    /* If a client goes away, write() shall fail, not kill us. */
    signal(SIGPIPE, SIG_IGN);
    exit_on_signals();
    int listener = listen_here(address, port);
    print_listening(listener);

    for (;;) {
        int client = -1;
        ssize_t count = 0;

        /* STEP 5: wait for a client, and take its connection. */
        while ((client = accept(listener, NULL, NULL)) == -1)
            accept_failed();

        if (client == -1)
            fail("no client");

        /* STEP 6: send back what it sends, until it sends no more. */
        while ((count = read(client, buffer, sizeof buffer)) > 0 &&
               write_all(client, buffer, count) == 0)
            ;
        if (count != 0)
            report(count == -1 ? "read from a client" : "write to a client");

        /* STEP 7: close the connection: the client sees end of file. */
        if (close(client) == -1)
            report("close a connection");
    }
}
