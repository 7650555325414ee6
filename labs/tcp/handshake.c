/*
 * handshake - who completes connect(), and what a full queue does
 *
 *     connect() --SYN--------> kernel
 *               <---SYN, ACK-- kernel --> [ queue: BACKLOG + 1 ] --> accept()
 *               --ACK--------> kernel
 *
 * Watch that the server does nothing: its kernel shakes hands. Where the queue
 * is full, Linux refuses nobody. It drops the SYN, and the client's kernel
 * sends it again after a second, after two more, after four more ...
 *
 * See listen(2), accept(2), connect(2) EINPROGRESS, tcp(7).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"

enum { BACKLOG = 2, MOST = 10, SHORT = 200, LONG = 30000 /* ms */ };

/* Return whether the connection of FD is established within TIMEOUT ms. */
static int is_established(int fd, int timeout)
{
    struct pollfd wait_for = { .fd = fd, .events = POLLOUT };
    int error, ready = poll(&wait_for, 1, timeout);
    socklen_t length = sizeof error;

    if (ready == -1)
        die("poll");
    if (ready == 0)
        return 0;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == -1)
        die("getsockopt SO_ERROR");
    errno = error;
    if (error != 0)
        die("connect");
    return 1;
}

int main(int argc, char *argv[])
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int fd, count = 0;

    expect_args(argc, argv, 0, 0, "");
    setvbuf(stdout, NULL, _IOLBF, 0); /* some lines take their time */

    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener == -1)
        die("socket");
    if (bind(listener, (struct sockaddr *)&address, length) == -1)
        die("bind");
    if (listen(listener, BACKLOG) == -1)
        die("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &length) == -1)
        die("getsockname");
    printf("listen with a backlog of %d, and no accept\n", BACKLOG);

    for (;;) {
        if (++count > MOST)
            fail("the queue is not full after %d connections", MOST);
        if ((fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) == -1)
            die("socket");
        if (connect(fd, (struct sockaddr *)&address, length) == -1 &&
            errno != EINPROGRESS)
            die("connect");
        if (!is_established(fd, SHORT))
            break;
        printf("connect %d: established\n", count);
    }
    printf("connect %d: not yet after %d ms\n", count, SHORT);

    if (accept(listener, NULL, NULL) == -1)
        die("accept");
    printf("accept: one place is free\n");
    if (!is_established(fd, LONG))
        fail("connect %d is not established after %d ms", count, LONG);
    printf("connect %d: established\n", count);
    return finish();
}
