#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "err.h"
#include "net.h"

struct server_args server_args(int argc, char *argv[], char flag)
{
    struct server_args args = { .address = "127.0.0.1", .port = "0" };
    char synopsis[] = "[-a ADDRESS] [-?] [PORT]";
    char options[] = { '+', 'a', ':', flag, '\0' };
    int option;

    snprintf(synopsis, sizeof synopsis,
             flag ? "[-a ADDRESS] [-%c] [PORT]" : "[-a ADDRESS] [PORT]", flag);
    expect_args(argc, argv, 0, argc, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, options)) != -1)
        if (option == 'a')
            args.address = optarg;
        else if (flag && option == flag)
            args.flag = 1;
        else
            usage(synopsis);
    if (argc - optind > 1)
        usage(synopsis);
    if (optind < argc)
        args.port = argv[optind];
    number_arg(args.port, "PORT", 0, 65535);
    return args;
}

void die_gai(int error, const char *object)
{
    if (error == EAI_SYSTEM)
        die("getaddrinfo %s", object);
    fail("getaddrinfo %s: %s", object, gai_strerror(error));
}

struct addrinfo *resolve(const char *host, const char *port, int type)
{
    struct addrinfo hints = { .ai_socktype = type,
                              .ai_flags = AI_NUMERICSERV }, *list;
    int error = getaddrinfo(host, port, &hints, &list);

    if (error != 0)
        die_gai(error, host);
    return list;
}

/* Return a socket of TYPE that is bound to ADDRESS and PORT. */
static int bound_socket(const char *address, const char *port, int type)
{
    struct addrinfo *info = resolve(address, port, type);
    int on = 1;

    int fd = socket(info->ai_family, type | SOCK_CLOEXEC, 0);
    if (fd == -1)
        die("socket");
    /* For TCP: connections of the last run must not block the port. */
    if (type == SOCK_STREAM &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
        die("setsockopt SO_REUSEADDR");
    if (bind(fd, info->ai_addr, info->ai_addrlen) == -1)
        die("bind %s port %s", address, port);
    freeaddrinfo(info);
    return fd;
}

int listen_on(const char *address, const char *port)
{
    int fd = bound_socket(address, port, SOCK_STREAM);

    if (listen(fd, SOMAXCONN) == -1)
        die("listen on %s port %s", address, port);
    return fd;
}

int bind_to(const char *address, const char *port)
{
    return bound_socket(address, port, SOCK_DGRAM);
}

void print_listening(int fd)
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
    finish();
}

static void stop(int signal_number)
{
    (void)signal_number;
    _exit(EXIT_SUCCESS);
}

void exit_on_signals(void)
{
    struct sigaction action = { .sa_handler = stop };

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
    struct addrinfo *list = resolve(host, port, SOCK_STREAM);
    int fd = -1;

    for (struct addrinfo *info = list; info; info = info->ai_next) {
        fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
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
