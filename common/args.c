#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"

long number_arg(const char *text, const char *name, long min, long max)
{
    char *end = NULL;
    long value = 0;

    /* strtol() would skip leading blanks and accept a plus sign. */
    errno = 0;
    if (isdigit((unsigned char)text[text[0] == '-']))
        value = strtol(text, &end, 10);
    if (end == NULL || *end != '\0' || errno != 0 || value < min ||
        value > max) {
        fprintf(stderr, "%s: %s must be a number from %ld to %ld, not \"%s\"\n",
                program_invocation_short_name, name, min, max, text);
        exit(2);
    }
    return value;
}
