/* autopsy.h - find out through /proc what processes are waiting for */
#ifndef AUTOPSY_H
#define AUTOPSY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct process {
    pid_t pid, parent, group;
    char state;                 /* as in proc(5): R, S, D, T, t, Z … */
    bool dead;                  /* a zombie: none of its threads is left */
    bool member;                /* it belongs to the tree */
    long long memory;           /* resident, in bytes */
    char name[16];
};

/* Processes, by ascending pid. */
struct tree {
    struct process *process;
    size_t count;
};

/*
 * Find all descendants of ROOT, and ROOT itself if WITH_ROOT. Frees the old
 * contents of TREE, which must be all zeros the first time. If FOUND is not
 * NULL, it is called for each process the moment it is found.
 */
void tree_find(struct tree *tree, pid_t root, bool with_root,
               void (*found)(const struct process *process));

/*
 * The cheap look: is every thread asleep? SWITCHES is set to a hash of the
 * threads and their context switches: if two looks give the same value, no
 * thread has run in between.
 */
bool tree_asleep(const struct tree *tree, uint64_t *switches);

/*
 * The expensive look at a tree that is asleep: is each thread waiting, without
 * a time limit, for something that only the tree itself could do? If a wait
 * cannot be seen or is not understood, the answer is no.
 */
bool tree_deadlocked(const struct tree *tree);

/*
 * Print a line for each process: what it is waiting for, and which processes
 * could unblock it.
 */
void tree_explain(const struct tree *tree, FILE *out);

/*
 * From now on, answer what other labruns ask about our descendants, as ask.c
 * describes: whenever there is a question, the kernel sends SIGIO.
 */
void take_questions(void);
void answer_questions(void);

/* Set NAME to the printable name of process PID, or "?" if it has ended. */
void process_name(pid_t pid, char name[16]);

#endif
