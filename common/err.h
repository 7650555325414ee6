/* err.h - report what went wrong, and stop */
#ifndef ERR_H
#define ERR_H

/*
 * Print "PROGRAM: MESSAGE: REASON (ENAME)" to stderr, where REASON and ENAME
 * describe errno, and exit 1. MESSAGE names the call and its object:
 * die("open %s", path) gives "reader: open /tmp/x: Permission denied (EACCES)".
 */
_Noreturn void die(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* The same, but return: a server does not end because one client is lost. */
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As die(), without errno: for bad data, and for calls that do not set it. */
_Noreturn void fail(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Print "usage: PROGRAM SYNOPSIS" to stderr and exit 2. */
_Noreturn void usage(const char *synopsis);

/*
 * Check that between MIN and MAX arguments follow argv[0]; otherwise usage().
 * A lone -h or --help prints the usage line to stdout and exits 0.
 */
void expect_args(int argc, char *argv[], int min, int max,
                 const char *synopsis);

/*
 * Flush stdout and return EXIT_SUCCESS; if it could not be written, report
 * that and exit 1. The last line of a program that prints: return finish();
 */
int finish(void);

#endif
