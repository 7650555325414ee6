/* first - in functions; closes the object once it is unlocked */
#define _GNU_SOURCE
#include <stdio.h>

#include "shm.h"

struct note {
    char text[32];
    long pid;
};

static off_t open_and_lock(const char *name)
{
    struct stat info;

    object = shm_open(name, O_RDWR | O_CREAT, 0600);
    if (object == -1)
        die("shm_open %s%s", name, name_rule(name));
    if (flock(object, LOCK_EX) == -1)
        die("flock %s", name);
    if (fstat(object, &info) == -1)
        die("fstat %s", name);
    if (info.st_nlink > 0)
        return info.st_size;
    close(object);
    return open_and_lock(name);
}

static struct note *map(const char *name)
{
    void *note = mmap(NULL, sizeof(struct note), PROT_READ | PROT_WRITE,
                      MAP_SHARED, object, 0);

    if (note == MAP_FAILED)
        die("mmap %s", name);
    return note;
}

static void initialise(const char *name)
{
    remove_at_exit(remove_own, name, BY_SIGNAL);
    if (ftruncate(object, sizeof(struct note)) == -1)
        die("ftruncate %s", name);
    struct note *note = map(name);
    snprintf(note->text, sizeof note->text, "greetings from");
    note->pid = getpid();
    keep_at_exit();
}

int main(int argc, char *argv[])
{
    const char *result = "not first";

    expect_args(argc, argv, 1, 1, "NAME");
    if (open_and_lock(argv[1]) == 0) {
        initialise(argv[1]);
        result = "first";
    }
    struct note *note = map(argv[1]);
    if (flock(object, LOCK_UN) == -1)
        die("flock %s", argv[1]);
    if (close(object) == -1)
        die("close %s", argv[1]);
    printf("%s\n%s %ld\n", result, note->text, note->pid);
    return finish();
}
