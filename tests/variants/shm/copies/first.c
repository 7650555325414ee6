/* first - write() fills the note, a private mapping reads it */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "io.h"
#include "shm.h"

int main(int argc, char *argv[])
{
    char text[100] = "";
    struct stat info;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];
    for (;;) {
        object = shm_open(name, O_CREAT | O_RDWR, S_IRUSR | S_IWUSR);
        if (object < 0)
            die("shm_open %s%s", name, name_rule(name));
        if (flock(object, LOCK_EX) != 0)
            die("flock %s", name);
        if (fstat(object, &info) != 0)
            die("fstat %s", name);
        if (info.st_nlink > 0)
            break;
        close(object);
    }
    int first = info.st_size == 0;
    if (first) {
        remove_at_exit(remove_own, name, BY_SIGNAL);
        if (ftruncate(object, sizeof text) != 0)
            die("ftruncate %s", name);
        snprintf(text, sizeof text, "this is from %d", getpid());
        if (write_all(object, text, sizeof text) == -1)
            die("write %s", name);
        keep_at_exit();
    }
    const char *note = mmap(NULL, sizeof text, PROT_READ, MAP_PRIVATE, object,
                            0);
    if (note == MAP_FAILED)
        die("mmap %s", name);
    if (flock(object, LOCK_UN) != 0)
        die("flock %s", name);
    puts(first ? "first" : "not first");
    puts(note);
    return finish();
}
