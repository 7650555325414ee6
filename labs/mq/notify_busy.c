/*
 * notify_busy - which messages cause a notification, and which do not
 *
 *     main() --mq_send()--> [ queue: NAME ] --mq_receive()--> a thread
 *
 * Watch the two conditions: the queue was empty, and no receiver was waiting.
 * A waiting receiver gets the message, and the registration remains.
 *
 * See mq_notify(3), mq_send(3), mq_receive(3).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include "cleanup.h"
#include "err.h"
#include "mq.h"

static const struct sigevent by_signal = { .sigev_notify = SIGEV_SIGNAL,
                                           .sigev_signo = SIGUSR1 };
static mqd_t queue;

/* Register. Return 1, or 0 if a process (this one?) is registered already. */
static int can_register(void)
{
    int result = mq_notify(queue, &by_signal);
    if (result == -1 && errno != EBUSY)
        die("mq_notify");
    return result == 0;
}

/* A notification uses up the registration, so that we can register again. */
static int send_notifies(void)
{
    if (mq_send(queue, "hello", 5, 0) == -1)
        die("mq_send");
    return can_register();
}

static void *receive(void *unused)
{
    char text[MSGSIZE];

    if (mq_receive(queue, text, sizeof text, NULL) == -1)
        die("mq_receive");
    return unused;
}

int main(int argc, char *argv[])
{
    struct mq_attr attributes = { .mq_maxmsg = MAXMSG, .mq_msgsize = MSGSIZE };
    static const char *const text[] = { "no notification", "notification" };
    int notified, milliseconds = 0;
    pthread_t receiver;

    expect_args(argc, argv, 1, 1, "NAME");
    const char *name = argv[1];
    queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
    if (queue == -1)
        die("mq_open %s%s", name, name_rule(name));
    remove_at_exit(mq_unlink, name, BY_SIGNAL);
    signal(SIGUSR1, SIG_IGN);

    printf("first registration: %s\n", can_register() ? "ready" : "EBUSY");
    printf("second registration: %s\n", can_register() ? "ready" : "EBUSY");

    do { /* again, with more time, until the receiver waits before we send */
        if ((errno = pthread_create(&receiver, NULL, receive, NULL)) != 0)
            die("pthread_create");
        if (poll(NULL, 0, ++milliseconds) == -1)
            die("poll");
        notified = send_notifies();
        if ((errno = pthread_join(receiver, NULL)) != 0)
            die("pthread_join");
    } while (notified);
    printf("message to a waiting receiver: %s\n", text[notified]);
    printf("message to an empty queue: %s\n", text[send_notifies()]);
    printf("message to a queue with a message: %s\n", text[send_notifies()]);
    return finish();
}
