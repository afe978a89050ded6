#include "account/account_state.h"
#include "account/measures.h"

#include <stdlib.h>
#include <string.h>

enum { CONTENT_PER_HOUR = 8, CONTENT_PER_HOUR_MAX = 255 };

enum status account_table_new(const struct account_config *config, struct account_table **ret_table)
{
    enum status st = STATUS_OK;
    struct account_table *table = NULL;
    REQUIRE(config->capacity > 0, STATUS_BAD);
    table = calloc(1, sizeof *table);
    REQUIRE(table, STATUS_NOMEM);
    table->capacity = config->capacity;
    table->usage_all = config->usage_all;
    table->content_per_hour = config->content_per_hour ? config->content_per_hour : CONTENT_PER_HOUR;
    if (table->content_per_hour > CONTENT_PER_HOUR_MAX)
        table->content_per_hour = CONTENT_PER_HOUR_MAX;
    table->ids = calloc(config->capacity, sizeof *table->ids);
    REQUIRE(table->ids, STATUS_NOMEM);
    table->slots = calloc(config->capacity, sizeof *table->slots);
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

/* Ids are keyed hashes already; the multiplication spreads those of tests and default keys. */
static uint32_t home_of(const struct account_table *table, uint64_t id)
{
    uint64_t high = id * UINT64_C(0x9E3779B97F4A7C15) >> 32;
    return (uint32_t)(high * table->capacity >> 32);
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

static uint32_t window_of(const struct account_table *table)
{
    return table->capacity < PROBE_WINDOW ? table->capacity : PROBE_WINDOW;
}

static uint32_t next_slot(const struct account_table *table, uint32_t i)
{
    return i + 1 < table->capacity ? i + 1 : 0;
}

/* Accounts are replaced, never removed, so a free slot ends the search. */
static uint32_t probe(const struct account_table *table, uint64_t id, bool *ret_found, bool *ret_free)
{
    uint32_t i = home_of(table, id);
    *ret_found = *ret_free = false;
    for (uint32_t n = window_of(table); n > 0; n--, i = next_slot(table, i)) {
        *ret_found = table->ids[i] == id;
        *ret_free = table->ids[i] == 0;
        if (*ret_found || *ret_free)
            return i;
    }
    return i;
}

static uint32_t victim_of(const struct account_table *table, uint64_t id)
{
    uint32_t i = home_of(table, id), victim = i;
    for (uint32_t n = window_of(table); n > 0; n--, i = next_slot(table, i))
        if (goes_before(table, i, victim))
            victim = i;
    return victim;
}

struct account *account_at(const struct account_table *table, uint64_t id)
{
    bool found, empty;
    uint32_t i = id ? probe(table, id, &found, &empty) : 0;
    return id && found ? &table->slots[i] : NULL;
}

struct account *account_obtain(
    struct account_table *table, uint64_t id, int64_t now_ms, uint64_t *ret_evicted)
{
    bool found, empty;
    uint32_t i = probe(table, id, &found, &empty);
    if (found)
        return &table->slots[i];
    if (!empty) {
        i = victim_of(table, id);
        *ret_evicted = table->ids[i];
        account_cohort_leave(table, &table->slots[i]);
        table->stats.evicted++;
        table->stats.accounts--;
    }
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
    ret_stats->state_bytes =
        sizeof *table + (uint64_t)table->capacity * (sizeof *table->ids + sizeof *table->slots);
}

void account_prefetch(const struct account_table *table, uint64_t id)
{
    uint32_t i = home_of(table, id);
    const char *slot = (const char *)&table->slots[i];
    __builtin_prefetch(&table->ids[i]);
    for (size_t line = 0; line < sizeof *table->slots; line += 64)
        __builtin_prefetch(slot + line, 1);
}

bool account_tracked(const struct account_table *table, uint64_t account)
{
    return account_at(table, account) != NULL;
}

size_t account_table_bytes(const struct account_config *config)
{
    return sizeof(struct account_table)
        + (size_t)config->capacity * (sizeof(uint64_t) + sizeof(struct account));
}
