/*
 * truncate - what a datagram loses if the buffer is too small for it
 *
 *     [ socket ] --SENT bytes--> [ socket ] --recvmsg()--> BUFFER bytes
 *
 * Watch the last line: the rest does not wait for the next call, as it would
 * in a stream. It is gone, and only MSG_TRUNC reports that there was more.
 *
 * See udp(7), recvmsg(2), bind(2), getsockname(2).
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
    struct sockaddr_in address = loopback(0);
    struct sockaddr *own = (struct sockaddr *)&address;
    socklen_t length = sizeof address;
    ssize_t rest = 0;

    expect_args(argc, argv, 2, 2, "SENT BUFFER");
    size_t send_size = number_arg(argv[1], "SENT", 0, MAX_DATAGRAM);
    size_t buffer_size = number_arg(argv[2], "BUFFER", 0, MAX_DATAGRAM);
    struct iovec part = { buffer, buffer_size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd == -1)
        die("socket");

    /* STEP 1: give the socket its address; the kernel picks the port. */
    if (bind(fd, own, length) == -1)
        die("bind 127.0.0.1");

    /* STEP 2: ask which port that is. The length goes in, and comes out. */
    if (getsockname(fd, own, &length) == -1)
        die("getsockname");

    /* STEP 3: send one datagram of send_size bytes to that address, our own. */
    ssize_t sent = sendto(fd, bytes, send_size, 0, own, length);
    if (sent == -1)
        die("sendto %zu bytes", send_size);

    /* STEP 4: how large is it? Only look: the datagram must stay. */
    ssize_t whole = recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC);
    if (whole == -1)
        die("recv MSG_PEEK");

    /* STEP 5: receive it into the buffer. Was the buffer too small? */
    ssize_t received = recvmsg(fd, &message, 0);
    if (received == -1)
        die("recvmsg");
    int is_short = (message.msg_flags & MSG_TRUNC) != 0;

    /* STEP 6: is the rest still there? Do not wait: EAGAIN means that it is
       not, which is no error. */
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
