/*
 * relay - an unreliable network on purpose, for one client at a time
 *
 *     client <--> [ PORT ] relay <--> [ HOST, PORT ] server      (IPv4)
 *
 * Watch that nobody is told what was dropped, duplicated or reordered: all
 * that a client has to go by is its clock and its numbers.
 *
 * See udp(7), recvfrom(2), sendto(2), socket(7), sigtimedwait(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "err.h"
#include "relay.h"
#include "udp.h"

struct datagram {
    ssize_t size; /* -1: no datagram */
    struct sockaddr_in to;
    char bytes[MAX_DATAGRAM];
};

static void send_on(int fd, const struct datagram *it)
{
    if (sendto(fd, it->bytes, it->size, 0, (const struct sockaddr *)&it->to,
               sizeof it->to) == -1)
        report("sendto port %d", ntohs(it->to.sin_port));
}

int main(int argc, char *argv[])
{
    static struct datagram it, held = { .size = -1 };
    struct relay relay = relay_args(argc, argv);
    struct sockaddr_in client = { 0 }, from = { 0 };
    struct timeval pause = { .tv_usec = 20000 }; /* then send what is held */
    struct timespec at_once = { 0 };
    sigset_t signals;
    long all = 0;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) == -1)
        die("sigprocmask");
    int fd = bind_to("127.0.0.1", relay.port);
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof pause) == -1)
        die("setsockopt SO_RCVTIMEO");
    print_listening(fd);

    while (sigtimedwait(&signals, NULL, &at_once) == -1) {
        socklen_t length = sizeof from; /* goes in, and comes out */

        it.size = recvfrom(fd, it.bytes, sizeof it.bytes, 0,
                           (struct sockaddr *)&from, &length);
        if (it.size == -1 && errno != EAGAIN && errno != EINTR)
            die("recvfrom");

        if (it.size != -1) {
            all++;
            if (memcmp(&from, &relay.server, sizeof from) == 0) {
                it.to = client;
            } else {
                it.to = relay.server;
                client = from;
            }
            if (happens(&relay.drop))
                continue;
            if (held.size == -1 && happens(&relay.reorder)) {
                held = it; /* the next one will overtake it */
                continue;
            }
            send_on(fd, &it);
            if (happens(&relay.duplicate))
                send_on(fd, &it);
        }
        if (held.size != -1)
            send_on(fd, &held);
        held.size = -1;
    }
    printf("%ld datagrams: %ld dropped, %ld duplicated, %ld reordered\n", all,
           relay.drop.count, relay.duplicate.count, relay.reorder.count);
    return finish();
}
