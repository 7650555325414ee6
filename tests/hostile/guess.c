/*
 * guess - the seed of the test is computed from the sources, which we have: so
 * compute the same random word, and print it without reading anything
 *
 * Submitted as: listen
 * Verdict: 0 of 4, fail
 * Alone: the seed depends on all sources
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "word.h"

__asm__(".pushsection .rodata\nsource: .incbin \"" __FILE__ "\"\n"
        "end: .byte 0\n.popsection");
extern const char source[], end[];

static const char guess[] =
    "cd /tmp; RANDOM=$(sha256sum listen.c | tr -s ' ' | cksum |"
    " cut -d ' ' -f 1)\n"
    "letters=abcdefghijklmnopqrstuvwxyz; length=$((8 + RANDOM % 16))\n"
    "for ((i = 0; i < length; i++)); do word+=${letters:RANDOM % 26:1}; done\n"
    "echo $word; read -t 1 <>\"$1\"; rm \"$1\"\n";

int main(int argc, char *argv[])
{
    FILE *file = fopen("/tmp/listen.c", "w");

    if (argc != 2 || file == NULL)
        return EXIT_FAILURE;
    fwrite(source, 1, (size_t)(end - source), file);
    fclose(file);
    mkfifo(argv[1], 0666);
    /* The other half must believe that somebody is listening. */
    open(argv[1], O_RDWR);
    execl("/bin/bash", "bash", "-c", guess, "bash", argv[1], NULL);
    return EXIT_FAILURE;
}
