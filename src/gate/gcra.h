/*
 * gcra.h: how much may pass, for any number of keys, accounts, organisations and campaigns at once.
 *
 * Model: generic cell rate algorithm. Whoever is counted (a subject) has a slot with GCRA_UNITS counters, one for each
 *   unit. Of a counter the table keeps one time, at which it would be empty; n units move it n / rate ahead, and it may
 *   be `burst` units ahead of now at most. What is not known beforehand (tokens) is reserved and settled later, which
 *   may leave a debt that later requests wait for. An idle subject is one that the table does not hold.
 * Source: ITU-T I.371; Brandur Leach, "Rate limiting, cells, and GCRA", 2015.
 * Shapes: times in microseconds; ids are 64-bit hashes, never 0. More than the burst at once passes when the counter is
 *   empty, and leaves a debt: else it would never pass.
 * Memory: 64 bytes a subject, GCRA_WAYS to a set; the caller's, which may be shared between processes. A full set forgets
 *   the subject whose counters would all be empty first, and counts it.
 * Errors: none: what the table forgets is allowed.
 * Cost: one cache line a subject, seldom more; bench/gate_bench.c.
 * Threads: any number, also of several processes: entries are atomic words and nobody ever waits for anybody. Two that
 *   add the same new subject at once may count one request each in vain; a process that dies leaves nothing locked.
 */
#ifndef GATE_GCRA_H
#define GATE_GCRA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GCRA_WAYS = 4,
    GCRA_UNITS = 6,
    GCRA_DEBT_S =
        86400, /* a debt that takes longer to pay off is cut, as is what one take or settlement moves */
};

struct gcra_rate {
    double us_a_unit; /* 0: no limit */
    int64_t burst_us;
};

struct gcra_slot {
    _Alignas(64) _Atomic uint64_t id;
    _Atomic int64_t empty_us[GCRA_UNITS];
};

struct gcra_set {
    struct gcra_slot slots[GCRA_WAYS];
};

/* At the start of the memory; zeroed memory is an empty table once gcra_init has run. */
struct gcra_table {
    uint64_t n_sets; /* a power of two */
    _Atomic uint64_t forgotten;
    _Alignas(64) struct gcra_set sets[];
};

struct gcra_state {
    bool allowed;
    int64_t retry_us; /* when it would be allowed; 0 if it is */
    int64_t reset_us; /* until the counter is empty */
};

/* per_second 0: no limit. */
struct gcra_rate gcra_rate_of(double per_second, double burst);

/* Lays a table out in so much memory, aligned to 64 bytes; NULL where it is too little for one set. */
struct gcra_table *gcra_init(void *memory, size_t bytes);
/* Fetches what gcra_slot_of will read: of several subjects all at once instead of one after the other. */
void gcra_expect(const struct gcra_table *table, uint64_t id);
/* The counters of a subject, for what is taken and settled at once: later they may be another's. NULL for id 0. */
struct gcra_slot *gcra_slot_of(struct gcra_table *table, uint64_t id, int64_t now_us);
/* Whether n of the unit may pass for the subject, and takes them if so. Without slot or limit all may. */
struct gcra_state gcra_take(
    struct gcra_slot *slot, unsigned unit, const struct gcra_rate *rate, double n, int64_t now_us);
/* Whole units that may pass after that. */
double gcra_remaining(const struct gcra_rate *rate, const struct gcra_state *state);
/* Moves the counter by n units more or, if negative, fewer, whatever that leads to. */
void gcra_settle(
    struct gcra_slot *slot, unsigned unit, const struct gcra_rate *rate, double n, int64_t now_us);

#endif
