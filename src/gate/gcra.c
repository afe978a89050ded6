#include "gate/gcra.h"

#include <assert.h>
#include <math.h>

/* So that a wrong count does not lock anybody out for good. */
static const int64_t debt_most_us = INT64_C(1000000) * GCRA_DEBT_S;

static_assert(sizeof(struct gcra_slot) == 64, "a subject is one cache line");

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

static uint64_t mix_of(uint64_t id)
{
    return id * UINT64_C(0x9E3779B97F4A7C15) >> 20;
}

/* Each subject begins to look at a place of its own in the set: mostly the first line that is read is the right one. */
static struct gcra_slot *find(struct gcra_set *set, uint64_t id, unsigned first)
{
    for (unsigned i = 0; i < GCRA_WAYS; i++) {
        struct gcra_slot *slot = &set->slots[(first + i) % GCRA_WAYS];
        if (atomic_load_explicit(&slot->id, memory_order_relaxed) == id)
            return slot;
    }
    return NULL;
}

static int64_t empty_us_of(const struct gcra_slot *slot)
{
    int64_t last_us = 0;
    for (unsigned unit = 0; unit < GCRA_UNITS; unit++) {
        int64_t empty_us = atomic_load_explicit(&slot->empty_us[unit], memory_order_relaxed);
        last_us = empty_us > last_us ? empty_us : last_us;
    }
    return last_us;
}

void gcra_expect(const struct gcra_table *table, uint64_t id)
{
    uint64_t mix = mix_of(id);
    __builtin_prefetch(&table->sets[mix / GCRA_WAYS & (table->n_sets - 1)].slots[mix % GCRA_WAYS], 1);
}

/* Of a new subject the slot of the one that is empty first. */
struct gcra_slot *gcra_slot_of(struct gcra_table *table, uint64_t id, int64_t now_us)
{
    if (id == 0)
        return NULL;
    uint64_t mix = mix_of(id);
    struct gcra_set *set = &table->sets[mix / GCRA_WAYS & (table->n_sets - 1)];
    unsigned first = mix % GCRA_WAYS;
    struct gcra_slot *slot = find(set, id, first);
    if (slot)
        return slot;
    slot = &set->slots[first];
    for (unsigned i = 1; i < GCRA_WAYS; i++) {
        struct gcra_slot *other = &set->slots[(first + i) % GCRA_WAYS];
        if (empty_us_of(other) < empty_us_of(slot))
            slot = other;
    }
    if (empty_us_of(slot) > now_us)
        atomic_fetch_add(&table->forgotten, 1);
    for (unsigned unit = 0; unit < GCRA_UNITS; unit++)
        atomic_store(&slot->empty_us[unit], now_us);
    atomic_store(&slot->id, id);
    return slot;
}

static int64_t span_of_units(double us_a_unit, double n)
{
    double us = n * us_a_unit;
    return us > (double)debt_most_us    ? debt_most_us
           : us < -(double)debt_most_us ? -debt_most_us
                                        : (int64_t)(us < 0 ? us - 0.5 : us + 0.5);
}

struct gcra_rate gcra_rate_of(double per_second, double burst)
{
    double us_a_unit = per_second > 0 ? 1e6 / per_second : 0;
    return (struct gcra_rate){ us_a_unit, span_of_units(us_a_unit, burst) };
}

static struct gcra_state state_of(
    const struct gcra_rate *rate, bool allowed, int64_t ahead_us, int64_t step_us)
{
    int64_t burst_us = rate->burst_us;
    struct gcra_state state = { .allowed = allowed, .reset_us = ahead_us };
    if (!allowed)
        state.retry_us = step_us > burst_us ? ahead_us : ahead_us + step_us - burst_us;
    return state;
}

double gcra_remaining(const struct gcra_rate *rate, const struct gcra_state *state)
{
    int64_t room_us = rate->burst_us - state->reset_us;
    if (!(rate->us_a_unit > 0))
        return INFINITY;
    return room_us > 0 ? floor((double)room_us / rate->us_a_unit + 1e-6) : 0;
}

struct gcra_state gcra_take(
    struct gcra_slot *slot, unsigned unit, const struct gcra_rate *rate, double n, int64_t now_us)
{
    if (!(rate->us_a_unit > 0) || !slot)
        return (struct gcra_state){ .allowed = true };
    _Atomic int64_t *empty_us = &slot->empty_us[unit];
    int64_t step_us = span_of_units(rate->us_a_unit, n);
    int64_t before = atomic_load(empty_us);
    for (;;) {
        int64_t from = before > now_us ? before : now_us, ahead = from - now_us;
        bool fits = ahead + step_us <= rate->burst_us || (step_us > rate->burst_us && ahead == 0);
        if (!fits)
            return state_of(rate, false, ahead, step_us);
        if (atomic_compare_exchange_weak(empty_us, &before, from + step_us))
            return state_of(rate, true, ahead + step_us, step_us);
    }
}

void gcra_settle(
    struct gcra_slot *slot, unsigned unit, const struct gcra_rate *rate, double n, int64_t now_us)
{
    if (!(rate->us_a_unit > 0) || !slot || !(fabs(n) > 0))
        return;
    _Atomic int64_t *empty_us = &slot->empty_us[unit];
    int64_t step_us = span_of_units(rate->us_a_unit, n), before = atomic_load(empty_us), after;
    do {
        int64_t from = before > now_us ? before : now_us;
        after = from + step_us;
        after = after < now_us ? now_us : after > now_us + debt_most_us ? now_us + debt_most_us : after;
    } while (!atomic_compare_exchange_weak(empty_us, &before, after));
}
