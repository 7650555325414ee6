/* echo_client with a connected socket, read() and write() */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "err.h"
#include "io.h"
#include "udp.h"

static size_t next_line(char text[MAX_TEXT])
{
    size_t length = 0;

    for (int c = 0; length < MAX_TEXT && c != '\n' && (c = getchar()) != EOF;)
        text[length++] = c;
    if (ferror(stdin))
        die("read from stdin");
    return length;
}

static ssize_t ask(int fd, const struct message *request, size_t size,
                   struct message *answer, long long deadline)
{
    if (write(fd, request, size) == -1)
        report("write to the server");

    for (;;) {
        struct pollfd wait_for = { .fd = fd, .events = POLLIN };
        int ready = poll(&wait_for, 1, time_until(deadline));

        if (ready == -1)
            die("poll");
        if (ready == 0)
            return -1;
        ssize_t count = read(fd, answer, sizeof *answer);
        if (count == -1 && errno != ECONNREFUSED)
            die("read");
        if (count >= NUMBER_SIZE && answer->number == request->number)
            return count;
    }
}

int main(int argc, char *argv[])
{
    static struct message request, answer;
    struct client_args client = client_args(argc, argv);
    const struct addrinfo *to = client.servers;
    size_t length;
    int fd = -1;

    for (uint32_t n = 1; (length = next_line(request.text)) > 0; n++) {
        long timeout = client.timeout, tries = 0;
        ssize_t count = -1;

        request.number = htonl(n);
        while (count == -1) {
            if (tries++ == client.tries)
                fail("no answer after %ld tries", client.tries);

            if (fd == -1) {
                if ((fd = socket(to->ai_family, SOCK_DGRAM, 0)) == -1)
                    die("socket");
                if (connect(fd, to->ai_addr, to->ai_addrlen) == -1)
                    report("connect");
            }
            count = ask(fd, &request, NUMBER_SIZE + length, &answer,
                        now() + timeout);

            timeout *= 2;
            if (timeout > MAX_BACK_OFF * client.timeout)
                timeout = MAX_BACK_OFF * client.timeout;

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
