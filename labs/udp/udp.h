/*
 * udp.h - sizes of datagrams, the message of echo_client, and IPv4 sockets
 *
 *     echo_client --struct message--> echo_server
 *     echo_client <--the same bytes-- echo_server   (does not look inside)
 */
#ifndef UDP_H
#define UDP_H

#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

#include "err.h"

enum {
    MAX_DATAGRAM = 65535, /* no datagram is larger; over IPv4, 65507 bytes */
    MAX_TEXT = 1400,      /* fits an Ethernet frame, with all the headers */
    NUMBER_SIZE = sizeof(uint32_t),
    MAX_BACK_OFF = 8 /* no try waits longer than this many times SECONDS */
};

struct message {
    uint32_t number; /* 1, 2, 3 ... in network byte order */
    char text[MAX_TEXT];
};

/*
 * Read a line from stdin, with its newline, or the first MAX_TEXT bytes of it,
 * into TEXT. Return its length, 0 at end of file. If stdin cannot be read, die.
 */
static inline size_t read_line(char text[MAX_TEXT])
{
    size_t length = 0;
    int byte = 0;

    while (length < MAX_TEXT && byte != '\n' && (byte = getchar()) != EOF)
        text[length++] = byte;
    if (ferror(stdin))
        die("read from stdin");
    return length;
}

/* Return the IPv4 address 127.0.0.1 with PORT, 0 for any. */
static inline struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET };

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

/* Return an IPv4 socket of TYPE (SOCK_STREAM, SOCK_DGRAM), or die. */
static inline int new_socket(int type)
{
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

    if (fd == -1)
        die("socket");
    return fd;
}

#endif
