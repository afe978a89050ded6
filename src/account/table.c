#include "account/account_state.h"
#include "account/measures.h"
#include "base/match.h"

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
    size_t places = slots < BUCKET_SLOTS ? BUCKET_SLOTS : slots;
    TRY(pages_new(places * sizeof *table->index, &table->index_pages));
    TRY(pages_new(slots * sizeof *table->slots, &table->slot_pages));
    table->index = table->index_pages.at;
    table->slots = table->slot_pages.at;
    *ret_table = table;
    return STATUS_OK;
fail:
    account_table_free(table);
    return st;
}

void account_table_watch(struct account_table *table, bool usage_all)
{
    table->usage_all = usage_all;
}

void account_table_free(struct account_table *table)
{
    if (table == NULL)
        return;
    pages_free(&table->index_pages);
    pages_free(&table->slot_pages);
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

/* Of a place that is taken. */
static struct account *slot_at(const struct account_table *table, uint32_t place)
{
    return &table->slots[(uint32_t)table->index[place] - 1];
}

static bool goes_before(const struct account_table *table, uint32_t i, uint32_t j)
{
    const struct account *a = slot_at(table, i), *b = slot_at(table, j);
    bool a_marked = a->flags & ACCOUNT_MARKED, b_marked = b->flags & ACCOUNT_MARKED;
    if (a_marked != b_marked)
        return b_marked;
    if (a->last_ms != b->last_ms)
        return a->last_ms < b->last_ms;
    if (a->first_ms != b->first_ms)
        return a->first_ms < b->first_ms;
    return a->id < b->id;
}

static uint32_t match(const uint64_t index[static BUCKET_SLOTS], uint32_t tag)
{
    uint32_t hits = match_upper(index, tag) | match_upper(index + 4, tag) << 4;
    for (unsigned i = 0; tag == 0 && i < BUCKET_SLOTS; i++)
        hits &= ~((uint32_t)(index[i] == 0) << i); /* a free place is no account of tag 0 */
    return hits;
}

/* Looks at both buckets without a branch: which one it is cannot be foreseen. One bit a place, 16 a bucket. */
static uint32_t candidates(const struct account_table *table, struct home home, uint64_t id)
{
    uint32_t last = home.n - 1;
    return match(table->index + home.first[0], (uint32_t)id) |
           match(table->index + home.first[last], (uint32_t)id) << 16;
}

static uint32_t place_of(struct home home, uint32_t hits)
{
    uint32_t bit = (uint32_t)__builtin_ctz(hits);
    return home.first[bit >> 4] + (bit & 15);
}

static uint32_t find(const struct account_table *table, struct home home, uint64_t id)
{
    for (uint32_t hits = candidates(table, home, id); hits; hits &= hits - 1)
        if (slot_at(table, place_of(home, hits))->id == id)
            return place_of(home, hits);
    return NO_SLOT;
}

/* Of the emptier bucket, so that both fill evenly; accounts are replaced, never removed. */
static uint32_t find_free(const struct account_table *table, struct home home)
{
    uint32_t best = NO_SLOT, best_used = table->bucket_slots;
    for (unsigned h = 0; h < home.n; h++) {
        uint32_t used = 0;
        while (used < table->bucket_slots && table->index[home.first[h] + used] != 0)
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
    return i != NO_SLOT ? slot_at(table, i) : NULL;
}

/* The place and the slot of the account that is seen longest ago, or the next that was never used. */
static struct account *make_room(
    struct account_table *table, struct home home, uint64_t id, uint64_t *ret_evicted)
{
    uint32_t i = find_free(table, home);
    struct account *slot = &table->slots[table->stats.accounts];
    if (i == NO_SLOT) {
        i = find_victim(table, home);
        slot = slot_at(table, i);
        *ret_evicted = slot->id;
        account_cohort_leave(table, slot);
        table->stats.evicted++;
        table->stats.accounts--;
    }
    table->index[i] = id << 32 | (uint32_t)(slot - table->slots + 1);
    return slot;
}

struct account *account_obtain(
    struct account_table *table, uint64_t id, int64_t now_ms, uint64_t *ret_evicted)
{
    struct home home = home_of(table, id);
    uint32_t i = find(table, home, id);
    if (i != NO_SLOT)
        return slot_at(table, i);
    struct account *slot = make_room(table, home, id, ret_evicted);
    *slot =
        (struct account){ .id = id, .created_ms = -1, .first_ms = now_ms, .last_ms = now_ms, .reseller = -1 };
    table->stats.accounts++;
    table->stats.created++;
    table->population.accounts++;
    table->population.own_payers++;
    return slot;
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
                                                 (sizeof *table->index + sizeof *table->slots);
}

/*
 * Where the state lies is in the index, which is far itself in a large table: this call hints the two buckets, and the
 * state of the account hinted HINTS calls before, whose buckets have come by now.
 */
void account_prefetch(struct account_table *table, uint64_t id)
{
    struct home home = home_of(table, id);
    for (unsigned h = 0; h < home.n; h++)
        __builtin_prefetch(table->index + home.first[h]);
    uint64_t *hint = &table->hints[table->hint++ % HINTS];
    struct home hinted = home_of(table, *hint);
    uint32_t hits = candidates(table, hinted, *hint);
    *hint = id;
    if (hits == 0)
        return;
    const char *slot = (const char *)slot_at(table, place_of(hinted, hits));
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
