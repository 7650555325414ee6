/*
 * daytime_server - tell whoever connects what time it is (RFC 867)
 *
 *     client --connect()--> server
 *            <-- one line -- and end of file
 *
 * Watch who speaks: the client sends nothing at all, to connect is to ask.
 *
 * See tcp(7), accept(2), strftime(3).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "io.h"
#include "net.h"

static const char synopsis[] = "[-a ADDRESS] [PORT]";

int main(int argc, char *argv[])
{
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

    signal(SIGPIPE, SIG_IGN);
    exit_on_signals();
    int listener = listen_on(address, port);
    print_listening(listener);

    for (;;) {
        int client = accept(listener, NULL, NULL);
        time_t now = time(NULL);
        struct tm fields;
        char line[100];

        if (client == -1) {
            accept_failed();
            continue;
        }

        /* The RFC's own example of a line; CR and LF end it. */
        if (gmtime_r(&now, &fields) == NULL ||
            strftime(line, sizeof line, "%A, %B %d, %Y %H:%M:%S-UTC\r\n",
                     &fields) == 0)
            fail("no date for %lld", (long long)now);

        /* A line fits into the socket's buffer: no client can make us wait. */
        if (write_all(client, line, strlen(line)) == -1)
            report("write to a client");
        if (close(client) == -1)
            report("close a connection");
    }
}
