/*
 * echo_client - have each line of standard input sent back by an echo server
 *
 *     client --1 "one"--> ...lost...
 *     client --1 "one"--> [ HOST, PORT ] --> server
 *     client <--1 "one"--------------------- server
 *
 * Watch the number: it tells the answer that is waited for from late ones.
 *
 * See udp(7), sendto(2), poll(2), recvfrom(2), htonl(3), getaddrinfo(3).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "udp.h"

/* Read a line, or as much of it as fits. Return its length, 0 at the end. */
static size_t next_line(char text[MAX_TEXT])
{
    size_t length = 0;

    for (int c = 0; length < MAX_TEXT && c != '\n' && (c = getchar()) != EOF;)
        text[length++] = c;
    if (ferror(stdin))
        die("read from stdin");
    return length;
}

/* Send REQUEST to TO. Return the size of the ANSWER to it, or -1 for none. */
static ssize_t ask(int fd, const struct addrinfo *to, struct message *request,
                   size_t size, struct message *answer, long long deadline)
{
    struct sockaddr_storage from = { 0 };
    socklen_t length = sizeof from; /* goes in, and comes out */
    int ready = 0, is_stray = 0, is_late = 0;
    ssize_t count;

    /* STEP 3: send the request. */
    if (sendto(fd, request, size, 0, to->ai_addr, to->ai_addrlen) == -1)
        report("sendto the server");

    do {
        count = -1;

        /* STEP 4: wait for a datagram, but not longer than the deadline. */
        struct pollfd wait_for = { .fd = fd, .events = POLLIN };
        if ((ready = poll(&wait_for, 1, time_until(deadline))) == -1)
            die("poll");
        if (ready == 0)
            break;

        /* STEP 5: receive it, and the address that it came from. */
        length = sizeof from;
        count = recvfrom(fd, answer, sizeof *answer, 0,
                         (struct sockaddr *)&from, &length);
        if (count == -1)
            die("recvfrom");

        /* STEP 6: anybody can send to our port. Was it who we asked? */
        is_stray = !is_from(to, &from, length);

        /* STEP 7: is it a late answer, to an earlier request? */
        is_late = answer->number != request->number;

    } while (count != -1 && (is_stray || is_late || count < NUMBER_SIZE));
    return count;
}

int main(int argc, char *argv[])
{
    static struct message request, answer;
    struct client client = client_args(argc, argv);
    const struct addrinfo *to = client.servers;
    size_t length;
    int fd = -1;

    for (uint32_t n = 1; (length = next_line(request.text)) > 0; n++) {
        long timeout = client.timeout, tries = 0;
        ssize_t count = -1;

        /* STEP 1: number the request, in network byte order. */
        request.number = htonl(n);

        while (count == -1) {
            if (tries++ == client.tries)
                fail("no answer after %ld tries", client.tries);

            /* STEP 2: a socket for datagrams, of the address's family. */
            if (fd == -1 && (fd = socket(to->ai_family, SOCK_DGRAM, 0)) == -1)
                die("socket");

            count = ask(fd, to, &request, NUMBER_SIZE + length, &answer,
                        now() + timeout);

            /* STEP 8: next time wait twice as long, within bounds. */
            if (timeout < MAX_BACK_OFF * client.timeout)
                timeout *= 2;

            /* Nobody has answered yet: perhaps the name's next address. */
            if (count == -1 && n == 1 && client.servers->ai_next != NULL) {
                if (close(fd) == -1)
                    die("close");
                fd = -1;
                to = to->ai_next != NULL ? to->ai_next : client.servers;
            }
        }
        if (write_all(STDOUT_FILENO, answer.text, count - NUMBER_SIZE) == -1)
            die("write to stdout");
    }
    freeaddrinfo(client.servers);
    return EXIT_SUCCESS;
}
