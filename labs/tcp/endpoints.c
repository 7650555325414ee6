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
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "net.h"

static void show(const char *what, const struct sockaddr_storage *address,
                 socklen_t length)
{
    char host[NI_MAXHOST], port[NI_MAXSERV];
    int error = getnameinfo((const struct sockaddr *)address, length, host,
                            sizeof host, port, sizeof port,
                            NI_NUMERICHOST | NI_NUMERICSERV);

    if (error != 0)
        fail("getnameinfo: %s", gai_strerror(error));
    printf("%s %s port %s", what, host, port);
}

int main(int argc, char *argv[])
{
    static const char path[] = "/proc/sys/net/ipv4/ip_local_port_range";
    struct sockaddr_storage address; /* has room for any family's address */
    int first, last;

    expect_args(argc, argv, 2, 2, "HOST PORT");
    number_arg(argv[2], "PORT", 1, 65535);

    /* Both stay open, or the second might get the first one's port. */
    for (int i = 0; i < 2; i++) {
        int fd = connect_to(argv[1], argv[2]);

        socklen_t length = sizeof address; /* goes in and comes out */
        if (getsockname(fd, (struct sockaddr *)&address, &length) == -1)
            die("getsockname");
        show("tcp", &address, length);

        length = sizeof address;
        if (getpeername(fd, (struct sockaddr *)&address, &length) == -1)
            die("getpeername");
        show(" <->", &address, length);
        putchar('\n');
    }

    char text[100] = "";
    int file = open(path, O_RDONLY); /* the range holds for IPv6, too */
    if (file == -1)
        die("open %s", path);
    if (read(file, text, sizeof text - 1) == -1)
        die("read %s", path);
    if (sscanf(text, "%d %d", &first, &last) != 2)
        fail("%s does not hold two numbers", path);
    printf("ephemeral ports: %d to %d\n", first, last);
    return finish();
}
