/* producer - in functions, the queue in a static variable */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "args.h"
#include "err.h"
#include "mq.h"

static const char *name;
static mqd_t queue;

static void open_queue(void)
{
    struct mq_attr attributes = { .mq_flags = 0 };

    attributes.mq_maxmsg = MAXMSG;
    attributes.mq_msgsize = MSGSIZE;
    queue = mq_open(name, O_WRONLY | O_CREAT, S_IRUSR | S_IWUSR, &attributes);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
}

static void put(const char *text)
{
    if (mq_send(queue, text, strlen(text), 0) == -1)
        die("mq_send %s", name);
}

int main(int argc, char *argv[])
{
    char item[32];

    expect_args(argc, argv, 2, 2, "NAME COUNT");
    name = argv[1];
    long count = number_arg(argv[2], "COUNT", 0, 1000000000);

    open_queue();
    for (long i = 0; i < count; i++) {
        sprintf(item, "item %ld", i + 1);
        put(item);
    }
    put("");
    return EXIT_SUCCESS;
}
