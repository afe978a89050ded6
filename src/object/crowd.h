/*
 * crowd.h: is a task sent by so many accounts that it is nobody's own?
 *
 * Model: a cell for each task sent lately: a fingerprint of the account that sent it last and how often that changed. So
 *   many changes are at least as many accounts but one: a task of many accounts is not taken for one of few, but one that
 *   two accounts send in turn may be taken for one of many. Cells lie in sets of 16 and in two generations; a new
 *   generation begins after a day, or when half of its cells are taken (131,072 tasks at first), and then with twice as
 *   many up to the most; what is older than two is forgotten. A full set forgets what came first.
 * Shapes: holders are references of holder.h, of which 12 bits tell whether they differ: one change in 4,095 passes
 *   unseen. 16 bits and the set tell tasks apart: one in 4,096 is taken for another of its set.
 * Memory: 4 bytes a cell, two generations, `bytes` at most; zeroed and touched as they grow.
 * Cost: one or two cache lines a look.
 */
#ifndef OBJECT_CROWD_H
#define OBJECT_CROWD_H

#include "object/lines.h"

enum { CROWD_WAYS = 16 };

struct crowd_set {
    uint32_t cell[CROWD_WAYS]; /* task's tag, changes, account's fingerprint; 0: empty */
};
_Static_assert(sizeof(struct crowd_set) == 64, "a set is a cache line");

struct crowd_generation {
    struct crowd_set *sets;
    uint32_t n_sets, used;
    struct lines lines;
};

struct crowd {
    struct crowd_generation now, before;
    uint32_t n_sets_max, since_s;
};

MUST_CHECK enum status crowd_new(size_t bytes, struct crowd *ret_crowd);
void crowd_free(struct crowd *crowd);

/* The holder sends the task; how many accounts did lately, itself included, or more. */
unsigned crowd_send(struct crowd *crowd, uint64_t task, uint32_t holder, uint32_t now_s);

static ALWAYS_INLINE void crowd_prefetch(const struct crowd *crowd, uint64_t task)
{
    uint64_t mixed = mix64(task);
    __builtin_prefetch(&crowd->now.sets[set_of(mixed, crowd->now.n_sets)], 1);
    __builtin_prefetch(&crowd->before.sets[set_of(mixed, crowd->before.n_sets)]);
}

#endif
