/* net.h - what every TCP server and client does before it begins */
#ifndef NET_H
#define NET_H

/*
 * As die() for getaddrinfo() and getnameinfo(), which return ERROR and say in
 * words of their own (gai_strerror) what it means. OBJECT is what was asked.
 */
_Noreturn void die_gai(int error, const char *object);

/*
 * Return a socket that listens on PORT ("0": any that is free) of ADDRESS,
 * IPv4 or IPv6, no name; or die. See echo_iterative in the tcp lab.
 */
int listen_on(const char *address, const char *port);

/* Print "listening on ADDRESS port PORT", now, for the socket FD. */
void say_listening(int fd);

/* From now on SIGINT and SIGTERM end this process with status 0. */
void exit_on_signals(void);

/*
 * accept() has failed. If it can never succeed, die. Otherwise report it and
 * return, but not at once: the next call may fail for the same reason (EMFILE),
 * and a server shall not spin.
 */
void accept_failed(void);

/*
 * Return a socket that is connected to PORT of HOST, an address or a name,
 * whichever of its addresses answers first in their order; or die.
 */
int connect_to(const char *host, const char *port);

#endif
