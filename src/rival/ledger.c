#include "rival/ledger.h"

#include "base/mix.h"

#include <stdlib.h>

void ledger_init(struct ledger *ledger, size_t accounts_max)
{
    *ledger = (struct ledger){ 0 };
    ids_init(&ledger->accounts, accounts_max);
}

void ledger_fini(struct ledger *ledger)
{
    ids_fini(&ledger->accounts);
    free(ledger->group_of);
    free(ledger->groups);
    *ledger = (struct ledger){ 0 };
}

bool ledger_knows(const struct ledger *ledger, uint64_t account)
{
    return map_find(&ledger->accounts.index, account) != MAP_NONE;
}

static int by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* MAP_NONE: none of the accounts was ever reported. */
static uint32_t most_shared(struct ledger *ledger, const uint64_t *accounts, size_t n)
{
    uint32_t best = MAP_NONE;
    for (size_t i = 0; i < n; i++) {
        uint32_t account = map_find(&ledger->accounts.index, accounts[i]);
        if (account != MAP_NONE)
            ledger->groups[ledger->group_of[account]].votes++;
    }
    for (uint32_t g = 0; g < ledger->n_groups; g++)
        if (ledger->groups[g].votes > (best == MAP_NONE ? 0 : ledger->groups[best].votes))
            best = g;
    for (uint32_t g = 0; g < ledger->n_groups; g++)
        ledger->groups[g].votes = 0;
    return best;
}

static bool id_is_taken(const struct ledger *ledger, uint64_t id)
{
    for (size_t i = 0; i < ledger->n_groups; i++)
        if (ledger->groups[i].id == id)
            return true;
    return false;
}

static enum status add_group(
    struct ledger *ledger, uint64_t least_account, int64_t now_ms, uint32_t *ret_group)
{
    enum status st = STATUS_OK;
    uint64_t id = mix_fold(
        least_account ^ UINT64_C(0x9e3779b97f4a7c15), (uint64_t)now_ms ^ UINT64_C(0xbf58476d1ce4e5b9));
    while (id == 0 || id_is_taken(ledger, id))
        id++;
    TRY(ids_widen(
        (void **)&ledger->groups, &ledger->groups_capacity, ledger->n_groups + 1, sizeof *ledger->groups));
    ledger->groups[ledger->n_groups] = (struct ledger_group){ .id = id, .first_ms = now_ms };
    *ret_group = (uint32_t)ledger->n_groups++;
fail:
    return st;
}

enum status ledger_report(struct ledger *ledger, uint64_t *accounts, size_t n, int64_t now_ms,
    enum action action, const struct detector_sink *sink)
{
    enum status st = STATUS_OK;
    qsort(accounts, n, sizeof *accounts, by_hash);
    uint32_t group = most_shared(ledger, accounts, n);
    if (group == MAP_NONE)
        TRY(add_group(ledger, accounts[0], now_ms, &group));
    for (size_t i = 0; i < n; i++) {
        bool known = ledger_knows(ledger, accounts[i]);
        uint32_t account;
        TRY(ids_add(&ledger->accounts, accounts[i], &account));
        if (account == MAP_NONE)
            continue;
        TRY(ids_widen((void **)&ledger->group_of, &ledger->group_of_capacity, account + (size_t)1,
            sizeof *ledger->group_of));
        ledger->group_of[account] = group;
        if (known)
            continue;
        TRY(sink->detection(sink->context, &(struct detection){ .time_ms = now_ms,
                                               .account = accounts[i],
                                               .group = ledger->groups[group].id,
                                               .action = action }));
    }
fail:
    return st;
}

static int by_group(const void *a, const void *b)
{
    const struct detector_group *x = a;
    const struct detector_group *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return (x->account > y->account) - (x->account < y->account);
}

enum status ledger_groups(const struct ledger *ledger, void *context, detector_group_each each)
{
    enum status st = STATUS_OK;
    size_t n = ledger->accounts.n;
    struct detector_group *all = calloc(n + 1, sizeof *all);
    REQUIRE(all, STATUS_NOMEM);
    for (size_t i = 0; i < n; i++) {
        const struct ledger_group *group = &ledger->groups[ledger->group_of[i]];
        all[i] = (struct detector_group){ ledger->accounts.hashes[i], group->id, group->first_ms };
    }
    qsort(all, n, sizeof *all, by_group);
    for (size_t i = 0; i < n; i++)
        TRY(each(context, &all[i]));
fail:
    free(all);
    return st;
}

size_t ledger_bytes(const struct ledger *ledger)
{
    return ids_bytes(&ledger->accounts) + ledger->group_of_capacity * sizeof *ledger->group_of +
           ledger->groups_capacity * sizeof *ledger->groups;
}
