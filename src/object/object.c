#include "object/table.h"
#include "object/tie_list.h"

#include <stdlib.h>

enum { MEMBERS_DEFAULT = 4096 };
/* How many sightings ahead the sets are fetched, then what they hold, then where in a list the account is. */
enum { FAR_AHEAD = 12, NEAR_AHEAD = 6, CLOSE_AHEAD = 3 };

static const int64_t HOUR_MS = 3600 * 1000;
static const int64_t REFUSED_WINDOW_MS = 600 * 1000;

static int64_t or_else(int64_t value, int64_t otherwise)
{
    return value > 0 ? value : otherwise;
}

static enum status new_tables(const struct object_config *config, struct object_table *table)
{
    enum status st;
    size_t holders = config->holders_bytes ? config->holders_bytes : config->singles_bytes / 4;
    size_t singles = config->singles_bytes > holders ? config->singles_bytes - holders : 0;
    uint32_t members_max = config->members_max ? config->members_max : MEMBERS_DEFAULT;
    if (members_max > MEMBERS_LIMIT)
        members_max = MEMBERS_LIMIT;
    size_t sixteenth = config->issued_bytes / 16;
    TRY(holders_new(holders, &table->holders));
    TRY(singles_new(singles, &table->singles));
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
    singles_free(&table->singles);
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

/* before: the account of the sighting before it, whose holder is on its way already. */
static ALWAYS_INLINE void prefetch_far(
    const struct object_table *table, const struct sighting *sighting, uint64_t before)
{
    if (sighting->account != before)
        holders_prefetch(&table->holders, sighting->account);
    if (sighting->kind == OBJECT_REFUSED) {
        refused_prefetch(&table->refused, sighting->object);
    } else if (is_direct(sighting)) {
        issued_prefetch(&table->issued, sighting->object);
    } else {
        shared_prefetch(&table->shared, sighting->object);
        singles_prefetch(&table->singles, sighting->object);
    }
}

static ALWAYS_INLINE void prefetch_near(
    const struct object_table *table, const struct sighting *sighting, uint64_t before)
{
    if (sighting->account != before)
        holders_prefetch_item(&table->holders, sighting->account);
    if (!is_direct(sighting) && !shared_prefetch_item(&table->shared, sighting->object))
        singles_prefetch_item(&table->singles, sighting->object);
}

static ALWAYS_INLINE void prefetch(
    const struct object_table *table, const struct sighting *sightings, size_t i, size_t n)
{
    if (i + FAR_AHEAD < n)
        prefetch_far(table, &sightings[i + FAR_AHEAD], sightings[i + FAR_AHEAD - 1].account);
    if (i + NEAR_AHEAD < n)
        prefetch_near(table, &sightings[i + NEAR_AHEAD], sightings[i + NEAR_AHEAD - 1].account);
    if (i + CLOSE_AHEAD < n && !is_direct(&sightings[i + CLOSE_AHEAD])) {
        const struct sighting *close = &sightings[i + CLOSE_AHEAD];
        shared_prefetch_member(&table->shared, close->object, close->account, close->slot);
    }
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

static void apply_one(struct object_table *table, const struct sighting *sighting, struct current *current,
    const struct population *population, struct tie_list *ties)
{
    if (!current->sighting || !same_account(current->sighting, sighting))
        *current = (struct current){ sighting, holders_take(&table->holders, sighting) };
    if (is_direct(sighting))
        object_direct(table, sighting, current->holder, ties);
    else
        object_show(table, sighting, current->holder, population, ties);
}

enum status object_apply_ticks(struct object_table *table, const struct sighting *sightings,
    const size_t *ends, size_t n_ticks, const struct population *population, struct tie_list *ties,
    size_t *ret_tie_ends)
{
    enum status st = STATUS_OK;
    struct current current = { NULL, 0 };
    size_t n = n_ticks ? ends[n_ticks - 1] : 0;
    for (size_t i = 0; i < n && i < FAR_AHEAD; i++)
        prefetch_far(table, &sightings[i], 0);
    for (size_t tick = 0, i = 0; tick < n_ticks; tick++) {
        size_t from = ties->n;
        for (; i < ends[tick] && st == STATUS_OK; i++) {
            prefetch(table, sightings, i, n);
            if (says_nothing(&sightings[i]))
                continue;
            st = tie_list_reserve(ties, TIES_A_SIGHTING);
            if (st == STATUS_OK)
                apply_one(table, &sightings[i], &current, population, ties);
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
