#include "object/table.h"
#include "object/tie_list.h"

#include <stdlib.h>

/* How many sightings ahead the sets are fetched, then what they name, then where in a list the account is. */
enum { AHEAD = 16, FAR = 14, NEAR = 7, CLOSE = 3 };

static const int64_t HOUR_MS = 3600 * 1000;
static const int64_t REFUSED_WINDOW_MS = 600 * 1000;

static int64_t or_else(int64_t value, int64_t otherwise)
{
    return value > 0 ? value : otherwise;
}

static enum status new_tables(const struct object_config *config, struct object_table *table)
{
    enum status st;
    size_t holders = config->holders_bytes ? config->holders_bytes : config->singles_bytes / 5 * 3;
    size_t singles = config->singles_bytes > holders ? config->singles_bytes - holders : 0;
    bool limited = config->members_max && config->members_max < MEMBERS_LIMIT;
    uint32_t members_max = limited ? config->members_max : MEMBERS_LIMIT;
    size_t sixteenth = config->issued_bytes / 16;
    TRY(holders_new(holders, &table->holders));
    TRY(index_new(singles, &table->index));
    TRY(shared_table_new(config->shared_bytes, members_max, &table->shared));
    TRY(issued_new(sixteenth * 13, or_else(config->issued_bucket_ms, HOUR_MS),
        or_else(config->issued_retention_ms, 7 * 24 * HOUR_MS), &table->issued));
    TRY(refused_new(sixteenth * 2, or_else(config->refused_window_ms, REFUSED_WINDOW_MS), &table->refused));
    TRY(told_new(sixteenth, &table->told));
    return STATUS_OK;
fail:
    return st;
}

enum status object_table_new(const struct object_config *config, struct object_table **ret_table)
{
    struct object_table *table = calloc(1, sizeof *table);
    if (!table)
        return STATUS_NOMEM;
    enum status st = new_tables(config, table);
    if (st != STATUS_OK) {
        object_table_free(table);
        return st;
    }
    *ret_table = table;
    return STATUS_OK;
}

void object_table_free(struct object_table *table)
{
    if (!table)
        return;
    holders_free(&table->holders);
    index_free(&table->index);
    shared_table_free(&table->shared);
    issued_free(&table->issued);
    refused_free(&table->refused);
    told_free(&table->told);
    free(table);
}

static bool is_direct(const struct sighting *sighting)
{
    return sighting->kind >= OBJECT_TURN;
}

/*
 * What lies ahead is fetched in three steps: the set of each sighting's object, then what the set names, then where in
 * its lists the account is. What one step found out is kept for the next.
 */
struct ahead {
    struct way_key key;    /* in the index, or among what was issued */
    struct shared *shared; /* when last looked at; NULL: none */
};

static ALWAYS_INLINE void look_far(
    const struct object_table *table, const struct sighting *sighting, uint64_t before, struct ahead *ahead)
{
    /* The holder of the account before is on its way already. */
    if (sighting->account != before)
        holders_prefetch(&table->holders, sighting->account);
    *ahead = (struct ahead){ .shared = NULL };
    if (sighting->kind == OBJECT_REFUSED) {
        refused_prefetch(&table->refused, sighting->object);
        return;
    }
    const struct ways *ways = is_direct(sighting) ? &table->issued.ways : &table->index.ways;
    ahead->key = ways_key(ways, sighting->object);
    ways_prefetch(ways, ahead->key);
}

static ALWAYS_INLINE void look_near(
    const struct object_table *table, const struct sighting *sighting, uint64_t before, struct ahead *ahead)
{
    if (sighting->account != before)
        holders_prefetch_item(&table->holders, sighting->account);
    if (is_direct(sighting))
        return;
    struct index_entry entry = index_find(&table->index, ahead->key);
    if (!entry.set || !index_is_shared(entry))
        return;
    ahead->shared = shared_at(&table->shared, index_place(entry));
    shared_prefetch(ahead->shared);
}

static ALWAYS_INLINE void look_ahead(const struct object_table *table, const struct sighting *sightings,
    size_t i, size_t n, struct ahead ahead[static AHEAD])
{
    if (i + FAR < n)
        look_far(table, &sightings[i + FAR], sightings[i + FAR - 1].account, &ahead[(i + FAR) % AHEAD]);
    if (i + NEAR < n)
        look_near(table, &sightings[i + NEAR], sightings[i + NEAR - 1].account, &ahead[(i + NEAR) % AHEAD]);
    if (i + CLOSE >= n)
        return;
    const struct shared *shared = ahead[(i + CLOSE) % AHEAD].shared;
    if (shared)
        shared_prefetch_member(
            &table->shared, shared, sightings[i + CLOSE].account, sightings[i + CLOSE].slot);
}

static bool says_nothing(const struct sighting *sighting)
{
    return !sighting->account || !sighting->object || sighting->kind >= OBJECT_KINDS ||
           is_direct(sighting) == (sighting->verb == VERB_SHOW);
}

/* Whether both sightings tell the same about the same account: most are of the same exchange. */
static bool same_account(const struct sighting *a, const struct sighting *b)
{
    return a->account == b->account && a->time_ms == b->time_ms && a->payer == b->payer &&
           a->organization == b->organization && a->country == b->country && a->adopter == b->adopter;
}

/* The account's reference, looked up once where its sightings follow each other. */
struct current {
    const struct sighting *sighting;
    uint32_t holder;
};

static void apply_one(struct object_table *table, const struct sighting *sighting, const struct ahead *seen,
    struct current *current, const struct population *population, struct tie_list *ties)
{
    if (!current->sighting || !same_account(current->sighting, sighting))
        *current = (struct current){ sighting, holders_take(&table->holders, sighting) };
    if (is_direct(sighting))
        object_direct(table, sighting, seen->key, current->holder, ties);
    else if (seen->shared && seen->shared->object == sighting->object)
        object_show_shared(table, seen->shared, sighting, population, ties);
    else
        object_show(table, sighting, seen->key, current->holder, population, ties);
}

enum status object_apply_ticks(struct object_table *table, const struct sighting *sightings,
    const size_t *ends, size_t n_ticks, const struct population *population, struct tie_list *ties,
    size_t *ret_tie_ends)
{
    enum status st = STATUS_OK;
    struct current current = { NULL, 0 };
    struct ahead ahead[AHEAD];
    size_t n = n_ticks ? ends[n_ticks - 1] : 0;
    for (size_t i = 0; i < n && i < FAR; i++)
        look_far(table, &sightings[i], 0, &ahead[i]);
    for (size_t tick = 0, i = 0; tick < n_ticks; tick++) {
        size_t from = ties->n;
        for (; i < ends[tick] && st == STATUS_OK; i++) {
            look_ahead(table, sightings, i, n, ahead);
            if (says_nothing(&sightings[i]))
                continue;
            st = tie_list_reserve(ties, TIES_A_SIGHTING);
            if (st == STATUS_OK)
                apply_one(table, &sightings[i], &ahead[i % AHEAD], &current, population, ties);
        }
        tie_list_sort(ties, from);
        ret_tie_ends[tick] = ties->n;
    }
    return st;
}

enum status object_apply(struct object_table *table, const struct sighting *sightings, size_t n,
    const struct population *population, struct tie_list *ties)
{
    size_t tie_end;
    return object_apply_ticks(table, sightings, &n, 1, population, ties, &tie_end);
}
