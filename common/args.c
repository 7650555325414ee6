#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

long milliseconds_arg(const char *text, const char *name, long max)
{
    char *end = NULL;
    double value = 0;

    /* strtod() would accept "0x1p3", "inf" and "nan", too. */
    if (isdigit((unsigned char)text[0]) &&
        text[strspn(text, "0123456789.")] == '\0')
        value = strtod(text, &end);
    if (end == NULL || *end != '\0' || value < 0.001 || value > max) {
        fprintf(stderr,
                "%s: %s must be a number from 0.001 to %ld, not \"%s\"\n",
                program_invocation_short_name, name, max, text);
        exit(2);
    }
    return (long)(value * 1000 + 0.5);
}

const char *name_rule(const char *name)
{
    size_t length = strlen(name);

    if (length > 1 && length - 1 <= 255 && strrchr(name, '/') == name)
        return "";
    return " (a name is a / and 1 to 255 characters that are not /)";
}
