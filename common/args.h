/* args.h - numbers on the command line, parsed strictly */
#ifndef ARGS_H
#define ARGS_H

/*
 * Return the decimal number that TEXT holds, from MIN to MAX. If TEXT is
 * anything else (empty, "12x", " 12", out of range), print
 * 'PROGRAM: NAME must be a number from MIN to MAX, not "TEXT"' and exit 2.
 */
long number_arg(const char *text, const char *name, long min, long max);

#endif
