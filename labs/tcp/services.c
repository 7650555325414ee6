/*
 * services - the well-known ports that lectures list
 *
 *     "daytime", "tcp" --getservbyname()--> 13
 *                              |
 *                        /etc/services
 *
 * Watch ntohs(): s_port is in network byte order, most significant byte first,
 * and has to be converted to the order of this machine.
 *
 * See getservbyname(3), services(5), byteorder(3).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <unistd.h>

#include "err.h"

static const char path[] = "/etc/services";

int main(int argc, char *argv[])
{
    static const char *const name[] = {
        "echo", "discard", "daytime", "chargen", "ftp", "ssh", "telnet",
        "smtp", "time", "domain", "tftp", "http", "pop3", "ntp", "imap",
        "https",
    };
    static const char *const protocol[] = { "tcp", "udp" };

    expect_args(argc, argv, 0, 0, "");

    /* Without this file getservbyname() finds nothing, and gives no reason. */
    int fd = open(path, O_RDONLY);
    if (fd == -1)
        die("open %s", path);
    if (close(fd) == -1)
        die("close %s", path);

    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        printf("%-8s", name[i]);
        for (int j = 0; j < 2; j++) {
            struct servent *entry = getservbyname(name[i], protocol[j]);

            if (entry == NULL)
                printf("  not for %s", protocol[j]);
            else
                printf("  %5d/%s", ntohs((in_port_t)entry->s_port),
                       protocol[j]);
        }
        putchar('\n');
    }
    return finish();
}
