/*
 * refused.h: tasks that were refused to one account and are sent again by another: a hand-off.
 *
 * Model: of each task lately refused: the accounts it was refused to or that sent it since, up to three, and the last
 *   refusal. A task that more than three accounts sent or were refused lately (crowd.h; test sets of evaluation
 *   harnesses) is common and weighs nothing. What the refused account itself sends again is its own retry and clears
 *   the refusal.
 * Shapes: seconds; a day without the task forgets the refusal, one to two days the crowd.
 * Memory: 32 bytes a refused task, 4-way sets of two cache lines, in a quarter of the bytes; a full set forgets the task
 *   sent longest ago. Four bytes a task sent, in the rest.
 * Benign look-alikes: a fail-over between own accounts of different payers; two people who try the same
 *   exercise while the service is overloaded.
 * Evasion: waiting longer than the window, or paraphrasing, before the next account takes over: lost
 *   throughput.
 * Cost: two cache lines of the crowd and one or two of the task set, few of which are in use.
 */
#ifndef OBJECT_REFUSED_H
#define OBJECT_REFUSED_H

#include "object/crowd.h"

enum { TASK_WAYS = 4, TASK_ACCOUNTS = 3 };

struct task {
    uint64_t object; /* 0: empty */
    uint32_t holders[TASK_ACCOUNTS];
    uint32_t last_s, refused_s;
    uint8_t n;       /* accounts; above TASK_ACCOUNTS: common */
    uint8_t refused; /* index of the refused account + 1; 0 none */
};
_Static_assert(sizeof(struct task) == 32, "32 bytes a task");

struct refused {
    struct task (*sets)[TASK_WAYS];
    uint32_t n_sets, window_ms;
    struct crowd crowd;
    struct lines lines;
};

MUST_CHECK enum status refused_new(size_t bytes, int64_t window_ms, struct refused *ret_refused);
void refused_free(struct refused *refused);

/* The task was refused to the holder. */
void refused_put(struct refused *refused, uint64_t object, uint32_t holder, int64_t time_ms);
/* The holder sent the task: the one it was refused to within the window, or 0. */
uint32_t refused_sent(
    struct refused *refused, uint64_t object, uint32_t holder, int64_t time_ms, uint32_t *ret_lag_s);

static ALWAYS_INLINE void refused_prefetch(const struct refused *refused, uint64_t task)
{
    crowd_prefetch(&refused->crowd, task);
}
size_t refused_bytes(const struct refused *refused);

#endif
