/*
 * echo_iterative - return every byte, to one client at a time (RFC 862)
 *
 *     client --connect()--> [ queue ] --accept()--> server
 *            --- bytes ---> server
 *            <-- bytes ---
 *
 * Watch a second client: the kernel connects it at once, and it can even send.
 * But it waits in the queue until the first has gone.
 *
 * See tcp(7), ip(7), socket(2), bind(2), listen(2), accept(2).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "net.h"

int main(int argc, char *argv[])
{
    struct server_args args = server_args(argc, argv, '\0');
    struct addrinfo *info = resolve(args.address, args.port, SOCK_STREAM);
    static char buffer[65536];
    ssize_t count;

    /* STEP 1: create a socket for this family of addresses. */
    int listener = socket(info->ai_family, SOCK_STREAM, 0);
    if (listener == -1)
        die("socket");

    /* STEP 2: a restart must not fail because of old connections. */
    int on = 1;
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
        die("setsockopt SO_REUSEADDR");

    /* STEP 3: give it the address and the port. */
    if (bind(listener, info->ai_addr, info->ai_addrlen) == -1)
        die("bind %s port %s", args.address, args.port);

    /* STEP 4: from now on the kernel accepts connections and queues them. */
    if (listen(listener, SOMAXCONN) == -1)
        die("listen on %s port %s", args.address, args.port);

    freeaddrinfo(info);
    signal(SIGPIPE, SIG_IGN); /* if a client goes away, write() fails */
    exit_on_signals();
    print_listening(listener);

    for (;;) {
        /* STEP 5: wait for a connection, and take it out of the queue. */
        int client = accept(listener, NULL, NULL);

        if (client == -1) {
            accept_failed();
            continue;
        }

        /* STEP 6: send back what arrives until end of file; report errors. */
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
