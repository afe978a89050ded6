#include "object/refused.h"

#include <string.h>

enum { DAY_S = 86400, SETS_FIRST = 1024 };

enum status refused_new(size_t bytes, int64_t window_ms, struct refused *ret_refused)
{
    struct refused refused = { .window_ms = window_ms > UINT32_MAX ? UINT32_MAX : (uint32_t)window_ms };
    void *at;
    refused.n_sets = sets_at_first(sets_in(bytes, sizeof *refused.sets), SETS_FIRST, &refused.n_sets_max);
    enum status st = lines_new(refused.n_sets_max * sizeof *refused.sets, &refused.lines, &at);
    if (st != STATUS_OK)
        return st;
    refused.sets = at;
    *ret_refused = refused;
    return STATUS_OK;
}

void refused_free(struct refused *refused)
{
    lines_free(&refused->lines);
    *refused = (struct refused){ 0 };
}

static struct task *set_at(const struct refused *refused, uint64_t object)
{
    return refused->sets[set_of(mix64(object), refused->n_sets)];
}

/* The task's way, else the one to take: empty, or that of the task sent longest ago. */
static struct task *way_for(struct task *set, uint64_t object)
{
    struct task *task = set;
    for (unsigned way = 0; way < TASK_WAYS; way++) {
        if (set[way].object == object)
            return &set[way];
        if (task->object && (!set[way].object || set[way].last_s < task->last_s))
            task = &set[way];
    }
    return task;
}

/* From the last set on, so that none is overwritten before it was split. */
static void grow(struct refused *refused)
{
    uint32_t n = refused->n_sets;
    refused->n_sets = 2 * n;
    for (size_t i = n; i-- > 0;) {
        struct task old[TASK_WAYS];
        memcpy(old, refused->sets[i], sizeof old);
        memset(refused->sets[2 * i], 0, 2 * sizeof old);
        for (unsigned way = 0; way < TASK_WAYS; way++)
            if (old[way].object)
                *way_for(set_at(refused, old[way].object), old[way].object) = old[way];
    }
}

/* The task's entry, made if need be, forgotten first if it is a day old. */
static struct task *entry(struct refused *refused, uint64_t object, uint32_t now_s)
{
    struct task *task = way_for(set_at(refused, object), object);
    if (task->object && task->object != object && refused->n_sets < refused->n_sets_max &&
        refused->n * 8 >= (uint64_t)refused->n_sets * TASK_WAYS * 3) {
        grow(refused);
        task = way_for(set_at(refused, object), object);
    }
    refused->n += !task->object;
    if (task->object != object || now_s > (uint64_t)task->last_s + DAY_S)
        *task = (struct task){ .object = object };
    if (now_s > task->last_s)
        task->last_s = now_s;
    return task;
}

/* Index of the holder in the task, entered if there is room; TASK_ACCOUNTS if there is none: common. */
static unsigned place(struct task *task, uint32_t holder)
{
    unsigned n = task->n < TASK_ACCOUNTS ? task->n : TASK_ACCOUNTS;
    for (unsigned i = 0; i < n; i++)
        if (task->holders[i] == holder)
            return i;
    task->n = (uint8_t)(n + 1);
    if (n < TASK_ACCOUNTS)
        task->holders[n] = holder;
    return n;
}

void refused_put(struct refused *refused, uint64_t object, uint32_t holder, int64_t time_ms)
{
    struct task *task = entry(refused, object, seconds_of(time_ms));
    unsigned i = place(task, holder);
    if (i == TASK_ACCOUNTS)
        return;
    task->refused = (uint8_t)(i + 1);
    task->refused_s = seconds_of(time_ms);
}

uint32_t refused_sent(
    struct refused *refused, uint64_t object, uint32_t holder, int64_t time_ms, uint32_t *ret_lag_s)
{
    uint32_t now_s = seconds_of(time_ms);
    struct task *task = entry(refused, object, now_s);
    unsigned i = place(task, holder);
    if (task->n > TASK_ACCOUNTS || !task->refused)
        return 0;
    if (task->refused == i + 1) {
        task->refused = 0;
        return 0;
    }
    uint32_t lag_s = now_s > task->refused_s ? now_s - task->refused_s : 0;
    if (lag_s * UINT64_C(1000) > refused->window_ms)
        return 0;
    *ret_lag_s = lag_s;
    return task->holders[task->refused - 1];
}
