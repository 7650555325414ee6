/* io.h - read and write all of it; a single call may transfer less */
#ifndef IO_H
#define IO_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Write all COUNT bytes at BUFFER to FD; continue after short counts and
 * signals. Return 0, or -1 with the reason in errno (EPIPE if no process can
 * read any more and SIGPIPE is ignored); part of the data may be written then.
 */
int write_all(int fd, const void *buffer, size_t count);

/*
 * Read COUNT bytes from FD into BUFFER; continue after short counts and
 * signals. Return COUNT, or less if end of file came first, or -1 with the
 * reason in errno.
 */
ssize_t read_full(int fd, void *buffer, size_t count);

#endif
