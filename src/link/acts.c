#include "link/acts.h"

#include "score/array.h"

#include <stdbool.h>
#include <stdlib.h>

void acts_init(struct acts *acts, const struct acts_limits *limits)
{
    *acts = (struct acts){ .n_max = limits->acts < MAP_NONE - 1 ? limits->acts : MAP_NONE - 1 };
    roll_init(&acts->accounts, limits->accounts);
    roll_init(&acts->objects, limits->objects);
}

void acts_fini(struct acts *acts)
{
    roll_fini(&acts->accounts);
    roll_fini(&acts->objects);
    free(acts->items);
    free(acts->object_start);
    free(acts->account_start);
    free(acts->account_acts);
    *acts = (struct acts){ 0 };
}

enum status acts_add(
    struct acts *acts, struct span account, struct span object, struct span kind, int64_t time_ms)
{
    enum status st = STATUS_OK;
    struct act act = { .time_ms = time_ms };
    if (acts->n == acts->n_max) {
        acts->left_out++;
        return STATUS_OK;
    }
    struct act *items = array_grown(acts->items, acts->n, &acts->capacity, sizeof *items);
    REQUIRE(items, STATUS_NOMEM);
    acts->items = items;
    TRY(roll_add(&acts->accounts, account, (struct span){ 0 }, &act.account));
    TRY(roll_add(&acts->objects, object, kind, &act.object));
    if (act.account == MAP_NONE || act.object == MAP_NONE)
        acts->left_out++;
    else
        items[acts->n++] = act;
fail:
    return st;
}

static int by_time(const void *left, const void *right)
{
    const struct act *a = left;
    const struct act *b = right;
    if (a->time_ms != b->time_ms)
        return a->time_ms < b->time_ms ? -1 : 1;
    if (a->object != b->object)
        return a->object < b->object ? -1 : 1;
    return (a->account > b->account) - (a->account < b->account);
}

/* Where each number's items begin, from the numbers of all items; two places more than there are numbers. */
static uint32_t *starts_of(const struct act *items, size_t n, size_t n_numbers, bool objects)
{
    uint32_t *start = calloc(n_numbers + 2, sizeof *start);
    if (!start)
        return NULL;
    for (size_t i = 0; i < n; i++)
        start[(objects ? items[i].object : items[i].account) + 2]++;
    for (size_t k = 2; k < n_numbers + 2; k++)
        start[k] += start[k - 1];
    return start;
}

/* Of one object by time: the first act of each account stays. */
static enum status drop_repeats(struct acts *acts)
{
    enum status st = STATUS_OK;
    size_t left = 0;
    uint32_t *seen =
        calloc(acts->accounts.n + 1, sizeof *seen); /* object + 1 that the account was seen with last */
    REQUIRE(seen, STATUS_NOMEM);
    for (size_t i = 0; i < acts->n; i++) {
        const struct act act = acts->items[i];
        if (seen[act.account] != act.object + 1)
            acts->items[left++] = act;
        seen[act.account] = act.object + 1;
    }
    acts->repeats = acts->n - left;
    acts->n = left;
fail:
    free(seen);
    return st;
}

static enum status order_by_object(struct acts *acts)
{
    enum status st = STATUS_OK;
    struct act *ordered = calloc(acts->n + 1, sizeof *ordered);
    uint32_t *start = starts_of(acts->items, acts->n, acts->objects.n, true);
    REQUIRE(ordered && start, STATUS_NOMEM);
    for (size_t i = 0; i < acts->n; i++)
        ordered[start[acts->items[i].object + 1]++] = acts->items[i];
    free(acts->items);
    acts->items = ordered;
    acts->capacity = acts->n + 1;
    ordered = NULL;
    TRY(drop_repeats(acts));
    acts->object_start = starts_of(acts->items, acts->n, acts->objects.n, true);
    REQUIRE(acts->object_start, STATUS_NOMEM);
    memmove(acts->object_start, acts->object_start + 1, (acts->objects.n + 1) * sizeof *start);
fail:
    free(ordered);
    free(start);
    return st;
}

static enum status order_by_account(struct acts *acts)
{
    enum status st = STATUS_OK;
    acts->account_start = starts_of(acts->items, acts->n, acts->accounts.n, false);
    acts->account_acts = calloc(acts->n + 1, sizeof *acts->account_acts);
    REQUIRE(acts->account_start && acts->account_acts, STATUS_NOMEM);
    for (size_t i = 0; i < acts->n; i++)
        acts->account_acts[acts->account_start[acts->items[i].account + 1]++] = (uint32_t)i;
fail:
    return st;
}

enum status acts_settle(struct acts *acts)
{
    enum status st = STATUS_OK;
    if (acts->n > 0) {
        qsort(acts->items, acts->n, sizeof *acts->items, by_time);
        acts->first_ms = acts->items[0].time_ms;
        acts->last_ms = acts->items[acts->n - 1].time_ms;
    }
    TRY(order_by_object(acts));
    TRY(order_by_account(acts));
fail:
    return st;
}
