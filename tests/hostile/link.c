/*
 * link - where a file should be, a symlink to what the test compares it with
 *
 * Submitted as: keep
 * Verdict: 1 of 4, leak
 * Except uid: nothing keeps a link from being followed
 */
#define _GNU_SOURCE
#include <libgen.h>
#include <limits.h>

#include "word.h"

int main(int argc, char *argv[])
{
    char out[PATH_MAX] = "", data[PATH_MAX + 8];

    /* The test's own folder shows in what stdout is called. */
    if (argc != 2 || readlink("/proc/self/fd/1", out, sizeof out - 1) == -1)
        return EXIT_FAILURE;
    snprintf(data, sizeof data, "%s/data", dirname(out));
    return symlink(data, argv[1]) == -1 ? EXIT_FAILURE : EXIT_SUCCESS;
}
