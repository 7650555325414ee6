/*
 * restart - why a server that was restarted cannot have its port back
 *
 *     client            server
 *        | <---- FIN ----- | close()           who closes first ...
 *        | ----- FIN ----> |
 *                          | TIME_WAIT, 60 s   ... remembers
 *
 * Watch that no socket is open any more, in any process: it is the kernel
 * that keeps the port, for a segment that may still be on its way.
 *
 * See socket(7) SO_REUSEADDR, tcp(7), bind(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"

static struct sockaddr_in address = { .sin_family = AF_INET };

/* A new socket for the server's address; *RESULT is what bind() returned. */
static int bind_new(int reuse, int *result)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd == -1)
        die("socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse) == -1)
        die("setsockopt SO_REUSEADDR");
    *result = bind(fd, (struct sockaddr *)&address, sizeof address);
    if (*result == -1 && errno != EADDRINUSE)
        die("bind");
    return fd;
}

/* Serve one client, and close first. */
static void serve(int listener, int client)
{
    char c;

    int fd = accept(listener, NULL, NULL);
    if (fd == -1)
        die("accept");
    if (close(fd) == -1 || close(listener) == -1)
        die("close");
    if (read(client, &c, 1) == -1) /* end of file: the FIN is here */
        die("read");
    if (close(client) == -1)
        die("close");
}

int main(int argc, char *argv[])
{
    socklen_t length = sizeof address;
    int result;

    expect_args(argc, argv, 0, 0, "");
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    /* Linux wants SO_REUSEADDR of the old server, too: set it always. */
    int listener = bind_new(1, &result);
    if (result == -1)
        die("bind");
    if (listen(listener, 1) == -1)
        die("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &length) == -1)
        die("getsockname");

    int client = socket(AF_INET, SOCK_STREAM, 0);
    if (client == -1)
        die("socket");
    if (connect(client, (struct sockaddr *)&address, length) == -1)
        die("connect");
    serve(listener, client);
    printf("port %d: served one client, closed first\n",
           ntohs(address.sin_port));

    bind_new(0, &result);
    printf("bind without SO_REUSEADDR: %s\n",
           result == -1 ? "EADDRINUSE" : "success");
    bind_new(1, &result);
    printf("bind with SO_REUSEADDR: %s\n",
           result == -1 ? "EADDRINUSE" : "success");
    return finish();
}
