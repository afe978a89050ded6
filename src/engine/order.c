#include "engine/order.h"

#include <stdlib.h>
#include <string.h>

enum status order_init(struct order *order, size_t n_max, int64_t tick_ms, int64_t late_ms)
{
    enum status st = STATUS_OK;
    *order = (struct order){ .n_max = n_max, .tick_ms = tick_ms, .late_ms = late_ms };
    size_t room = n_max + 1; /* a put may let the held record go as well */
    order->records = malloc(room * sizeof *order->records);
    order->waiting = malloc(room * sizeof *order->waiting);
    order->free = malloc(room * sizeof *order->free);
    REQUIRE(order->records && order->waiting && order->free, STATUS_NOMEM);
    for (size_t i = 0; i < room; i++)
        order->free[i] = (uint32_t)(n_max - i);
    order->n_free = room;
    return STATUS_OK;
fail:
    order_fini(order);
    return st;
}

void order_fini(struct order *order)
{
    free(order->records);
    free(order->waiting);
    free(order->free);
    *order = (struct order){ 0 };
}

bool order_due(const struct order *order)
{
    if (order->n_waiting == order->n_closed)
        return false;
    return order->newest_ms - order->late_ms >= order->tick_end_ms || order_full(order);
}

static int64_t tick_end_of(const struct order *order, int64_t time_ms)
{
    int64_t into = time_ms % order->tick_ms;
    if (into < 0)
        into += order->tick_ms;
    return time_ms - into + order->tick_ms;
}

/* Nearly sorted input costs a few steps; once a record would move far, all are sorted when the tick is taken. */
static void insert(struct order *order, struct order_slot slot)
{
    enum { STEPS_MAX = 64 };
    size_t i = order->n_waiting++;
    if (!order->unsorted) {
        size_t stop = i > order->n_closed + STEPS_MAX ? i - STEPS_MAX : order->n_closed;
        while (i > stop && order->waiting[i - 1].time_ms > slot.time_ms) {
            order->waiting[i] = order->waiting[i - 1];
            i--;
        }
        order->unsorted = i > order->n_closed && i == stop && order->waiting[i - 1].time_ms > slot.time_ms;
    }
    order->waiting[i] = slot;
}

static void copy_in(struct order *order, struct order_slot *slot)
{
    slot->place = order->free[--order->n_free];
    struct record *own = &order->records[slot->place];
    memcpy(own, slot->record, sizeof *own);
    own->time_ms = slot->time_ms;
    slot->record = own;
}

static void enter(struct order *order, const struct record *record, bool copy)
{
    struct order_slot slot = { record->time_ms, order->arrivals++, record, ORDER_LENT };
    if (!order->started) {
        order->started = true;
        order->newest_ms = record->time_ms;
    }
    if (slot.time_ms < order->newest_ms - order->late_ms) {
        order->late++;
        slot.time_ms = order->newest_ms;
    }
    if (slot.time_ms > order->newest_ms)
        order->newest_ms = slot.time_ms;
    if (copy || slot.time_ms != record->time_ms)
        copy_in(order, &slot);
    insert(order, slot);
    int64_t end_ms = tick_end_of(order, slot.time_ms);
    if (order->n_waiting - order->n_closed == 1 || end_ms < order->tick_end_ms)
        order->tick_end_ms = end_ms;
}

static bool is_ahead(const struct order *order, int64_t time_ms)
{
    return order->started && time_ms > order->newest_ms + ORDER_JUMP_MS;
}

/* Only the first record is there, and seen from this one it is what is ahead. */
static bool is_behind_first(const struct order *order, int64_t time_ms)
{
    return order->arrivals == 1 && order->n_waiting - order->n_closed == 1 &&
           time_ms < order->newest_ms - ORDER_JUMP_MS;
}

/* The first record's clock was wrong: time begins with the held one. */
static void begin_anew(struct order *order)
{
    struct order_slot *first = order->waiting;
    first->time_ms = order->newest_ms = order->held.time_ms;
    if (first->place == ORDER_LENT)
        copy_in(order, first);
    order->records[first->place].time_ms = first->time_ms;
    order->late++;
}

/* The held record, at its own time or, if its clock was wrong, at the newest. */
static void let_go(struct order *order, bool believed)
{
    if (believed && order->held.time_ms < order->newest_ms)
        begin_anew(order);
    if (!believed) {
        order->held.time_ms = order->newest_ms;
        order->late++;
    }
    order->holding = false;
    enter(order, &order->held, true);
}

static void put(struct order *order, const struct record *record, bool copy)
{
    int64_t time_ms = record->time_ms;
    if (order->holding)
        let_go(order, order->held.time_ms > order->newest_ms ? is_ahead(order, time_ms)
                                                             : is_behind_first(order, time_ms));
    if (is_ahead(order, time_ms) || is_behind_first(order, time_ms)) {
        order->held = *record;
        order->holding = true;
        return;
    }
    enter(order, record, copy);
}

void order_end(struct order *order)
{
    if (order->holding)
        let_go(order, order->held.time_ms > order->newest_ms);
}

void order_put(struct order *order, const struct record *record)
{
    put(order, record, true);
}

void order_lend(struct order *order, const struct record *record)
{
    put(order, record, false);
}

void order_own(struct order *order)
{
    for (size_t i = 0; i < order->n_waiting; i++)
        if (order->waiting[i].place == ORDER_LENT)
            copy_in(order, &order->waiting[i]);
}

static int by_time(const void *a, const void *b)
{
    const struct order_slot *x = a;
    const struct order_slot *y = b;
    if (x->time_ms != y->time_ms)
        return x->time_ms < y->time_ms ? -1 : 1;
    return x->arrival < y->arrival ? -1 : x->arrival > y->arrival;
}

size_t order_tick(struct order *order, bool finish, int64_t *ret_end_ms)
{
    size_t n = order->n_closed;
    if (!finish && order->newest_ms - order->late_ms < order->tick_end_ms)
        order->forced++;
    if (order->unsorted)
        qsort(order->waiting + n, order->n_waiting - n, sizeof *order->waiting, by_time);
    order->unsorted = false;
    while (n < order->n_waiting && order->waiting[n].time_ms < order->tick_end_ms)
        n++;
    *ret_end_ms = order->tick_end_ms;
    return n - order->n_closed;
}

void order_close(struct order *order, size_t n)
{
    order->n_closed += n;
    if (order->n_waiting > order->n_closed)
        order->tick_end_ms = tick_end_of(order, order->waiting[order->n_closed].time_ms);
}

const struct record *order_at(const struct order *order, size_t i)
{
    return order->waiting[i].record;
}

void order_drop(struct order *order, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (order->waiting[i].place != ORDER_LENT)
            order->free[order->n_free++] = order->waiting[i].place;
    order->n_waiting -= n;
    memmove(order->waiting, order->waiting + n, order->n_waiting * sizeof *order->waiting);
    order->n_closed = order->n_closed > n ? order->n_closed - n : 0;
    if (order->n_waiting > order->n_closed)
        order->tick_end_ms = tick_end_of(order, order->waiting[order->n_closed].time_ms);
}

uint64_t order_oldest_arrival(const struct order *order)
{
    uint64_t oldest = order->arrivals;
    for (size_t i = 0; i < order->n_waiting; i++)
        oldest = order->waiting[i].arrival < oldest ? order->waiting[i].arrival : oldest;
    return oldest;
}

size_t order_bytes(const struct order *order)
{
    return (order->n_max + 1) * (sizeof *order->records + sizeof *order->waiting + sizeof *order->free);
}
