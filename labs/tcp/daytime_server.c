/*
 * daytime_server - tell every client what time it is (RFC 867)
 *
 *     client --connect()--> server
 *            <-- one line -- and end of file
 *
 * Watch who speaks: the client sends nothing at all. To connect is to ask.
 *
 * See tcp(7), accept(2), strftime(3).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "net.h"

int main(int argc, char *argv[])
{
    struct server_args args = server_args(argc, argv, '\0');
    char line[100];

    signal(SIGPIPE, SIG_IGN); /* if a client goes away, write() fails */
    exit_on_signals();
    int listener = listen_on(args.address, args.port);
    print_listening(listener);

    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client == -1) {
            accept_failed();
            continue;
        }

        /* The format is an example from the RFC; CR and LF end a line. */
        time_t now = time(NULL);
        size_t length = strftime(line, sizeof line,
                                 "%A, %B %d, %Y %H:%M:%S-UTC\r\n",
                                 gmtime(&now));

        /* A line fits into the socket's buffer: no client can make us wait. */
        if (write_all(client, line, length) == -1)
            report("write to a client");
        if (close(client) == -1)
            report("close a connection");
    }
}
