#include "gate/gcra.h"

#include <math.h>

enum { SECOND_US = 1000000 };
/* So that a wrong count does not lock anybody out for good. */
static const int64_t debt_most_us = INT64_C(1) * GCRA_DEBT_S * SECOND_US;

struct gcra_table *gcra_init(void *memory, size_t bytes)
{
    struct gcra_table *table = memory;
    size_t room = bytes > sizeof *table ? (bytes - sizeof *table) / sizeof *table->sets : 0;
    if (room == 0)
        return NULL;
    uint64_t n = 1;
    while (n * 2 <= room)
        n *= 2;
    table->n_sets = n;
    return table;
}

static struct gcra_set *set_of(struct gcra_table *table, uint64_t id)
{
    return &table->sets[(id * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (table->n_sets - 1)];
}

static struct gcra_slot *find(struct gcra_set *set, uint64_t id)
{
    for (unsigned i = 0; i < GCRA_WAYS; i++)
        if (atomic_load_explicit(&set->slots[i].id, memory_order_relaxed) == id)
            return &set->slots[i];
    return NULL;
}

/* The slot of the counter; of a new one, in place of the counter that is empty first. */
static struct gcra_slot *obtain(struct gcra_table *table, uint64_t id, int64_t now_us)
{
    struct gcra_set *set = set_of(table, id);
    struct gcra_slot *slot = find(set, id);
    if (slot)
        return slot;
    slot = &set->slots[0];
    for (unsigned i = 1; i < GCRA_WAYS; i++)
        if (atomic_load(&set->slots[i].empty_us) < atomic_load(&slot->empty_us))
            slot = &set->slots[i];
    int64_t empty_us = atomic_load(&slot->empty_us);
    if (empty_us > now_us)
        atomic_fetch_add(&table->forgotten, 1);
    atomic_store(&slot->id, id);
    atomic_compare_exchange_strong(&slot->empty_us, &empty_us, now_us);
    return slot;
}

static int64_t span_of_units(const struct gcra_rate *rate, double n)
{
    double us = n / rate->per_second * SECOND_US;
    return us > (double)debt_most_us    ? debt_most_us
           : us < -(double)debt_most_us ? -debt_most_us
                                        : llround(us);
}

static struct gcra_state state_of(
    const struct gcra_rate *rate, bool allowed, int64_t ahead_us, int64_t burst_us, int64_t step_us)
{
    int64_t room_us = burst_us - ahead_us;
    struct gcra_state state = { .allowed = allowed, .reset_us = ahead_us };
    state.remaining = room_us > 0 ? floor((double)room_us * rate->per_second / SECOND_US + 1e-6) : 0;
    if (!allowed)
        state.retry_us = step_us > burst_us ? ahead_us : ahead_us + step_us - burst_us;
    return state;
}

struct gcra_state gcra_take(
    struct gcra_table *table, uint64_t id, const struct gcra_rate *rate, double n, int64_t now_us)
{
    if (!(rate->per_second > 0) || id == 0)
        return (struct gcra_state){ .allowed = true, .remaining = INFINITY };
    struct gcra_slot *slot = obtain(table, id, now_us);
    int64_t step_us = span_of_units(rate, n), burst_us = span_of_units(rate, rate->burst);
    int64_t before = atomic_load(&slot->empty_us);
    for (;;) {
        int64_t from = before > now_us ? before : now_us, ahead = from - now_us;
        bool fits = ahead + step_us <= burst_us || (step_us > burst_us && ahead == 0);
        if (!fits)
            return state_of(rate, false, ahead, burst_us, step_us);
        if (atomic_compare_exchange_weak(&slot->empty_us, &before, from + step_us))
            return state_of(rate, true, ahead + step_us, burst_us, step_us);
    }
}

void gcra_settle(
    struct gcra_table *table, uint64_t id, const struct gcra_rate *rate, double n, int64_t now_us)
{
    if (!(rate->per_second > 0) || id == 0 || !(fabs(n) > 0))
        return;
    struct gcra_slot *slot = obtain(table, id, now_us);
    int64_t step_us = span_of_units(rate, n), before = atomic_load(&slot->empty_us), after;
    do {
        int64_t from = before > now_us ? before : now_us;
        after = from + step_us;
        after = after < now_us ? now_us : after > now_us + debt_most_us ? now_us + debt_most_us : after;
    } while (!atomic_compare_exchange_weak(&slot->empty_us, &before, after));
}
