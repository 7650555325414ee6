/*
 * pid_file - give the right answer, but forge pid files: the peer's names a pid
 * that nobody has, and ours a path. The test kills one, removes the other
 *
 * Submitted as: listen
 * Verdict: 2 of 4, pass
 */
#include <fcntl.h>
#include <libgen.h>
#include <sys/stat.h>

#include "io.h"
#include "word.h"

static void forge(const char *pids, const char *id, const char *pid)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", pids, id);
    unlink(path);
    if ((file = fopen(path, "w")) == NULL)
        return;
    fputs(pid, file);
    fclose(file);
}

int main(int argc, char *argv[])
{
    char place[512], pids[600], buffer[4096];
    ssize_t count;
    int fd;

    if (argc != 2)
        return 2;
    snprintf(place, sizeof place, "%s", argv[1]);
    snprintf(pids, sizeof pids, "%s/../pids", dirname(place));
    forge(pids, "it", "/../../../etc/hostile");
    if (mkfifo(argv[1], 0666) == -1 || (fd = open(argv[1], O_RDONLY)) == -1)
        return EXIT_FAILURE;
    forge(pids, "other", "4194305");
    while ((count = read(fd, buffer, sizeof buffer)) > 0) {
        write_all(STDOUT_FILENO, buffer, (size_t)count);
        forge(pids, "other", "4194305");
    }
    unlink(argv[1]);
    return EXIT_SUCCESS;
}
