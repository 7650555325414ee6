/*
 * binary - include the bytes of the solution, and execute them from memory
 *
 * Submitted as: reverse
 * Verdict: 1 of 4, error
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "word.h"

__asm__(".pushsection .rodata\nbytes:\n"
        ".incbin \"@PATH@\"\n"
        "end: .byte 0\n.popsection");
extern const char bytes[], end[];

int main(int argc, char *argv[])
{
    size_t size = (size_t)(end - bytes);
    int fd = memfd_create("reverse", 0);

    if (argc != 2 || write(fd, bytes, size) != (ssize_t)size)
        return EXIT_FAILURE;
    return fexecve(fd, argv, environ);
}
