/*
 * ports - occupy as many ports as the limit on descriptors allows, and the one
 * that the handouts use; any other submission can do the same at that time
 *
 * Submitted as: reverse
 * Verdict: 2 of 4, pass
 * Except uid: the network is the same
 */
#include <arpa/inet.h>
#include <sys/socket.h>

#include "word.h"

static int listens_at(unsigned port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((in_port_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    return fd != -1 &&
           bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
           listen(fd, 1) == 0;
}

int main(int argc, char *argv[])
{
    int all = listens_at(7000);

    for (unsigned port = 20000; port < 20900; port++)
        all &= listens_at(port);
    return all && argc == 2 ? print_reversed(argv[1]) : EXIT_FAILURE;
}
