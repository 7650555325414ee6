#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"

static int (*volatile remover)(const char *);
static const char *volatile object;
static volatile int stop_status;
static pid_t maker;

static void clean_up(void)
{
    /* A child of the maker that calls exit() must not remove it. */
    if (remover != NULL && getpid() == maker)
        remover(object);
}

static void stop(int signal_number)
{
    (void)signal_number;
    clean_up();
    _exit(stop_status);
}

void remove_at_exit(int (*remove)(const char *), const char *name, int status)
{
    struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };

    if (maker == 0 && atexit(clean_up) != 0)
        fail("atexit");
    maker = getpid();
    remover = NULL; /* a signal finds the old object, the new one, or none */
    object = name;
    stop_status = status;
    remover = remove;
    if (sigaction(SIGINT, &action, NULL) == -1 ||
        sigaction(SIGTERM, &action, NULL) == -1)
        die("sigaction");
}

void keep_at_exit(void)
{
    remover = NULL;
}
