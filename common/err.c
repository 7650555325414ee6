#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

/*
 * Return the name that manual pages use, or NULL. glibc has
 * strerrorname_np() since 2.32, musl does not; these are the errors that can
 * occur in the labs.
 */
static const char *errno_name(int number)
{
#define NAME(error) case error: return #error
    switch (number) {
    NAME(EACCES);        NAME(EADDRINUSE);    NAME(EADDRNOTAVAIL);
    NAME(EAFNOSUPPORT);  NAME(EAGAIN);        NAME(EBADF);
    NAME(EBADMSG);       NAME(EBUSY);         NAME(ECHILD);
    NAME(ECONNABORTED);  NAME(ECONNREFUSED);  NAME(ECONNRESET);
    NAME(EDEADLK);       NAME(EDESTADDRREQ);  NAME(EEXIST);
    NAME(EFAULT);        NAME(EFBIG);         NAME(EHOSTUNREACH);
    NAME(EIDRM);         NAME(EINPROGRESS);   NAME(EINTR);
    NAME(EINVAL);        NAME(EIO);           NAME(EISCONN);
    NAME(EISDIR);        NAME(ELOOP);         NAME(EMFILE);
    NAME(EMSGSIZE);      NAME(ENAMETOOLONG);  NAME(ENETUNREACH);
    NAME(ENFILE);        NAME(ENOBUFS);       NAME(ENODEV);
    NAME(ENOENT);        NAME(ENOEXEC);       NAME(ENOLCK);
    NAME(ENOMEM);        NAME(ENOMSG);        NAME(ENOSPC);
    NAME(ENOSYS);        NAME(ENOTCONN);      NAME(ENOTDIR);
    NAME(ENOTRECOVERABLE); NAME(ENOTSOCK);    NAME(ENOTSUP);
    NAME(ENXIO);         NAME(EOVERFLOW);     NAME(EOWNERDEAD);
    NAME(EPERM);         NAME(EPIPE);         NAME(EPROTONOSUPPORT);
    NAME(ERANGE);        NAME(EROFS);         NAME(ESPIPE);
    NAME(ESRCH);         NAME(ETIMEDOUT);     NAME(ETXTBSY);
    default: return NULL;
    }
#undef NAME
}

/*
 * Print a message with one write(), so that lines of several processes do
 * not mix.
 * REASON is an errno value, or 0 for none.
 */
static void complain(int reason, const char *format, va_list args)
{
    char message[1024];
    const char *name = reason ? errno_name(reason) : NULL;

    vsnprintf(message, sizeof message, format, args);
    fprintf(stderr, "%s: %s%s%s%s%s%s\n", program_invocation_short_name,
            message, reason ? ": " : "", reason ? strerror(reason) : "",
            name ? " (" : "", name ? name : "", name ? ")" : "");
}

void die(const char *format, ...)
{
    int reason = errno;
    va_list args;

    va_start(args, format);
    complain(reason, format, args);
    va_end(args);
    exit(EXIT_FAILURE);
}

void report(const char *format, ...)
{
    int reason = errno;
    va_list args;

    va_start(args, format);
    complain(reason, format, args);
    va_end(args);
}

void fail(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    complain(0, format, args);
    va_end(args);
    exit(EXIT_FAILURE);
}

static void print_usage(FILE *stream, const char *synopsis)
{
    fprintf(stream, "usage: %s%s%s\n", program_invocation_short_name,
            *synopsis ? " " : "", synopsis);
}

void usage(const char *synopsis)
{
    print_usage(stderr, synopsis);
    exit(2);
}

void expect_args(int argc, char *argv[], int min, int max,
                 const char *synopsis)
{
    if (argc == 2 &&
        (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0)) {
        print_usage(stdout, synopsis);
        exit(finish());
    }
    if (argc - 1 < min || argc - 1 > max)
        usage(synopsis);
}

int finish(void)
{
    if (fflush(stdout) == EOF || ferror(stdout))
        die("write to stdout");
    return EXIT_SUCCESS;
}
