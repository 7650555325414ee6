/* autopsy.h - look at processes through /proc, and say what they wait for */
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
    bool dead;                  /* a zombie: no thread of it lives */
    bool member;                /* of the tree */
    long long memory;           /* bytes of it in main memory */
    char name[16];
};

/* Processes in the order of their pids. */
struct tree {
    struct process *process;
    size_t count;
};

/*
 * Find all descendants of ROOT, and ROOT itself if WITH_ROOT. Frees what TREE
 * held before: it starts as all zeros. FOUND, if it is not NULL, is called for
 * each at the moment it is found.
 */
void tree_find(struct tree *tree, pid_t root, bool with_root,
               void (*found)(const struct process *process));

/*
 * The cheap look: is every thread asleep? If so, SWITCHES stands for which
 * threads there are and how often each has been on a processor: nobody has
 * run between two looks that give the same.
 */
bool tree_asleep(const struct tree *tree, uint64_t *switches);

/*
 * The expensive look at a tree that is asleep: does each thread wait, without
 * a time limit, for something that only the tree itself could do? What is not
 * understood or cannot be seen counts as a no.
 */
bool tree_deadlocked(const struct tree *tree);

/* Print a line for each process: what it waits for, and who could help. */
void tree_explain(const struct tree *tree, FILE *out);

/* The name of process PID, made printable; "?" if there is none. */
void process_name(pid_t pid, char name[16]);

#endif
