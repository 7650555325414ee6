/* client in one process: poll(), recv(), and a send() that does not block */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "io.h"
#include "net.h"

int main(int argc, char *argv[])
{
    static char input[1 << 14], answer[1 << 18];
    ssize_t count, left = 0;
    char *next = input;

    expect_args(argc, argv, 2, 2, "HOST PORT");
    number_arg(argv[2], "PORT", 1, 65535);
    int fd = connect_to(argv[1], argv[2]);
    struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

    for (;;) {
        struct pollfd wait_for[] = {
            { .fd = left > 0 ? -1 : in.fd, .events = POLLIN },
            { .fd = fd, .events = left > 0 ? POLLIN | POLLOUT : POLLIN },
        };

        if (poll(wait_for, 2, -1) == -1)
            die("poll");
        if (wait_for[1].revents & (POLLIN | POLLERR | POLLHUP)) {
            if ((count = recv(fd, answer, sizeof answer, 0)) == -1)
                die("recv");
            if (count == 0)
                return EXIT_SUCCESS;
            if (write_all(STDOUT_FILENO, answer, count) == -1)
                die("write");
        }
        if (wait_for[0].revents) {
            next = input;
            if ((left = read(STDIN_FILENO, input, sizeof input)) == -1)
                die("read");
            if (left == 0) {
                in.fd = -1;
                if (shutdown(fd, SHUT_WR) == -1)
                    die("shutdown");
            }
        }
        if (left > 0) {
            count = send(fd, next, left, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (count == -1 && errno != EAGAIN)
                die("send");
            if (count > 0) {
                next += count;
                left -= count;
            }
        }
    }
}
