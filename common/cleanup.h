/* cleanup.h - remove what this process made, however it ends */
#ifndef CLEANUP_H
#define CLEANUP_H

/*
 * From now on REMOVE(NAME) is called when this process ends: by exit(), or by
 * SIGINT or SIGTERM, which then end it with status STATUS (0 for a server,
 * which is meant to be stopped so). Children do not inherit this. There is one
 * such object a process: a second call replaces the first. NAME must stay
 * valid, and REMOVE is called from a signal handler: unlink() may be.
 */
void remove_at_exit(int (*remove)(const char *), const char *name, int status);

/* Take that back: somebody else removes the object, or already has. */
void keep_at_exit(void);

#endif
