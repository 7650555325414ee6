/* first - other calls: lseek() for the size, fallocate(), munmap() */
#define _GNU_SOURCE
#include <stdio.h>

#include "shm.h"

int main(int argc, char *argv[])
{
    struct { char text[48]; int author; } *note;
    struct stat info;

    expect_args(argc, argv, 1, 1, "NAME");
    do {
        if ((object = shm_open(argv[1], O_RDWR | O_CREAT, 0600)) == -1)
            die("shm_open %s%s", argv[1], name_rule(argv[1]));
        if (flock(object, LOCK_EX) == -1)
            die("flock %s", argv[1]);
        if (fstat(object, &info) == -1)
            die("fstat %s", argv[1]);
    } while (info.st_nlink == 0 && close(object) == 0);
    off_t size = lseek(object, 0, SEEK_END);
    if (size == -1)
        die("lseek %s", argv[1]);
    if (size == 0) {
        remove_at_exit(remove_own, argv[1], BY_SIGNAL);
        if (fallocate(object, 0, 0, sizeof *note) == -1)
            die("ftruncate %s", argv[1]);
    }
    note = mmap(NULL, sizeof *note, PROT_READ | PROT_WRITE, MAP_SHARED,
                object, 0);
    if (note == MAP_FAILED)
        die("mmap %s", argv[1]);
    if (size == 0) {
        snprintf(note->text, sizeof note->text, "made by");
        note->author = getpid();
        keep_at_exit();
    }
    if (flock(object, LOCK_UN) == -1)
        die("flock %s", argv[1]);
    printf("%sfirst\n%s %d\n", size == 0 ? "" : "not ", note->text,
           note->author);
    munmap(note, sizeof *note);
    return finish();
}
