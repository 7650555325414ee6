/*
 * client - connect standard input and output to a TCP server
 *
 *     stdin  --> thread --write()--> +------------+
 *                                    | connection | <--> server
 *     stdout <-- main() <--read()--- +------------+
 *
 * Watch the end of the input: the thread ends one direction only. The server
 * sees end of file, and can still answer.
 *
 * See tcp(7), connect(2), pthread_create(3), shutdown(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "io.h"
#include "net.h"

static int server = -1; /* the connection, used by both threads */

static void *send_input(void *unused);

int main(int argc, char *argv[])
{
    static char buffer[65536];
    ssize_t count;

    expect_args(argc, argv, 2, 2, "HOST PORT");
    number_arg(argv[2], "PORT", 1, 65535);
    struct addrinfo *list = resolve(argv[1], argv[2], SOCK_STREAM);
    signal(SIGPIPE, SIG_IGN); /* if the server goes away, write() fails */

    /* STEP 1: connect to the first address that accepts, IPv4 or IPv6. */
    for (struct addrinfo *info = list; info != NULL; info = info->ai_next) {
        server = socket(info->ai_family, SOCK_STREAM, 0);
        if (server != -1 &&
            connect(server, info->ai_addr, info->ai_addrlen) == 0)
            break;
        if (info->ai_next == NULL)
            die("%s %s port %s", server == -1 ? "socket for" : "connect",
                argv[1], argv[2]);
        close(server); /* each try needs a new socket */
    }

    freeaddrinfo(list);

    /* STEP 2: run send_input() in a thread: neither direction must wait. */
    pthread_t thread;
    errno = pthread_create(&thread, NULL, send_input, NULL);
    if (errno != 0)
        die("pthread_create");

    /* STEP 3: copy to standard output what arrives, until the server closes. */
    while ((count = read(server, buffer, sizeof buffer)) > 0)
        if (write_all(STDOUT_FILENO, buffer, count) == -1)
            die("write to stdout");
    if (count == -1)
        die("read from the server");

    return EXIT_SUCCESS; /* ends the thread too, even if it waits for input */
}

/* A failure here ends the program, too: die() calls exit(). */
static void *send_input(void *unused)
{
    static char buffer[65536];
    ssize_t count;

    pthread_detach(pthread_self()); /* nobody waits for this thread */

    /* STEP 4: copy standard input to the server until end of file. */
    while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
        if (write_all(server, buffer, count) == -1)
            die("write to the server");
    if (count == -1)
        die("read from stdin");

    /* STEP 5: end this direction only: the server may still be answering. */
    if (shutdown(server, SHUT_WR) == -1)
        die("shutdown");

    return unused;
}
