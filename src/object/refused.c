#include "object/refused.h"

enum { DAY_S = 86400 };

enum status refused_new(size_t bytes, int64_t window_ms, struct refused *ret_refused)
{
    struct refused refused = { .n_sets = sets_in(bytes, sizeof *refused.sets),
        .window_ms = window_ms > UINT32_MAX ? UINT32_MAX : (uint32_t)window_ms };
    void *at;
    enum status st = lines_new(refused.n_sets * sizeof *refused.sets, &refused.lines, &at);
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

/* The task's entry, made if need be, forgotten first if it is a day old. */
static struct task *entry(struct refused *refused, uint64_t object, uint32_t now_s)
{
    struct task *set = refused->sets[set_of(mix64(object), refused->n_sets)];
    struct task *task = set;
    for (unsigned way = 0; way < TASK_WAYS; way++) {
        if (set[way].object == object) {
            task = &set[way];
            break;
        }
        if (set[way].last_s < task->last_s)
            task = &set[way];
    }
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
