/* echo_client with sendmsg(), recvmsg(), ppoll(); number and text apart */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "err.h"
#include "io.h"
#include "udp.h"

/* Did SERVER send the datagram with the address FROM? */
static int is_from(const struct addrinfo *server,
                   const struct sockaddr_storage *from, socklen_t length)
{
    return length == server->ai_addrlen &&
           memcmp(from, server->ai_addr, length) == 0;
}

static size_t next_line(char text[MAX_TEXT])
{
    size_t length = 0;

    for (int c = 0; length < MAX_TEXT && c != '\n' && (c = getchar()) != EOF;)
        text[length++] = c;
    if (ferror(stdin))
        die("read from stdin");
    return length;
}

static ssize_t ask(int fd, const struct addrinfo *to, struct message *request,
                   size_t size, struct message *answer, long long deadline)
{
    struct iovec out[] = { { &request->number, NUMBER_SIZE },
                           { request->text, size - NUMBER_SIZE } };
    struct msghdr question = { .msg_name = to->ai_addr,
                               .msg_namelen = to->ai_addrlen,
                               .msg_iov = out, .msg_iovlen = 2 };

    if (sendmsg(fd, &question, MSG_NOSIGNAL) == -1)
        report("sendmsg");

    for (;;) {
        struct sockaddr_storage from = { 0 };
        struct iovec in[] = { { &answer->number, NUMBER_SIZE },
                              { answer->text, MAX_TEXT } };
        struct msghdr reply = { .msg_name = &from, .msg_namelen = sizeof from,
                                .msg_iov = in, .msg_iovlen = 2 };
        struct pollfd wait_for = { .fd = fd, .events = POLLIN };
        int left = time_until(deadline);
        struct timespec limit = { left / 1000, left % 1000 * 1000000L };

        int ready = ppoll(&wait_for, 1, &limit, NULL);
        if (ready == -1)
            die("ppoll");
        if (ready == 0)
            return -1;
        ssize_t count = recvmsg(fd, &reply, 0);
        if (count == -1)
            die("recvmsg");
        if (count >= NUMBER_SIZE && is_from(to, &from, reply.msg_namelen) &&
            ntohl(answer->number) == ntohl(request->number))
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

        request.number = htobe32(n);
        while (count == -1) {
            if (tries++ == client.tries)
                fail("no answer after %ld tries", client.tries);
            if (fd == -1)
                fd = socket(to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            if (fd == -1)
                die("socket");

            count = ask(fd, to, &request, NUMBER_SIZE + length, &answer,
                        now() + timeout);
            if (tries <= 3) /* 2 to the power of 3 is MAX_BACK_OFF */
                timeout *= 2;

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
