/* cleanup.h - remove what this process made, however it ends */
#ifndef CLEANUP_H
#define CLEANUP_H

/* As STATUS below: end by the signal, as if it had not been caught. */
enum { BY_SIGNAL = -1 };

/*
 * From now on REMOVE(NAME) is called when this process ends: by exit(), or by
 * SIGINT or SIGTERM, which then end it with status STATUS (EXIT_SUCCESS for a
 * server, since that is how it is meant to end) or BY_SIGNAL. Children do not
 * inherit this. There is one such object a process: a second call replaces
 * the first. NAME is copied; REMOVE is called from a signal handler, as
 * unlink() may be. If it fails (but ENOENT is no failure) the status is 1.
 */
void remove_at_exit(int (*remove)(const char *), const char *name, int status);

/* Take that back: somebody else removes the object, or already has. */
void keep_at_exit(void);

#endif
