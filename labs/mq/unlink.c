/*
 * unlink - remove the name of a message queue
 *
 *     NAME --X    [ queue ] <-- any process that has it open
 *
 * Watch what is removed at once: only the name. The queue and the messages in
 * it are removed when the last process that has it open closes it or ends.
 *
 * See mq_unlink(3), mq_overview(7).
 */
#include <mqueue.h>
#include <stdlib.h>

#include "err.h"
#include "mq.h"

int main(int argc, char *argv[])
{
    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];

    if (mq_unlink(name) == -1)
        die("mq_unlink %s%s", name, name_rule(name));
    return EXIT_SUCCESS;
}
