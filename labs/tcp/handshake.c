/*
 * handshake - who completes connect(), and what a full queue does
 *
 *     connect() --SYN--------> kernel
 *               <---SYN, ACK-- kernel --> [ queue: BACKLOG + 1 ] --> accept()
 *               --ACK--------> kernel
 *
 * Watch that the server does nothing: its kernel shakes hands. When the queue
 * is full, Linux refuses nobody. It drops the SYN, and the client's kernel
 * sends it again and again. We look on RESENDS times (default: 2).
 *
 * See listen(2), accept(2), connect(2) EINPROGRESS, tcp(7) TCP_INFO.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

#include "args.h"
#include "err.h"
#include "net.h"

enum { BACKLOG = 2, SHORT = 200, LONG = 60000 /* ms */ };

static struct tcp_info wait_for(int fd, int timeout);

int main(int argc, char *argv[])
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    struct timespec start, now;
    int fd, count = 0;

    expect_args(argc, argv, 0, 1, "[RESENDS]");
    unsigned resends = argc == 2 ? number_arg(argv[1], "RESENDS", 0, 6) : 2;
    setvbuf(stdout, NULL, _IOLBF, 0);

    int listener = listen_on("127.0.0.1", "0");
    if (listen(listener, BACKLOG) == -1) /* a second call sets a new backlog */
        die("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &length) == -1)
        die("getsockname");
    printf("listen with a backlog of %d, and no accept\n", BACKLOG);

    for (;;) {
        if ((fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) == -1)
            die("socket");
        clock_gettime(CLOCK_MONOTONIC, &start);
        if (connect(fd, (struct sockaddr *)&address, length) == -1 &&
            errno != EINPROGRESS)
            die("connect");
        count++;
        if (wait_for(fd, SHORT).tcpi_state != TCP_ESTABLISHED)
            break;
        printf("connect %d: established\n", count);
    }
    printf("connect %d: not yet after %d ms\n", count, SHORT);

    for (unsigned i = 1; i <= resends; i++) {
        while (wait_for(fd, 10).tcpi_total_retrans < i)
            ;
        clock_gettime(CLOCK_MONOTONIC, &now);
        printf("connect %d: SYN sent again after %.1f s\n", count,
               now.tv_sec - start.tv_sec + (now.tv_nsec - start.tv_nsec) / 1e9);
    }

    if (accept(listener, NULL, NULL) == -1)
        die("accept");
    printf("accept: one place is free\n");
    if (wait_for(fd, LONG).tcpi_state != TCP_ESTABLISHED)
        fail("connect %d: not established after %d ms", count, LONG);
    printf("connect %d: established\n", count);
    return finish();
}

/* Wait for up to TIMEOUT ms until FD is connected; return its state. */
static struct tcp_info wait_for(int fd, int timeout)
{
    struct pollfd connected = { .fd = fd, .events = POLLOUT };
    struct tcp_info info;
    socklen_t length = sizeof info;

    if (poll(&connected, 1, timeout) == -1)
        die("poll");
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == -1)
        die("getsockopt TCP_INFO");
    if (info.tcpi_state == TCP_CLOSE)
        fail("connect: the kernel has given up");
    return info;
}
