/* echo_client in one function: getline(), pselect() and fflush() */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "err.h"
#include "udp.h"

/* Did SERVER send the datagram with the address FROM? */
static int is_from(const struct addrinfo *server,
                   const struct sockaddr_storage *from, socklen_t length)
{
    return length == server->ai_addrlen &&
           memcmp(from, server->ai_addr, length) == 0;
}

int main(int argc, char *argv[])
{
    static struct message request, answer;
    struct client_args client = client_args(argc, argv);
    const struct addrinfo *to = client.servers;
    char *line = NULL, *next = NULL;
    size_t room = 0;
    ssize_t left = 0;
    uint32_t number = 0;
    int fd = -1;

    for (;;) {
        if (left == 0) {
            if ((left = getline(&line, &room, stdin)) == -1)
                break;
            next = line;
        }
        size_t length = left < MAX_TEXT ? left : MAX_TEXT;
        memcpy(request.text, next, length);
        next += length;
        left -= length;
        request.number = htonl(++number);

        long timeout = client.timeout;
        ssize_t count = -1;
        for (long try = 0; count == -1; try++) {
            if (try == client.tries)
                fail("no answer after %ld tries", client.tries);

            /* While nobody has answered, each try asks another address. */
            if (try > 0 && number == 1 && client.servers->ai_next != NULL) {
                close(fd);
                fd = -1;
                to = to->ai_next != NULL ? to->ai_next : client.servers;
            }
            if (fd == -1 && (fd = socket(to->ai_family, SOCK_DGRAM, 0)) == -1)
                die("socket");
            if (sendto(fd, &request, NUMBER_SIZE + length, 0, to->ai_addr,
                       to->ai_addrlen) == -1)
                report("sendto");

            long long end = now() + timeout;
            for (;;) {
                struct sockaddr_storage from;
                socklen_t size = sizeof from;
                long long rest = time_until(end);
                struct timespec limit = { rest / 1000, rest % 1000 * 1000000 };
                fd_set set;

                FD_ZERO(&set);
                FD_SET(fd, &set);
                int ready = pselect(fd + 1, &set, NULL, NULL, &limit, NULL);
                if (ready == -1)
                    die("pselect");
                if (ready == 0)
                    break;
                ssize_t n = recvfrom(fd, &answer, sizeof answer, 0,
                                     (struct sockaddr *)&from, &size);
                if (n == -1)
                    die("recvfrom");
                if (n >= NUMBER_SIZE && answer.number == request.number &&
                    is_from(to, &from, size)) {
                    count = n - NUMBER_SIZE;
                    break;
                }
            }
            if (timeout * 2 <= client.timeout * MAX_BACK_OFF)
                timeout *= 2;
        }
        if (fwrite(answer.text, 1, count, stdout) != (size_t)count ||
            fflush(stdout) == EOF)
            die("write to stdout");
    }
    if (!feof(stdin))
        die("getline");
    free(line);
    freeaddrinfo(client.servers);
    return EXIT_SUCCESS;
}
