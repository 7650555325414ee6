/*
 * create - make a shared memory object, or give one another size
 *
 *     create --shm_open(), ftruncate()--> [ object: NAME, BYTES zeros ]
 *
 * Watch ls -l /dev/shm: on Linux an object is a file of a file system in
 * memory. It has an owner and a mode, and outlives the process that made it.
 *
 * See shm_overview(7), shm_open(3), ftruncate(2), fchmod(2).
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "cleanup.h"
#include "err.h"
#include "shm.h"

static const char synopsis[] = "[-tx] [-m MODE] NAME BYTES";

/* Return the octal number that TEXT holds, as number_arg() does decimals. */
static long mode_arg(const char *text)
{
    char *end = NULL;
    long mode = strtol(text, &end, 8);

    if (!isdigit((unsigned char)text[0]) || *end != '\0' || mode > 0777) {
        fprintf(stderr, "create: MODE must be an octal number from 0 to 777, "
                        "not \"%s\"\n", text);
        exit(2);
    }
    return mode;
}

int main(int argc, char *argv[])
{
    int letter, exclusive = 0, truncate_it = 0;
    long mode = -1;

    expect_args(argc, argv, 2, INT_MAX, synopsis);
    opterr = 0;
    while ((letter = getopt(argc, argv, "+m:tx")) != -1) {
        switch (letter) {
        case 'm': mode = mode_arg(optarg); break;
        case 't': truncate_it = O_TRUNC; break;
        case 'x': exclusive = 1; break;
        default: usage(synopsis);
        }
    }
    if (argc - optind != 2)
        usage(synopsis);
    const char *name = argv[optind];
    long bytes = number_arg(argv[optind + 1], "BYTES", 0, LONG_MAX);
    signal(SIGXFSZ, SIG_IGN); /* beyond a limit ftruncate() shall fail */

    /* Only O_EXCL tells whether it is we who make it. */
    object = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (object != -1)
        remove_at_exit(shm_unlink, name, BY_SIGNAL);
    else if (errno == EEXIST && !exclusive)
        object = shm_open(name, O_RDWR | O_CREAT | truncate_it, 0600);
    if (object == -1)
        die("shm_open %s%s", name, rule_for_names());

    /* What shm_open() is given is narrowed by the umask; this is not. */
    if (mode != -1 && fchmod(object, mode) == -1)
        die("fchmod %s", name);
    if (ftruncate(object, bytes) == -1)
        die("ftruncate %s to %ld bytes", name, bytes);
    keep_at_exit();
    return EXIT_SUCCESS;
}
