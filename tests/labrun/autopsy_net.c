/*
 * autopsy_net - describe a socket: its state, its queues, its other end
 *
 * /proc/PID/net lists the sockets of the network namespace of a process, by
 * inode. The queues and the peer of a UNIX socket are obtained by netlink.
 *
 * See proc(5), ss(8) (Recv-Q, Send-Q), sock_diag(7).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "autopsy_wait.h"

enum family { TCP, UDP, UNIX };

/* From linux/tcp_states.h. */
enum { ESTABLISHED = 1, SYN_SENT = 2, CLOSE_WAIT = 8, LISTEN = 10 };

/* IPv4 addresses are mapped: ::ffff:127.0.0.1. */
struct address {
    uint32_t word[4];
    unsigned port;
};

struct socket {
    enum family family;
    unsigned type;              /* of a UNIX socket: SOCK_STREAM … */
    unsigned state;
    unsigned long inode;        /* 0 if no process has it open */
    struct address local, remote;
    bool counted;               /* are the next two known? */
    unsigned long received, sent;       /* Recv-Q and Send-Q */
    bool has_peer;
    unsigned long peer;         /* inode of a UNIX socket's other end */
    char path[sizeof ((struct sockaddr_un *)NULL)->sun_path + 1];
};

/* The sockets of one network namespace, read once for each report. */
static struct {
    char namespace[64];
    struct socket *socket;
    size_t count;
} table;

/* ---- reading the tables ---- */

/* Each word of an address is printed as a number in host byte order. */
static bool parse_address(const char *text, struct address *address)
{
    static const uint32_t mapped[] = { 0, 0, 0xffff };
    bool is_ipv6 = strlen(text) == 32;

    if (strlen(text) == 8)
        for (int i = 0; i < 3; i++)
            address->word[i] = htonl(mapped[i]);
    else if (!is_ipv6)
        return false;
    for (int i = is_ipv6 ? 0 : 3; i < 4; i++, text += 8)
        if (sscanf(text, "%8x", &address->word[i]) != 1)
            return false;
    return true;
}

static bool parse_inet(const char *line, struct socket *socket)
{
    char local[40], remote[40];

    socket->counted = true;
    return sscanf(line, " %*d: %39[0-9A-F]:%x %39[0-9A-F]:%x %x %lx:%lx"
                  " %*x:%*x %*x %*u %*d %lu", local, &socket->local.port,
                  remote, &socket->remote.port, &socket->state, &socket->sent,
                  &socket->received, &socket->inode) == 8 &&
           parse_address(local, &socket->local) &&
           parse_address(remote, &socket->remote);
}

static bool parse_unix(const char *line, struct socket *socket)
{
    unsigned flags;
    int at = 0;

    if (sscanf(line, "%*x: %*x %*x %x %x %*x %lu %n", &flags, &socket->type,
               &socket->inode, &at) != 3)
        return false;
    socket->state = flags & 0x10000 ? LISTEN : ESTABLISHED;
    snprintf(socket->path, sizeof socket->path, "%.*s",
             (int)strcspn(line + at, "\n"), line + at);
    return true;
}

static void read_table(pid_t pid, const char *name, enum family family)
{
    FILE *file = open_proc(pid, name);
    char line[512];

    if (!file)
        return;
    while (fgets(line, sizeof line, file)) {
        struct socket socket = { .family = family };

        if (!(family == UNIX ? parse_unix : parse_inet)(line, &socket))
            continue;           /* the heading */
        table.socket = grow(table.socket, table.count, sizeof socket);
        table.socket[table.count++] = socket;
    }
    fclose(file);
}

static void read_tables(pid_t pid)
{
    char path[32], namespace[64] = "";

    snprintf(path, sizeof path, "/proc/%d/ns/net", pid);
    if (readlink(path, namespace, sizeof namespace - 1) > 0 &&
        strcmp(namespace, table.namespace) == 0)
        return;
    memcpy(table.namespace, namespace, sizeof namespace);
    free(table.socket);
    table.socket = NULL;
    table.count = 0;
    read_table(pid, "net/tcp", TCP);
    read_table(pid, "net/tcp6", TCP);
    read_table(pid, "net/udp", UDP);
    read_table(pid, "net/udp6", UDP);
    read_table(pid, "net/unix", UNIX);
}

/* ---- finding sockets ---- */

static struct socket *find_inode(unsigned long inode)
{
    for (size_t i = 0; inode && i < table.count; i++)
        if (table.socket[i].inode == inode)
            return &table.socket[i];
    return NULL;
}

static bool same_address(const struct address *one, const struct address *two)
{
    return one->port == two->port &&
           memcmp(one->word, two->word, sizeof one->word) == 0;
}

/* 0.0.0.0 or :: with this port? */
static bool is_any(const struct address *address, unsigned port)
{
    const uint32_t *word = address->word;

    return address->port == port && !word[0] && !word[1] && !word[3] &&
           (!word[2] || word[2] == htonl(0xffff));
}

/* Return the socket that listens on, or is bound to, an address. */
static struct socket *find_bound(enum family family,
                                 const struct address *address)
{
    for (size_t i = 0; i < table.count; i++) {
        struct socket *socket = &table.socket[i];

        if (socket->family == family &&
            (family == UDP || socket->state == LISTEN) &&
            (same_address(&socket->local, address) ||
             is_any(&socket->local, address->port)))
            return socket;
    }
    return NULL;
}

/* The same for a path, which accepted sockets have, too. */
static struct socket *find_path(const char *path)
{
    for (size_t i = 0; i < table.count; i++) {
        struct socket *socket = &table.socket[i];

        if (socket->family == UNIX && strcmp(socket->path, path) == 0 &&
            (socket->type == SOCK_DGRAM || socket->state == LISTEN))
            return socket;
    }
    return NULL;
}

static struct socket *find_inet_peer(const struct socket *socket)
{
    for (size_t i = 0; i < table.count; i++)
        if (table.socket[i].family == socket->family &&
            same_address(&table.socket[i].local, &socket->remote) &&
            same_address(&table.socket[i].remote, &socket->local))
            return &table.socket[i];
    return socket->family == UDP ? find_bound(UDP, &socket->remote) : NULL;
}

/* From linux/netlink.h and linux/unix_diag.h, which musl does not have. */
enum { SOCK_DIAG = 4, SOCK_DIAG_BY_FAMILY = 20, REQUEST = 1 };
enum { SHOW_PEER = 4, SHOW_RQLEN = 16, PEER = 2, RQLEN = 4 };

struct diag_header {
    uint32_t length;
    uint16_t type, flags;
    uint32_t sequence, port;
};

struct diag_request {
    struct diag_header header;
    uint8_t family, protocol;
    uint16_t pad;
    uint32_t states, inode, show, cookie[2];
};

struct diag_attribute {
    uint16_t length, type;
    uint32_t value[2];
};

/* Ask for what no table has. There is no answer across namespaces. */
static void ask_unix(struct socket *unix_socket)
{
    struct diag_request request = {
        { sizeof request, SOCK_DIAG_BY_FAMILY, REQUEST, 0, 0 }, AF_UNIX, 0, 0,
        UINT32_MAX, (uint32_t)unix_socket->inode, SHOW_PEER | SHOW_RQLEN,
        { UINT32_MAX, UINT32_MAX }
    };
    char answer[1024 + sizeof (struct diag_attribute)] = { 0 };
    struct diag_header header;
    struct diag_attribute attribute;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, SOCK_DIAG);
    ssize_t count = -1, at = sizeof header + 16;    /* a struct unix_diag_msg */

    if (fd == -1)
        return;
    if (send(fd, &request, sizeof request, 0) == sizeof request)
        count = recv(fd, answer, 1024, 0);
    close(fd);
    memcpy(&header, answer, sizeof header);
    if (header.type != SOCK_DIAG_BY_FAMILY)
        return;
    for (; at < count; at += (attribute.length + 3) & ~3) {
        memcpy(&attribute, answer + at, sizeof attribute);
        if (attribute.length < 4)
            break;
        if (attribute.type == PEER) {
            unix_socket->has_peer = true;
            unix_socket->peer = attribute.value[0];
        } else if (attribute.type == RQLEN) {
            unix_socket->counted = true;
            unix_socket->received = attribute.value[0];
            unix_socket->sent = attribute.value[1];
        }
    }
}

/* ---- describing sockets ---- */

static void format_address(const struct address *address, char *text,
                           size_t size)
{
    char host[INET6_ADDRSTRLEN];
    const uint32_t *word = address->word;

    if (!word[0] && !word[1] && word[2] == htonl(0xffff))
        inet_ntop(AF_INET, &word[3], host, sizeof host);
    else
        inet_ntop(AF_INET6, word, host, sizeof host);
    snprintf(text, size, "%s port %u", host, address->port);
}

/* The words of unix(7); tcp_states.h has the order of the states. */
static const char *const unix_type[] = {
    [SOCK_STREAM] = "stream", [SOCK_DGRAM] = "datagram",
    [SOCK_SEQPACKET] = "sequenced-packet"
};

static const char *const tcp_state[] = {
    "?", "ESTABLISHED", "SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1",
    "FIN-WAIT-2", "TIME-WAIT", "CLOSED", "CLOSE-WAIT", "LAST-ACK", "LISTEN",
    "CLOSING"
};

/* A socket without an address is in no table. */
static void add_unknown(struct wait *wait, int fd)
{
    char path[32], name[32] = "";

    snprintf(path, sizeof path, "/proc/%d/fd/%d", wait->process->pid, fd);
    if (getxattr(path, "system.sockprotoname", name, sizeof name - 1) > 0)
        add(wait, "a %.4s socket without an address", name);
    else
        add(wait, "a socket");
}

static void add_inet(struct wait *wait, const struct socket *socket)
{
    char local[80], remote[80];
    bool tcp = socket->family == TCP;

    format_address(&socket->local, local, sizeof local);
    format_address(&socket->remote, remote, sizeof remote);
    add(wait, "a %s socket, %s%s", tcp ? "TCP" : "UDP",
        tcp && socket->state == LISTEN ? "listening on " : "", local);
    if (socket->remote.port)
        add(wait, ", %s %s", tcp && socket->state == SYN_SENT ?
            "connecting to" : "connected to", remote);
    if (tcp && socket->state != ESTABLISHED && socket->state != LISTEN &&
        socket->state < sizeof tcp_state / sizeof *tcp_state)
        add(wait, " (%s)", tcp_state[socket->state]);
}

static void add_unix(struct wait *wait, const struct socket *socket,
                     const struct socket *peer)
{
    const char *type = NULL;

    if (socket->type < sizeof unix_type / sizeof *unix_type)
        type = unix_type[socket->type];
    add(wait, "a UNIX %s socket", type ? type : "?");
    if (socket->path[0])
        add(wait, ", %s%s", socket->state == LISTEN ? "listening on " : "",
            socket->path);
    if (peer && peer->path[0])
        add(wait, ", connected to %s", peer->path);
}

/* Add a line about what is queued, and who has the other end. */
static void add_other_end(struct wait *wait, int fd,
                          const struct socket *socket,
                          const struct socket *peer)
{
    char name[32] = "", there[128] = "";
    unsigned long inode = peer ? peer->inode : socket->peer;
    const char *who = "";
    struct resource *resource;

    if (inode)
        snprintf(name, sizeof name, "socket:[%lu]", inode);
    if (!socket->counted || !(resource = add_resource(wait, name, WHO_HAS)))
        return;
    resource->fd = fd;
    if (inode)
        who = ", open in ";
    else if (socket->has_peer)
        who = !peer || peer->state == ESTABLISHED ||
              peer->state == CLOSE_WAIT ? ", which is not accepted yet" :
              ", which is closed";
    if (peer)
        snprintf(there, sizeof there,
                 "; Recv-Q %lu, Send-Q %lu at the other end", peer->received,
                 peer->sent);
    else if (socket->has_peer)
        snprintf(there, sizeof there, "; the other end");
    snprintf(resource->note, sizeof resource->note,
             "Recv-Q %lu, Send-Q %lu here%s%s",
             socket->received, socket->sent, there, who);
}

void add_socket(struct wait *wait, int fd, unsigned long inode, bool alone)
{
    struct socket *socket, *peer;

    if (wait->brief)
        return;
    read_tables(wait->process->pid);
    if (!(socket = find_inode(inode))) {
        add_unknown(wait, fd);
        return;
    }
    if (socket->family == UNIX) {
        ask_unix(socket);
        if ((peer = find_inode(socket->peer)))
            ask_unix(peer);
        add_unix(wait, socket, peer);
    } else {
        peer = socket->remote.port ? find_inet_peer(socket) : NULL;
        socket->has_peer = peer;
        add_inet(wait, socket);
    }
    if (alone && socket->state != LISTEN)
        add_other_end(wait, fd, socket, peer);
}

/* Add a line about the socket that the thread connects or sends to. */
static void add_receiver(struct wait *wait, struct socket *socket)
{
    char name[32], queue[80] = "";
    struct resource *resource;

    if (!socket)
        return;
    snprintf(name, sizeof name, "socket:[%lu]", socket->inode);
    if (!(resource = add_resource(wait, name, WHO_HAS)))
        return;
    if (socket->family == UNIX)
        ask_unix(socket);
    if (socket->counted)
        snprintf(queue, sizeof queue, "has Recv-Q %lu%s, and ",
                 socket->received, socket->state == LISTEN ?
                 " (connections to accept)" : "");
    snprintf(resource->note, sizeof resource->note,
             "the socket there %sis open in ",
             queue);
}

void add_address(struct wait *wait, unsigned long start, size_t length)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_un un;
        char bytes[sizeof (struct sockaddr_un) + 1];
    } name = { 0 };
    struct address address = { { 0, 0, htonl(0xffff), 0 }, 0 };
    char text[128];

    if (wait->brief || start == 0 ||
        peek(wait, start, name.bytes, length < sizeof name.un ? length :
             sizeof name.un) < sizeof name.any.sa_family)
        return;
    read_tables(wait->process->pid);
    if (name.any.sa_family == AF_UNIX) {
        if (!name.un.sun_path[0])
            name.un.sun_path[0] = '@';  /* abstract */
        add(wait, " to %s", name.un.sun_path);
        add_receiver(wait, find_path(name.un.sun_path));
        return;
    }
    if (name.any.sa_family == AF_INET) {
        address.word[3] = name.in.sin_addr.s_addr;
        address.port = ntohs(name.in.sin_port);
    } else if (name.any.sa_family == AF_INET6) {
        memcpy(address.word, &name.in6.sin6_addr, sizeof address.word);
        address.port = ntohs(name.in6.sin6_port);
    } else
        return;
    format_address(&address, text, sizeof text);
    add(wait, " to %s", text);
    add_receiver(wait, find_bound(TCP, &address));
}
