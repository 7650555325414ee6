/* truncate with FIONREAD instead of MSG_PEEK, and O_NONBLOCK */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "args.h"
#include "err.h"
#include "udp.h"

int main(int argc, char *argv[])
{
    static char bytes[MAX_DATAGRAM], buffer[MAX_DATAGRAM];
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = 0,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct sockaddr *own = (struct sockaddr *)&address;
    socklen_t length = sizeof address;
    int whole = 0;

    expect_args(argc, argv, 2, 2, "SENT BUFFER");
    long send_size = number_arg(argv[1], "SENT", 0, MAX_DATAGRAM);
    long buffer_size = number_arg(argv[2], "BUFFER", 0, MAX_DATAGRAM);
    struct iovec out = { bytes, send_size }, in = { buffer, buffer_size };
    struct msghdr question = { .msg_iov = &out, .msg_iovlen = 1 };
    struct msghdr message = { .msg_iov = &in, .msg_iovlen = 1 };

    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd == -1)
        die("socket");
    if (bind(fd, own, length) == -1)
        die("bind");
    if (getsockname(fd, own, &length) == -1)
        die("getsockname");
    question.msg_name = own;
    question.msg_namelen = length;
    ssize_t sent = sendmsg(fd, &question, 0);
    if (sent == -1)
        die("sendmsg");
    if (ioctl(fd, FIONREAD, &whole) == -1)
        die("ioctl FIONREAD");
    ssize_t received = recvmsg(fd, &message, 0);
    if (received == -1)
        die("recvmsg");
    if (fcntl(fd, F_SETFL, O_NONBLOCK) == -1)
        die("fcntl");
    ssize_t rest = recvfrom(fd, buffer, 1, 0, NULL, NULL);
    if (rest == -1 && errno != EAGAIN)
        die("recvfrom");

    printf("sent %zd bytes\n", sent);
    printf("waiting: %d bytes\n", whole);
    printf("received %zd bytes%s\n", received,
           message.msg_flags & MSG_TRUNC ? ", MSG_TRUNC" : "");
    if (rest == -1)
        printf("then: nothing (EAGAIN)\n");
    else
        printf("then: %zd bytes\n", rest);
    return finish();
}
