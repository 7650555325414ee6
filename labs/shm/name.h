/* name.h - the names of POSIX IPC objects */
#ifndef NAME_H
#define NAME_H

#include <string.h>

/*
 * For the message about a NAME that the kernel refused: return the rule for
 * names, in brackets after a space, if NAME breaks it; otherwise "".
 */
static inline const char *name_rule(const char *name)
{
    size_t length = strlen(name);

    if (length > 1 && length - 1 <= 255 && strrchr(name, '/') == name)
        return "";
    return " (a name is a / and 1 to 255 characters that are not /)";
}

#endif
