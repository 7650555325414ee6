/* args.h - numbers and names on the command line */
#ifndef ARGS_H
#define ARGS_H

/*
 * Return the decimal number that TEXT holds, from MIN to MAX. If TEXT is
 * anything else (empty, "12x", " 12", out of range), print
 * 'PROGRAM: NAME must be a number from MIN to MAX, not "TEXT"' and exit 2.
 */
long number_arg(const char *text, const char *name, long min, long max);

/*
 * Return in milliseconds the number of seconds that TEXT holds, such as "2"
 * or "0.25", from 0.001 to MAX. For anything else, as above.
 */
long milliseconds_arg(const char *text, const char *name, long max);

/*
 * For the message about a NAME of a POSIX IPC object that the kernel refused:
 * return the rule for names, in brackets after a space, if NAME breaks it;
 * otherwise "". The string is static.
 */
const char *name_rule(const char *name);

#endif
