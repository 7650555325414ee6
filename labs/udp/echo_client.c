/*
 * echo_client - have an echo server send back each line of standard input
 *
 *     client --1 "one"--> ...lost...
 *     client --1 "one"--> [ HOST, PORT ] --1 "one"--> client
 *
 * Watch the number: without it, a late answer would pass for the next one.
 *
 * See udp(7), connect(2), send(2), poll(2), recv(2), htonl(3).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>

#include "client.h"
#include "err.h"
#include "udp.h"

static struct message request, answer;
static ssize_t ask(int fd, size_t size, long timeout);

int main(int argc, char *argv[])
{
    struct client_args args = client_args(argc, argv);
    const struct addrinfo *server = prefer_ipv4(args.servers);
    size_t length;

    /* STEP 1: create a datagram socket of the server's address family. */
    int fd = socket(server->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd == -1)
        die("socket");

    /* STEP 2: connect it. From now on, the kernel drops what others send. */
    if (connect(fd, server->ai_addr, server->ai_addrlen) == -1)
        die("connect to the server");

    freeaddrinfo(args.servers);
    for (uint32_t n = 1; (length = read_line(request.text)) > 0; n++) {
        long timeout = args.timeout, tries = args.tries;
        ssize_t count;

        /* STEP 3: number the requests 1, 2, 3 ... in network byte order. */
        request.number = htonl(n);

        while ((count = ask(fd, NUMBER_SIZE + length, timeout)) < 0) {
            if (--tries == 0)
                fail("no answer after %ld tries", args.tries);

            /* STEP 4: wait twice as long next time, at most 8 times SECONDS. */
            if (timeout < MAX_BACK_OFF * args.timeout)
                timeout *= 2;
        }
        fwrite(answer.text, 1, count, stdout);
        finish();
    }
    return finish();
}

/* Ask once. Return the length of the answer's text, or less than 0 for none. */
static ssize_t ask(int fd, size_t size, long timeout)
{
    long long deadline = now() + timeout;

    /* STEP 5: send the request. If that fails, report it, and carry on. */
    if (send(fd, &request, size, 0) == -1)
        report("send to the server");

    while (now() < deadline) {
        /* STEP 6: wait for a datagram, but not beyond the deadline. */
        struct pollfd wait_for = { .fd = fd, .events = POLLIN };
        int ready = poll(&wait_for, 1, time_until(deadline));
        if (ready == -1)
            die("poll");
        if (ready == 0)
            break;

        /* STEP 7: receive it. Ignore ECONNREFUSED: nobody listens yet. */
        ssize_t count = recv(fd, &answer, sizeof answer, 0);
        if (count == -1 && errno != ECONNREFUSED)
            die("recv from the server");

        /* STEP 8: ignore late answers, and what is too short for a number. */
        if (count < NUMBER_SIZE || answer.number != request.number)
            continue;

        return count - NUMBER_SIZE;
    }
    return -1;
}
