/*
 * endpoints - what makes a connection: two addresses, two ports, a protocol
 *
 *     tcp   address, ephemeral port  <-->  address, well-known port
 *           (getsockname)                  (getpeername)
 *
 * Watch two connections of one client to one server: they differ in a single
 * number, and that is enough for the kernel to tell them apart.
 *
 * See getsockname(2), getpeername(2), getnameinfo(3), ip(7).
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/socket.h>

#include "args.h"
#include "err.h"
#include "net.h"

/* Print an address, its port, and END. */
static void show(const struct sockaddr *sa, socklen_t length, const char *end)
{
    char host[NI_MAXHOST], port[NI_MAXSERV];
    int error = getnameinfo(sa, length, host, sizeof host, port,
                            sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    if (error != 0)
        fail("getnameinfo: %s", gai_strerror(error));
    printf("%s port %s%s", host, port, end);
}

int main(int argc, char *argv[])
{
    struct sockaddr_storage room; /* enough for an address of any family */
    struct sockaddr *address = (struct sockaddr *)&room;
    int first, last;

    expect_args(argc, argv, 2, 2, "HOST PORT");
    number_arg(argv[2], "PORT", 1, 65535);

    /* Both stay open, or the second might get the first one's port. */
    for (int i = 0; i < 2; i++) {
        int fd = connect_to(argv[1], argv[2]);
        socklen_t length = sizeof room; /* the room; then the length used */
        if (getsockname(fd, address, &length) == -1)
            die("getsockname");
        printf("tcp ");
        show(address, length, " <-> ");

        length = sizeof room;
        if (getpeername(fd, address, &length) == -1)
            die("getpeername");
        show(address, length, "\n");
    }

    FILE *range = fopen("/proc/sys/net/ipv4/ip_local_port_range", "r");
    if (range == NULL || fscanf(range, "%d %d", &first, &last) != 2)
        die("open or read ip_local_port_range");
    printf("ephemeral ports: %d to %d\n", first, last);
    return finish();
}
