/*
 * resolve - from names to addresses and ports
 *
 *     HOST, SERVICE --getaddrinfo()--> address, port
 *                                      address, port
 *                                      ...
 *
 * Watch that a name may have several addresses, of two families. The older
 * gethostbyname() knew IPv4 only, kept its answer in one static variable for
 * all threads, and left the port to getservbyname(). getaddrinfo() does both.
 *
 * See getaddrinfo(3), getnameinfo(3), gethostbyname(3), hosts(5).
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

#include "err.h"
#include "net.h"

int main(int argc, char *argv[])
{
    /* Without a type, each address would be listed once per type of socket. */
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list;
    char host[NI_MAXHOST], port[NI_MAXSERV];

    expect_args(argc, argv, 1, 2, "HOST [SERVICE]");
    const char *service = argc == 3 ? argv[2] : NULL;

    int error = getaddrinfo(argv[1], service, &hints, &list);
    if (error != 0)
        die_gai(error, argv[1]);

    for (struct addrinfo *info = list; info != NULL; info = info->ai_next) {
        error = getnameinfo(info->ai_addr, info->ai_addrlen, host, sizeof host,
                            port, sizeof port,
                            NI_NUMERICHOST | NI_NUMERICSERV);
        if (error != 0)
            fail("getnameinfo: %s", gai_strerror(error));
        printf("%s %s", info->ai_family == AF_INET6 ? "IPv6" : "IPv4", host);
        if (service != NULL)
            printf(" port %s", port);
        putchar('\n');
    }
    freeaddrinfo(list);
    return finish();
}
