#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "net.h"

void die_gai(int error, const char *object)
{
    if (error == EAI_SYSTEM)
        die("getaddrinfo %s", object);
    fail("getaddrinfo %s: %s", object, gai_strerror(error));
}

int listen_on(const char *address, const char *port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_NUMERICHOST };
    struct addrinfo *info;
    int error = getaddrinfo(address, port, &hints, &info), on = 1;

    if (error != 0)
        die_gai(error, address);
    int fd = socket(info->ai_family, SOCK_STREAM, 0);
    if (fd == -1)
        die("socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
        die("setsockopt SO_REUSEADDR");
    if (bind(fd, info->ai_addr, info->ai_addrlen) == -1)
        die("bind %s port %s", address, port);
    if (listen(fd, SOMAXCONN) == -1)
        die("listen on %s port %s", address, port);
    freeaddrinfo(info);
    return fd;
}

void say_listening(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char host[NI_MAXHOST], port[NI_MAXSERV];

    if (getsockname(fd, (struct sockaddr *)&address, &length) == -1)
        die("getsockname");
    int error = getnameinfo((struct sockaddr *)&address, length, host,
                            sizeof host, port, sizeof port,
                            NI_NUMERICHOST | NI_NUMERICSERV);
    if (error != 0)
        fail("getnameinfo: %s", gai_strerror(error));
    printf("listening on %s port %s\n", host, port);
    finish(); /* whoever waits for that line must get it now */
}

static void stop(int signal_number)
{
    (void)signal_number;
    _exit(EXIT_SUCCESS);
}

void exit_on_signals(void)
{
    struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };

    if (sigaction(SIGINT, &action, NULL) == -1 ||
        sigaction(SIGTERM, &action, NULL) == -1)
        die("sigaction");
}

void accept_failed(void)
{
    int reason = errno;

    if (reason == EBADF || reason == ENOTSOCK || reason == EINVAL)
        die("accept");
    report("accept");
    if (reason != ECONNABORTED)
        poll(NULL, 0, 100);
}

int connect_to(const char *host, const char *port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list;
    int fd = -1, error = getaddrinfo(host, port, &hints, &list);

    if (error != 0)
        die_gai(error, host);
    for (struct addrinfo *info = list; info; info = info->ai_next) {
        fd = socket(info->ai_family, SOCK_STREAM, 0);
        if (fd != -1 && connect(fd, info->ai_addr, info->ai_addrlen) == 0)
            break;
        if (info->ai_next == NULL)
            die("%s %s port %s", fd == -1 ? "socket for" : "connect", host,
                port);
        close(fd);
    }
    freeaddrinfo(list);
    return fd;
}
