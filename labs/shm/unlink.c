/*
 * unlink - remove the name of a shared memory object
 *
 *     shm_unlink() --> [ NAME ] -x-> [ object ] <-- who has it open or mapped
 *
 * Watch that it is the name that goes. The object lives on for those who have
 * it open or mapped, and goes with the last of them.
 *
 * See shm_unlink(3).
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>

#include "err.h"
#include "shm.h"

int main(int argc, char *argv[])
{
    expect_args(argc, argv, 1, 1, "NAME");
    if (shm_unlink(argv[1]) == -1)
        die("shm_unlink %s%s", argv[1], rule_for_names());
    return EXIT_SUCCESS;
}
