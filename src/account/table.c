#include "account/account_state.h"
#include "account/measures.h"

#include <stdlib.h>
#include <string.h>

enum { CONTENT_PER_HOUR = 8, CONTENT_PER_HOUR_MAX = 255 };

#define NO_SLOT UINT32_MAX

enum status account_table_new(const struct account_config *config, struct account_table **ret_table)
{
    enum status st = STATUS_OK;
    struct account_table *table = NULL;
    REQUIRE(config->capacity > 0, STATUS_BAD);
    table = calloc(1, sizeof *table);
    REQUIRE(table, STATUS_NOMEM);
    table->bucket_slots = config->capacity < BUCKET_SLOTS ? config->capacity : BUCKET_SLOTS;
    table->buckets = config->capacity / table->bucket_slots;
    uint32_t slots = table->buckets * table->bucket_slots;
    table->usage_all = config->usage_all;
    table->content_per_hour = config->content_per_hour ? config->content_per_hour : CONTENT_PER_HOUR;
    if (table->content_per_hour > CONTENT_PER_HOUR_MAX)
        table->content_per_hour = CONTENT_PER_HOUR_MAX;
    table->ids = calloc(slots < BUCKET_SLOTS ? BUCKET_SLOTS : slots, sizeof *table->ids);
    REQUIRE(table->ids, STATUS_NOMEM);
    table->slots = calloc(slots, sizeof *table->slots);
    REQUIRE(table->slots, STATUS_NOMEM);
    *ret_table = table;
    return STATUS_OK;
fail:
    account_table_free(table);
    return st;
}

void account_table_free(struct account_table *table)
{
    if (table == NULL)
        return;
    free(table->ids);
    free(table->slots);
    free(table);
}

/* The two buckets that may hold an id; one where the table has no second. */
struct home {
    uint32_t first[2];
    unsigned n;
};

/* Ids are keyed hashes already; the multiplications spread those of tests and default keys. */
static struct home home_of(const struct account_table *table, uint64_t id)
{
    uint64_t mixed = (id ^ id >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    uint32_t a = (uint32_t)((mixed >> 32) * table->buckets >> 32);
    if (table->buckets == 1)
        return (struct home){ { 0, 0 }, 1 };
    uint32_t step = (uint32_t)((mixed & UINT32_MAX) * (table->buckets - 1) >> 32);
    uint32_t b = (a + 1 + step) % table->buckets;
    return (struct home){ { a * table->bucket_slots, b * table->bucket_slots }, 2 };
}

static bool goes_before(const struct account_table *table, uint32_t i, uint32_t j)
{
    const struct account *a = &table->slots[i], *b = &table->slots[j];
    bool a_marked = a->flags & ACCOUNT_MARKED, b_marked = b->flags & ACCOUNT_MARKED;
    if (a_marked != b_marked)
        return b_marked;
    if (a->last_ms != b->last_ms)
        return a->last_ms < b->last_ms;
    if (a->first_ms != b->first_ms)
        return a->first_ms < b->first_ms;
    return table->ids[i] < table->ids[j];
}

static uint32_t match(const uint64_t ids[static BUCKET_SLOTS], uint64_t id)
{
    uint32_t hits = 0;
    for (unsigned i = 0; i < BUCKET_SLOTS; i++)
        hits |= (uint32_t)(ids[i] == id) << i;
    return hits;
}

/* Looks at both buckets without a branch: which one it is cannot be foreseen. */
static uint32_t find(const struct account_table *table, struct home home, uint64_t id)
{
    uint32_t last = home.n - 1;
    uint32_t hits = match(table->ids + home.first[0], id) | match(table->ids + home.first[last], id) << 16;
    if (hits == 0)
        return NO_SLOT;
    uint32_t bit = (uint32_t)__builtin_ctz(hits);
    return home.first[bit >> 4] + (bit & 15);
}

/* Of the emptier bucket, so that both fill evenly; accounts are replaced, never removed. */
static uint32_t find_free(const struct account_table *table, struct home home)
{
    uint32_t best = NO_SLOT, best_used = table->bucket_slots;
    for (unsigned h = 0; h < home.n; h++) {
        uint32_t used = 0;
        while (used < table->bucket_slots && table->ids[home.first[h] + used] != 0)
            used++;
        if (used < best_used) {
            best_used = used;
            best = home.first[h] + used;
        }
    }
    return best;
}

static uint32_t find_victim(const struct account_table *table, struct home home)
{
    uint32_t victim = home.first[0];
    for (unsigned h = 0; h < home.n; h++)
        for (uint32_t i = home.first[h]; i < home.first[h] + table->bucket_slots; i++)
            if (goes_before(table, i, victim))
                victim = i;
    return victim;
}

struct account *account_at(const struct account_table *table, uint64_t id)
{
    uint32_t i = id ? find(table, home_of(table, id), id) : NO_SLOT;
    return i != NO_SLOT ? &table->slots[i] : NULL;
}

static uint32_t make_room(struct account_table *table, struct home home, uint64_t *ret_evicted)
{
    uint32_t i = find_free(table, home);
    if (i != NO_SLOT)
        return i;
    i = find_victim(table, home);
    *ret_evicted = table->ids[i];
    account_cohort_leave(table, &table->slots[i]);
    table->stats.evicted++;
    table->stats.accounts--;
    return i;
}

struct account *account_obtain(
    struct account_table *table, uint64_t id, int64_t now_ms, uint64_t *ret_evicted)
{
    struct home home = home_of(table, id);
    uint32_t i = find(table, home, id);
    if (i != NO_SLOT)
        return &table->slots[i];
    i = make_room(table, home, ret_evicted);
    table->ids[i] = id;
    table->slots[i] =
        (struct account){ .created_ms = -1, .first_ms = now_ms, .last_ms = now_ms, .reseller = -1 };
    table->stats.accounts++;
    table->stats.created++;
    table->population.accounts++;
    table->population.own_payers++;
    return &table->slots[i];
}

void account_release(struct account_table *table, const struct record *record)
{
    table->release_model = record->release.model;
    table->release_ms = record->time_ms;
    table->release = (uint8_t)(table->release == UINT8_MAX ? 1 : table->release + 1);
}

void account_mark(struct account_table *table, uint64_t id, bool marked)
{
    struct account *account = account_at(table, id);
    if (account == NULL)
        return;
    account->flags &= (uint8_t)~ACCOUNT_MARKED;
    if (marked)
        account->flags |= ACCOUNT_MARKED;
}

void account_stats(const struct account_table *table, struct account_stats *ret_stats)
{
    *ret_stats = table->stats;
    ret_stats->state_bytes = sizeof *table + (uint64_t)table->buckets * table->bucket_slots *
                                                 (sizeof *table->ids + sizeof *table->slots);
}

/*
 * Where the state lies is in the ids, which are far themselves in a large table: this call hints the ids of the
 * buckets, and the state of the account hinted HINTS calls before, whose ids have come by now.
 */
void account_prefetch(struct account_table *table, uint64_t id)
{
    struct home home = home_of(table, id);
    for (unsigned h = 0; h < home.n; h++)
        __builtin_prefetch(table->ids + home.first[h]);
    uint64_t *hint = &table->hints[table->hint++ % HINTS];
    const char *slot = (const char *)account_at(table, *hint);
    *hint = id;
    if (slot)
        for (size_t line = 0; line < sizeof *table->slots; line += 64)
            __builtin_prefetch(slot + line, 1);
}

bool account_tracked(const struct account_table *table, uint64_t account)
{
    return account_at(table, account) != NULL;
}

size_t account_table_bytes(const struct account_config *config)
{
    return sizeof(struct account_table) +
           (size_t)config->capacity * (sizeof(uint64_t) + sizeof(struct account));
}
