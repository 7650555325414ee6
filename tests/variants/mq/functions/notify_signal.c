/* notify_signal - in functions; a handler and sigsuspend() */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "err.h"
#include "mq.h"

static const char *name;
static mqd_t queue;
static volatile sig_atomic_t notified, stopped;
static volatile pid_t sender;

static void handle(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (number != SIGUSR1)
        stopped = 1;
    else if (info->si_code == SI_MESGQ) {
        notified = 1;
        sender = info->si_pid;
    }
}

static void catch(const sigset_t *signals)
{
    struct sigaction action = { .sa_sigaction = handle,
                                .sa_flags = SA_SIGINFO | SA_RESTART };
    const int numbers[] = { SIGUSR1, SIGINT, SIGTERM };

    action.sa_mask = *signals;
    for (int i = 0; i < 3; i++)
        if (sigaction(numbers[i], &action, NULL) == -1)
            die("sigaction");
}

static void arm(void)
{
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
                              .sigev_signo = SIGUSR1 };

    if (mq_notify(queue, &event) == -1)
        die("mq_notify %s", name);
}

static void drain(char *text, size_t size)
{
    unsigned priority;
    ssize_t length;

    while ((length = mq_receive(queue, text, size, &priority)) >= 0) {
        printf("[%u] ", priority);
        fwrite(text, 1, length, stdout);
        putchar('\n');
        finish();
    }
    if (errno != EAGAIN)
        die("mq_receive %s", name);
}

int main(int argc, char *argv[])
{
    struct mq_attr attributes;
    sigset_t signals, old;

    expect_args(argc, argv, 1, 1, "NAME");
    name = argv[1];
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &signals, &old) == -1)
        die("sigprocmask");
    catch(&signals);
    if ((queue = mq_open(name, O_RDONLY | O_NONBLOCK)) == -1)
        die("mq_open %s%s", name, name_rule(name));
    if (mq_getattr(queue, &attributes) == -1)
        die("mq_getattr %s", name);
    char *text = malloc(attributes.mq_msgsize);
    if (text == NULL)
        die("malloc");

    arm();
    printf("ready %ld\n", (long)getpid());
    finish();
    drain(text, attributes.mq_msgsize);
    while (!stopped) {
        sigsuspend(&old); /* always -1, EINTR */
        if (!notified)
            continue;
        notified = 0;
        fprintf(stderr, "notify_signal: notified by process %ld\n",
                (long)sender);
        arm();
        drain(text, attributes.mq_msgsize);
    }
    free(text);
    return EXIT_SUCCESS;
}
