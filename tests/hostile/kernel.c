/*
 * kernel - leave something in the kernel, or use parts of it that no lab needs:
 * the answer is right only if one of these calls is not refused
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, fail
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "word.h"

enum { MEMFD_SECRET = 447, SESSION_KEYRING = -3, VSOCK = 40,
       ALG = 38, XDP = 44 };

static int allowed;

/* Whether it succeeds, or fails for another reason, such as a bad argument. */
static void try(const char *name, long result, int reason)
{
    if (result == -1 && errno == reason)
        return;
    allowed++;
    fprintf(stderr, "%s: not refused: %ld (%s)\n", name, result,
            strerror(errno));
}

#define TRY(call, reason, ...) \
    try(#call, syscall(SYS_ ## call, __VA_ARGS__), reason)
#define TRY_SOCKET(call, family, ...) \
    try(#call " " #family, call(family, __VA_ARGS__), EAFNOSUPPORT)

int main(int argc, char *argv[])
{
    /* Bad arguments: no right to make the call at all must be the reason. */
    union { unsigned words[32]; void *pointers[16]; } none = { { 0 } };
    int pair[2];

    only_in_a_sandbox();
    TRY(add_key, EPERM, "user", "hostile", "x", 1, SESSION_KEYRING);
    TRY(request_key, EPERM, "user", "hostile", NULL, SESSION_KEYRING);
    TRY(keyctl, EPERM, 0, SESSION_KEYRING, 1);
    TRY(io_setup, ENOSYS, 1, none.pointers);
    TRY(io_uring_setup, ENOSYS, 4, &none);
    TRY(io_uring_enter, ENOSYS, -1, 0, 0, 0, NULL, 0);
    TRY(io_uring_register, ENOSYS, -1, 0, NULL, 0);
    TRY(userfaultfd, EPERM, 0xffff);
    try("memfd_secret", syscall(MEMFD_SECRET, 0xffff), EPERM);
    TRY(memfd_create, EPERM, "hostile", 0xffff);
    TRY(bpf, EPERM, 999, NULL, 0);
    TRY(perf_event_open, EPERM, NULL, 0, -1, -1, 0xffff);
    TRY_SOCKET(socket, VSOCK, SOCK_STREAM, 0);
    TRY_SOCKET(socket, ALG, SOCK_SEQPACKET, 0);
    TRY_SOCKET(socket, XDP, SOCK_RAW, 0);
    TRY_SOCKET(socketpair, VSOCK, SOCK_STREAM, 0, pair);
    /* What labs need is not refused. */
    if (socket(AF_INET, SOCK_STREAM, 0) == -1 ||
        socket(AF_INET6, SOCK_DGRAM, 0) == -1 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1) {
        perror("socket");
        allowed++;
    }
    return allowed > 0 && argc == 2 ? print_reversed(argv[1]) : EXIT_FAILURE;
}
