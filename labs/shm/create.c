/*
 * create - make a shared memory object, or give one another size
 *
 *     create --shm_open(), ftruncate()--> [ object: NAME, BYTES zeros ]
 *
 * Watch ls -l /dev/shm: an object is a file there, and outlives its maker.
 *
 * See shm_overview(7), shm_open(3), ftruncate(2), fchmod(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "args.h"
#include "shm.h"

static int flags, for_all;
static void parse_options(int argc, char *argv[]);

int main(int argc, char *argv[])
{
    parse_options(argc, argv);
    const char *name = argv[optind];
    long bytes = number_arg(argv[optind + 1], "BYTES", 0, LONG_MAX);

    object = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600); /* is it new? */
    if (object != -1)
        remove_at_exit(remove_own, name, BY_SIGNAL);
    else if (errno == EEXIST)
        object = shm_open(name, O_RDWR | O_CREAT | flags, 0600);
    if (object == -1)
        die("shm_open %s%s", name, name_rule(name));

    /* The umask narrows the mode given to shm_open(), but not this one. */
    if (for_all && fchmod(object, 0666) == -1)
        die("fchmod %s", name);
    if (ftruncate(object, bytes) == -1)
        die("ftruncate %s to %ld bytes", name, bytes);
    keep_at_exit();
    return EXIT_SUCCESS;
}

static void parse_options(int argc, char *argv[])
{
    static const char synopsis[] = "[-atx] NAME BYTES";
    int option;

    expect_args(argc, argv, 2, INT_MAX, synopsis);
    opterr = 0;
    while ((option = getopt(argc, argv, "+atx")) != -1)
        switch (option) {
        case 'a': for_all = 1; break;
        case 't': flags |= O_TRUNC; break;
        case 'x': flags |= O_EXCL; break;
        default: usage(synopsis);
        }
    if (argc - optind != 2)
        usage(synopsis);
}
