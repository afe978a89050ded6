#include "object/refused.h"

enum { DAY_S = 86400 };

enum status refused_new(size_t bytes, int64_t window_ms, struct refused *ret_refused)
{
    enum status st;
    struct refused refused = { .n_sets = sets_in(bytes / 4, sizeof *refused.sets),
        .window_ms = window_ms > UINT32_MAX ? UINT32_MAX : (uint32_t)window_ms };
    void *at;
    TRY(lines_new(refused.n_sets * sizeof *refused.sets, &refused.lines, &at));
    refused.sets = at;
    TRY(crowd_new(bytes / 4 * 3, &refused.crowd));
    *ret_refused = refused;
    return STATUS_OK;
fail:
    refused_free(&refused);
    return st;
}

void refused_free(struct refused *refused)
{
    lines_free(&refused->lines);
    crowd_free(&refused->crowd);
    *refused = (struct refused){ 0 };
}

size_t refused_bytes(const struct refused *refused)
{
    return refused->lines.bytes + refused->crowd.now.lines.bytes + refused->crowd.before.lines.bytes;
}

/* NULL if the task was not refused to anybody within a day. */
static struct task *find(const struct refused *refused, uint64_t object, uint32_t now_s)
{
    struct task *set = refused->sets[set_of(mix64(object), refused->n_sets)];
    for (unsigned way = 0; way < TASK_WAYS; way++)
        if (set[way].object == object)
            return now_s <= (uint64_t)set[way].last_s + DAY_S ? &set[way] : NULL;
    return NULL;
}

/* The task's entry, made if need be, forgotten first if it is a day old. */
static struct task *enter(struct refused *refused, uint64_t object)
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
    *task = (struct task){ .object = object };
    return task;
}

static void touch(struct task *task, uint32_t now_s)
{
    task->last_s = now_s > task->last_s ? now_s : task->last_s;
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
    uint32_t now_s = seconds_of(time_ms);
    struct task *task = find(refused, object, now_s);
    if (!task)
        task = enter(refused, object);
    touch(task, now_s);
    if (crowd_send(&refused->crowd, object, holder, now_s) > TASK_ACCOUNTS)
        task->n = TASK_ACCOUNTS + 1;
    unsigned i = place(task, holder);
    if (i == TASK_ACCOUNTS)
        return;
    task->refused = (uint8_t)(i + 1);
    task->refused_s = now_s;
}

uint32_t refused_sent(
    struct refused *refused, uint64_t object, uint32_t holder, int64_t time_ms, uint32_t *ret_lag_s)
{
    uint32_t now_s = seconds_of(time_ms);
    bool common = crowd_send(&refused->crowd, object, holder, now_s) > TASK_ACCOUNTS;
    struct task *task = find(refused, object, now_s);
    if (!task)
        return 0;
    touch(task, now_s);
    if (common)
        task->n = TASK_ACCOUNTS + 1;
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
