/* net.h - what every server and client does before its own work begins */
#ifndef NET_H
#define NET_H

#include <netdb.h>

/* Where a server listens. */
struct server_args {
    const char *address; /* IPv4 or IPv6, or a name; 127.0.0.1 by default */
    const char *port;    /* "0" to "65535"; "0", any free port, by default */
    int flag;            /* 1 if -FLAG was given, otherwise 0 */
};

/*
 * Parse [-a ADDRESS] [PORT] and, unless FLAG is '\0', an option -FLAG. For any
 * other arguments print the usage line and exit 2; -h and --help print it to
 * stdout and exit 0.
 */
struct server_args server_args(int argc, char *argv[], char flag);

/*
 * Return the addresses of HOST (a name or a number) for sockets of TYPE
 * (SOCK_STREAM, SOCK_DGRAM), each with PORT filled in. The caller frees the
 * list with freeaddrinfo(). If HOST cannot be resolved, die.
 */
struct addrinfo *resolve(const char *host, const char *port, int type);

/*
 * Return a TCP socket that listens on ADDRESS and PORT, close-on-exec, or die.
 * echo_iterative in the tcp lab shows how.
 */
int listen_on(const char *address, const char *port);

/*
 * Return a UDP socket bound to ADDRESS and PORT, close-on-exec, or die. There
 * is no listen() for datagrams. daytime_server in the udp lab shows how.
 */
int bind_to(const char *address, const char *port);

/*
 * Print "listening on ADDRESS port PORT" for the socket FD, and flush stdout:
 * the kernel may have chosen the port, and someone is waiting to learn it.
 */
void print_listening(int fd);

/* From now on SIGINT and SIGTERM end this process with exit status 0. */
void exit_on_signals(void);

/*
 * Call this when accept() has failed. It dies if accept() can never succeed;
 * otherwise it reports the error and returns, after a tenth of a second unless
 * only this client was lost: with EMFILE, the next call would fail as well,
 * and the server would spin.
 */
void accept_failed(void);

/*
 * Return a TCP socket connected to PORT of HOST, close-on-exec. HOST may have
 * several addresses: they are tried in order until one accepts. If none does,
 * die with the reason of the last.
 */
int connect_to(const char *host, const char *port);

/*
 * As die(), for getaddrinfo() and getnameinfo(), which return ERROR instead of
 * setting errno. OBJECT is the name or address that was asked for.
 */
_Noreturn void die_gai(int error, const char *object);

#endif
