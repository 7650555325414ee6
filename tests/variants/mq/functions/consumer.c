/* consumer - in functions: take() allocates each item, print() prints it */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "err.h"
#include "mq.h"

static mqd_t open_queue(const char *name)
{
    struct mq_attr attributes = { 0, MAXMSG, MSGSIZE, 0, { 0 } };
    mqd_t queue = mq_open(name, O_CREAT | O_RDONLY, 0600, &attributes);

    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
    return queue;
}

/* A string that the caller must free, or NULL for the empty message. */
static char *take(mqd_t queue, const char *name)
{
    struct mq_attr attributes;

    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    char *item = malloc(attributes.mq_msgsize + 1);
    if (item == NULL)
        die("malloc");
    ssize_t length = mq_receive(queue, item, attributes.mq_msgsize, NULL);
    if (length == -1)
        die("mq_receive %s", name);
    item[length] = '\0';
    if (length > 0)
        return item;
    free(item);
    return NULL;
}

static void print(const char *item)
{
    if (puts(item) == EOF || fflush(stdout) == EOF)
        die("write to stdout");
}

int main(int argc, char *argv[])
{
    char *item;

    expect_args(argc, argv, 1, 1, "NAME");
    mqd_t queue = open_queue(argv[1]);
    while ((item = take(queue, argv[1])) != NULL) {
        print(item);
        free(item);
    }
    if (mq_unlink(argv[1]) == -1)
        die("mq_unlink %s", argv[1]);
    return EXIT_SUCCESS;
}
