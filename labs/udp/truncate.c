/*
 * truncate - what a datagram loses if the buffer is too small for it
 *
 *     [ socket ] --SENT bytes--> [ socket ] --recvmsg()--> BUFFER bytes
 *
 * Watch the last line: the rest does not wait for the next call, as it would
 * in a stream. It is gone, and only MSG_TRUNC says that there was more.
 *
 * See udp(7), recvmsg(2) MSG_TRUNC, bind(2), getsockname(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include "args.h"
#include "err.h"
#include "udp.h"

int main(int argc, char *argv[])
{
    static char bytes[MAX_DATAGRAM], buffer[MAX_DATAGRAM];
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = 0, /* any */
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct sockaddr *own = (struct sockaddr *)&address;
    socklen_t length = sizeof address;
    ssize_t sent = 0, whole = 0, received = 0, rest = 0;
    int is_short = 0;

    expect_args(argc, argv, 2, 2, "SENT BUFFER");
    long send_size = number_arg(argv[1], "SENT", 0, MAX_DATAGRAM);
    long buffer_size = number_arg(argv[2], "BUFFER", 0, MAX_DATAGRAM);
    struct iovec part = { buffer, buffer_size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd == -1)
        die("socket");

    /* STEP 1: give the socket an address: the kernel shall pick the port. */
    if (bind(fd, own, length) == -1)
        die("bind 127.0.0.1");

    /* STEP 2: ask which port that is. The length goes in, and comes out. */
    if (getsockname(fd, own, &length) == -1)
        die("getsockname");

    /* STEP 3: send one datagram to that address: it is our own. */
    if ((sent = sendto(fd, bytes, send_size, 0, own, length)) == -1)
        die("sendto %ld bytes", send_size);

    /* STEP 4: how large is it? Only look: the datagram stays. */
    if ((whole = recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC)) == -1)
        die("recv MSG_PEEK");

    /* STEP 5: receive it into the buffer. Was the buffer too small? */
    if ((received = recvmsg(fd, &message, 0)) == -1)
        die("recvmsg");
    is_short = (message.msg_flags & MSG_TRUNC) != 0;

    /* STEP 6: is the rest there? Do not wait for it: EAGAIN says no. */
    rest = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (rest == -1 && errno != EAGAIN)
        die("recv MSG_DONTWAIT");

    printf("sent %zd bytes\n", sent);
    printf("waiting: %zd bytes\n", whole);
    printf("received %zd bytes%s\n", received, is_short ? ", MSG_TRUNC" : "");
    if (rest == -1)
        printf("then: nothing (EAGAIN)\n");
    else
        printf("then: %zd bytes\n", rest);
    return finish();
}
