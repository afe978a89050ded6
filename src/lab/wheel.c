#include "lab/wheel.h"

#include <stdlib.h>

void wheel_init(struct wheel *wheel, int64_t tick_ms, int64_t start_ms)
{
    *wheel = (struct wheel){ .tick_ms = tick_ms, .now = start_ms / tick_ms };
}

void wheel_fini(struct wheel *wheel)
{
    free(wheel->timers);
    free(wheel->due);
}

enum status wheel_add(struct wheel *wheel, uint32_t *ret_actor)
{
    if (wheel->n == wheel->capacity) {
        size_t capacity = wheel->capacity ? 2 * wheel->capacity : 1024;
        void *grown = realloc(wheel->timers, capacity * sizeof *wheel->timers);
        if (!grown)
            return STATUS_NOMEM;
        wheel->timers = grown;
        wheel->capacity = capacity;
    }
    wheel->timers[wheel->n] = (struct wheel_timer){ 0 };
    *ret_actor = (uint32_t)wheel->n++;
    return STATUS_OK;
}

void wheel_clear(struct wheel *wheel, uint32_t actor)
{
    struct wheel_timer *timer = &wheel->timers[actor];
    if (!timer->slot)
        return;
    if (timer->previous)
        wheel->timers[timer->previous - 1].next = timer->next;
    else
        wheel->slots[timer->slot - 1] = timer->next;
    if (timer->next)
        wheel->timers[timer->next - 1].previous = timer->previous;
    timer->slot = timer->next = timer->previous = 0;
}

/* The slot that a tick belongs to, seen from now. */
static uint32_t slot_of(const struct wheel *wheel, int64_t tick)
{
    int64_t turn = tick / WHEEL_SLOTS, turn_now = wheel->now / WHEEL_SLOTS;
    if (turn == turn_now)
        return (uint32_t)(tick % WHEEL_SLOTS);
    int64_t far = turn - turn_now < WHEEL_LONG ? turn : turn_now + WHEEL_LONG - 1;
    return WHEEL_SLOTS + (uint32_t)(far % WHEEL_LONG);
}

static void link_timer(struct wheel *wheel, uint32_t actor)
{
    struct wheel_timer *timer = &wheel->timers[actor];
    int64_t tick = timer->due_ms / wheel->tick_ms;
    uint32_t slot = slot_of(wheel, tick < wheel->now ? wheel->now : tick);
    timer->slot = slot + 1;
    timer->previous = 0;
    timer->next = wheel->slots[slot];
    if (timer->next)
        wheel->timers[timer->next - 1].previous = actor + 1;
    wheel->slots[slot] = actor + 1;
}

void wheel_set(struct wheel *wheel, uint32_t actor, int64_t due_ms)
{
    int64_t begin_ms = wheel->now * wheel->tick_ms;
    wheel_clear(wheel, actor);
    wheel->timers[actor].due_ms = due_ms < begin_ms ? begin_ms + due_ms % wheel->tick_ms : due_ms;
    link_timer(wheel, actor);
}

/* A long slot's turn has come: its timers go where they are due. */
static void pour(struct wheel *wheel)
{
    uint32_t *slot = &wheel->slots[WHEEL_SLOTS + (wheel->now / WHEEL_SLOTS) % WHEEL_LONG];
    uint32_t at = *slot;
    *slot = 0;
    while (at) {
        uint32_t next = wheel->timers[at - 1].next;
        link_timer(wheel, at - 1);
        at = next;
    }
}

static int compare_due(const void *left, const void *right)
{
    const struct due *a = left, *b = right;
    if (a->time_ms != b->time_ms)
        return a->time_ms < b->time_ms ? -1 : 1;
    return a->actor < b->actor ? -1 : a->actor > b->actor;
}

static enum status take(struct wheel *wheel, uint32_t actor)
{
    if (wheel->n_due == wheel->due_capacity) {
        size_t capacity = wheel->due_capacity ? 2 * wheel->due_capacity : 256;
        void *grown = realloc(wheel->due, capacity * sizeof *wheel->due);
        if (!grown)
            return STATUS_NOMEM;
        wheel->due = grown;
        wheel->due_capacity = capacity;
    }
    wheel->due[wheel->n_due++] = (struct due){ wheel->timers[actor].due_ms, actor };
    return STATUS_OK;
}

enum status wheel_turn(struct wheel *wheel)
{
    enum status st = STATUS_OK;
    wheel->n_due = 0;
    uint32_t *slot = &wheel->slots[wheel->now % WHEEL_SLOTS];
    while (*slot) {
        uint32_t actor = *slot - 1;
        TRY(take(wheel, actor));
        wheel_clear(wheel, actor);
    }
    if (wheel->n_due > 1)
        qsort(wheel->due, wheel->n_due, sizeof *wheel->due, compare_due);
    wheel->now++;
    if (wheel->now % WHEEL_SLOTS == 0)
        pour(wheel);
fail:
    return st;
}
