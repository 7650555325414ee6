/*
 * mq.h - what the programs of this lab agree on
 *
 * Who needs a queue that is not there makes it with these attributes: small,
 * so that many fit RLIMIT_MSGQUEUE. A queue that is there keeps its own.
 *
 * producer and consumer, and the processes of workers: a message is an item;
 * an empty message says that no more will come. There is no end of file.
 */
#ifndef MQ_H
#define MQ_H

#include <string.h>

enum { MAXMSG = 8, MSGSIZE = 256 };

/* For the message about a NAME that the kernel refused: the rule, if broken. */
static inline const char *name_rule(const char *name)
{
    size_t length = strlen(name);

    if (length > 1 && length - 1 <= 255 && strrchr(name, '/') == name)
        return "";
    return " (a name is a / and 1 to 255 characters that are not /)";
}

#endif
