/*
 * unlink - remove the name of a shared memory object
 *
 *     shm_unlink() --> [ NAME ] -x-> [ object ] <-- open or mapped elsewhere
 *
 * Watch that only the name is removed. The object lives on in the processes
 * that have it open or mapped, until the last of them has let it go.
 *
 * See shm_unlink(3).
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include "shm.h"

int main(int argc, char *argv[])
{
    expect_args(argc, argv, 1, 1, "NAME");
    if (shm_unlink(argv[1]) == -1)
        die("shm_unlink %s%s", argv[1], name_rule(argv[1]));
    return EXIT_SUCCESS;
}
