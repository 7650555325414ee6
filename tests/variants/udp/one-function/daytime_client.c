/* daytime_client in one function: a socket per try, select(), and stdio */
#define _GNU_SOURCE
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
    static char answer[MAX_DATAGRAM];
    struct client_args client = client_args(argc, argv);
    const struct addrinfo *to = client.servers;
    ssize_t count = -1;

    for (long try = 0; count == -1; try++) {
        if (try == client.tries)
            fail("no answer after %ld tries", client.tries);

        int fd = socket(to->ai_family, SOCK_DGRAM, 0);
        if (fd == -1)
            die("socket");
        if (sendto(fd, answer, 0, 0, to->ai_addr, to->ai_addrlen) == -1)
            report("sendto");

        for (long long end = now() + client.timeout; count == -1;) {
            struct sockaddr_storage from;
            socklen_t length = sizeof from;
            int left = time_until(end);
            struct timeval limit = { left / 1000, left % 1000 * 1000 };
            fd_set set;

            FD_ZERO(&set);
            FD_SET(fd, &set);
            int ready = select(fd + 1, &set, NULL, NULL, &limit);
            if (ready == -1)
                die("select");
            if (ready == 0)
                break;
            count = recvfrom(fd, answer, sizeof answer, 0,
                             (struct sockaddr *)&from, &length);
            if (count == -1)
                die("recvfrom");
            if (!is_from(to, &from, length))
                count = -1;
        }
        close(fd);
        to = to->ai_next != NULL ? to->ai_next : client.servers;
    }
    freeaddrinfo(client.servers);
    if (fwrite(answer, 1, count, stdout) != (size_t)count)
        die("fwrite");
    return finish();
}
