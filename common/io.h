/* io.h - read and write all of it, where one call may do less */
#ifndef IO_H
#define IO_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Write all COUNT bytes at BUFFER to FD; go on after short counts and
 * signals. Return 0, or -1 with the reason in errno (EPIPE if nobody reads
 * any longer and SIGPIPE is ignored); how much was written is unknown then.
 */
int write_all(int fd, const void *buffer, size_t count);

/*
 * Read COUNT bytes from FD into BUFFER; go on after short counts and signals.
 * Return COUNT, or less if end of file came first, or -1 with the reason in
 * errno.
 */
ssize_t read_full(int fd, void *buffer, size_t count);

#endif
