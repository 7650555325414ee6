/*
 * link - make a symlink to the file that the test will compare ours with
 *
 * Submitted as: keep
 * Verdict: 1 of 4, fail
 * Except uid: nothing prevents a link from being followed
 */
#define _GNU_SOURCE
#include <libgen.h>
#include <limits.h>

#include "word.h"

int main(int argc, char *argv[])
{
    char out[PATH_MAX] = "", data[PATH_MAX + 8];

    /* The name of stdout shows the test's own folder. */
    if (argc != 2 || readlink("/proc/self/fd/1", out, sizeof out - 1) == -1)
        return EXIT_FAILURE;
    snprintf(data, sizeof data, "%s/data", dirname(out));
    return symlink(data, argv[1]) == -1 ? EXIT_FAILURE : EXIT_SUCCESS;
}
