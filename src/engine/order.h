/*
 * order.h: puts records in the order of their times, within a bounded delay.
 *
 * Model: records wait until time has moved late_ms beyond the end of their tick. A record more than late_ms behind
 *   the newest time takes that time and is counted. order_tick hands out one tick at a time, sorted by time, then
 *   arrival; several may be closed before they are dropped together. A record more than ORDER_JUMP_MS ahead of the
 *   newest time is held until the next one: if that agrees, time jumped; if not, one clock was wrong, and the record
 *   takes the newest time and is counted as late, instead of making late whatever follows it. The first record of all
 *   may be the wrong one: a second that is as far behind it is held in the same way, and if the third is behind the
 *   first too, time begins with the second, and the first takes that time and is counted.
 * Memory: n_max records; when they are there the tick of the oldest is closed early and counted.
 * Errors: STATUS_NOMEM at start only.
 */
#ifndef ENGINE_ORDER_H
#define ENGINE_ORDER_H

#include "base/status.h"
#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>

#define ORDER_LENT UINT32_MAX
#define ORDER_JUMP_MS (INT64_C(24) * 3600 * 1000)

struct order_slot {
    int64_t time_ms;
    uint64_t arrival;
    const struct record *record; /* in records, or lent */
    uint32_t place;              /* index into records; ORDER_LENT */
};

struct order {
    int64_t tick_ms, late_ms, newest_ms, tick_end_ms;
    struct record *records;
    struct order_slot *waiting; /* ascending by time, then arrival, once order_tick was called */
    uint32_t *free;
    size_t n_max, n_waiting, n_free;
    size_t n_closed; /* of those waiting: handed out, not yet dropped */
    uint64_t arrivals, late, forced;
    struct record held; /* ahead of everything, or behind the first; not yet believed */
    bool started, unsorted, holding;
};

MUST_CHECK enum status order_init(struct order *order, size_t n_max, int64_t tick_ms, int64_t late_ms);
void order_fini(struct order *order);

/* True when a tick must be taken before the next record can be put (none may be put before it was). */
bool order_due(const struct order *order);
/* True when nothing can be put before what was closed is dropped. */
static inline bool order_full(const struct order *order)
{
    return order->n_waiting >= order->n_max;
}
void order_put(struct order *order, const struct record *record);
/* The same without a copy: the record must stay until it is dropped or order_own was called. */
void order_lend(struct order *order, const struct record *record);
void order_own(struct order *order);
/* Nothing follows: what is held ahead is believed, what is held behind the first is late. */
void order_end(struct order *order);
/* Number of records of the next tick, which follow those closed. Time of its end in ret_end_ms. */
size_t order_tick(struct order *order, bool finish, int64_t *ret_end_ms);
/* Hands out the next n: the next tick comes after them. */
void order_close(struct order *order, size_t n);
const struct record *order_at(const struct order *order, size_t i);
/* Forgets the first n waiting. */
void order_drop(struct order *order, size_t n);
/* The least arrival number among those waiting; that of the next record if none waits. */
uint64_t order_oldest_arrival(const struct order *order);
size_t order_bytes(const struct order *order);

#endif
