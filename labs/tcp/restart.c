/*
 * restart - why a restarted server may not get its port back
 *
 *     client            server
 *        | <---- FIN ----- | close()      the side that closes first ...
 *        | ----- FIN ----> |
 *        | <---- ACK ----- | TIME_WAIT    ... has to remember
 *
 * Watch that no process has the socket any more: the kernel keeps the port. If
 * that ACK is lost, the FIN arrives again and must be answered; and late
 * segments must not end up in a new connection.
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
#include "net.h"

static void try_to_bind(const struct sockaddr_in *address, int reuse)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1)
        die("socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse) == -1)
        die("setsockopt SO_REUSEADDR");
    int result = bind(fd, (struct sockaddr *)address, sizeof *address);
    if (result == -1 && errno != EADDRINUSE)
        die("bind");
    printf("bind %s SO_REUSEADDR: %s\n", reuse ? "with" : "without",
           result == 0 ? "success" : "EADDRINUSE");
}

int main(int argc, char *argv[])
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    char port[20], c;

    expect_args(argc, argv, 0, 0, "");

    /* It sets SO_REUSEADDR: Linux wants that of the old server as well. */
    int listener = listen_on("127.0.0.1", "0");
    if (getsockname(listener, (struct sockaddr *)&address, &length) == -1)
        die("getsockname");
    snprintf(port, sizeof port, "%d", ntohs(address.sin_port));
    int client = connect_to("127.0.0.1", port);

    int server = accept(listener, NULL, NULL);
    if (server == -1)
        die("accept");
    if (close(server) == -1 || close(listener) == -1)
        die("close");
    if (read(client, &c, 1) == -1) /* end of file: the server's FIN */
        die("read");
    if (close(client) == -1)
        die("close");

    printf("port %s: served one client, closed first\n", port);
    try_to_bind(&address, 0);
    try_to_bind(&address, 1);
    return finish();
}
