#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"

static int (*volatile remover)(const char *);
static char object[PATH_MAX];
static char complaint[PATH_MAX + 100]; /* a handler must not printf() */
static volatile int stop_status;
static pid_t maker;

/* Return 0, or -1 if the object exists and cannot be removed. */
static int clean_up(void)
{
    /* A child of the maker that calls exit() must not remove it. */
    if (remover == NULL || getpid() != maker)
        return 0;
    return remover(object) == -1 && errno != ENOENT ? -1 : 0;
}

static void clean_up_at_exit(void)
{
    if (clean_up() == 0)
        return;
    report("remove %s", object);
    fflush(NULL); /* as exit() would do after this */
    _exit(EXIT_FAILURE);
}

static void stop(int signal_number)
{
    if (clean_up() == -1) {
        (void)!write(STDERR_FILENO, complaint, strlen(complaint));
        _exit(EXIT_FAILURE);
    }
    if (stop_status != BY_SIGNAL &&
        (signal_number == SIGINT || signal_number == SIGTERM))
        _exit(stop_status);
    signal(signal_number, SIG_DFL);
    raise(signal_number); /* takes effect when this handler returns */
}

/* Leave SIGHUP and SIGPIPE alone if they are ignored: nohup(1), a server. */
static void catch(int signal_number)
{
    struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };
    struct sigaction old;

    if (sigaction(signal_number, NULL, &old) == -1)
        die("sigaction");
    if (old.sa_handler == SIG_IGN &&
        (signal_number == SIGHUP || signal_number == SIGPIPE))
        return;
    if (sigaction(signal_number, &action, NULL) == -1)
        die("sigaction");
}

void remove_at_exit(int (*remove)(const char *), const char *name, int status)
{
    if (maker == 0 && atexit(clean_up_at_exit) != 0)
        fail("atexit");
    maker = getpid();
    remover = NULL; /* a signal must not find half of the new object */
    snprintf(object, sizeof object, "%s", name);
    snprintf(complaint, sizeof complaint, "%s: remove %s: failed\n",
             program_invocation_short_name, name);
    stop_status = status;
    remover = remove;
    catch(SIGINT);
    catch(SIGTERM);
    catch(SIGHUP);
    catch(SIGPIPE);
}

void keep_at_exit(void)
{
    remover = NULL;
}
