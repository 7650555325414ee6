/* cleanup.h - remove what this process created, however it ends */
#ifndef CLEANUP_H
#define CLEANUP_H

/* For STATUS below: end by the signal, as if it had not been caught. */
enum { BY_SIGNAL = -1 };

/*
 * From now on, call REMOVE(NAME) when this process ends by exit() or by one of
 * these signals: SIGINT or SIGTERM, which then end it with exit status STATUS
 * (EXIT_SUCCESS for a server, since that is how it is meant to end) or
 * BY_SIGNAL; and, unless they are ignored, SIGHUP (its terminal was closed) or
 * SIGPIPE. Children do not inherit this. A process has one such object: a
 * second call replaces the first. NAME is copied. REMOVE must be safe to call
 * from a signal handler, as unlink() is. If it fails, except with ENOENT, the
 * exit status is 1.
 */
void remove_at_exit(int (*remove)(const char *), const char *name, int status);

/* Cancel that: another process will remove the object, or already has. */
void keep_at_exit(void);

#endif
