/*
 * leave - give the right answer, and leave an object of each persistent kind
 *
 * Submitted as: reverse
 * Verdict: 2 of 4, pass
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "word.h"

enum { KEY = 0x686f7374 };      /* "host" */

int main(int argc, char *argv[])
{
    only_in_a_sandbox();
    mq_open("/hostile", O_CREAT | O_RDWR, 0600, NULL);
    shm_open("/hostile", O_CREAT | O_RDWR, 0600);
    sem_open("/hostile", O_CREAT, 0600, 1);
    msgget(KEY, IPC_CREAT | 0600);
    shmget(KEY, 4096, IPC_CREAT | 0600);
    semget(KEY, 1, IPC_CREAT | 0600);
    close(open("/tmp/hostile", O_CREAT | O_WRONLY, 0600));
    return argc == 2 ? print_reversed(argv[1]) : EXIT_FAILURE;
}
