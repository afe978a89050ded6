#include "object/table.h"

#include <stdlib.h>

static void profile_single(
    const struct object_table *table, const struct single *single, struct object_profile *profile)
{
    uint64_t account;
    const struct holder *holder = holders_at(&table->holders, single->holder, &account);
    uint8_t adopter = holder ? holder->adopter : 0;
    profile->kind = single->kind;
    profile->accounts = profile->payers = 1;
    profile->slots = single->slot != 0;
    profile->sightings = single->sightings;
    profile->follow_ups = single->follow_ups;
    profile->established = !!(adopter & ADOPTER_ESTABLISHED);
    profile->verified = !!(adopter & ADOPTER_VERIFIED);
    profile->education = !!(adopter & ADOPTER_EDUCATION);
    profile->reseller = !!(adopter & ADOPTER_RESELLER);
    profile->last_ms = (int64_t)single->last_s * 1000;
    profile->first_ms = profile->last_ms - (int64_t)single->span_h * 3600 * 1000;
}

static void profile_shared(
    const struct object_table *table, const struct shared *shared, struct object_profile *profile)
{
    const struct adopters *adopters = &shared->adopters;
    double n = adopters->accounts;
    profile->kind = shared->kind;
    profile->shared = true;
    profile->is_public = shared->is_public;
    profile->accounts = shared_accounts(&table->shared, shared);
    profile->payers = shared_payers(&table->shared, shared);
    profile->slots = shared_slots(&table->shared, shared);
    profile->sightings = shared->sightings;
    profile->follow_ups = shared->follow_ups;
    profile->first_ms = shared->first_ms;
    profile->last_ms = shared->last_ms;
    profile->countries = adopters_entropy(adopters);
    if (n > 0) {
        profile->established = adopters->established / n;
        profile->verified = adopters->verified / n;
        profile->education = adopters->education / n;
        profile->reseller = adopters->reseller / n;
    }
}

enum status object_profile(
    const struct object_table *table, uint64_t object, struct object_profile *ret_profile)
{
    struct object_profile profile = { .object = object };
    const struct shared *shared = object ? shared_find(&table->shared, object) : NULL;
    const struct single *single = object && !shared ? singles_find(&table->singles, object) : NULL;
    if (shared)
        profile_shared(table, shared, &profile);
    else if (single)
        profile_single(table, single, &profile);
    else
        return STATUS_NOT_FOUND;
    *ret_profile = profile;
    return STATUS_OK;
}

/* Sifts accounts[i] down a max-heap of n. */
static void sift(uint64_t *accounts, size_t i, size_t n)
{
    uint64_t account = accounts[i];
    for (size_t child = 2 * i + 1; child < n; child = 2 * i + 1) {
        if (child + 1 < n && accounts[child + 1] > accounts[child])
            child++;
        if (accounts[child] <= account)
            break;
        accounts[i] = accounts[child];
        i = child;
    }
    accounts[i] = account;
}

static void heap_sort(uint64_t *accounts, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sift(accounts, i, n);
    for (size_t left = n; left-- > 1;) {
        uint64_t largest = accounts[0];
        accounts[0] = accounts[left];
        accounts[left] = largest;
        sift(accounts, 0, left);
    }
}

/* Keeps the max smallest in a max-heap. */
static void keep(uint64_t *accounts, size_t n_kept, size_t max, uint64_t account)
{
    if (n_kept < max) {
        accounts[n_kept] = account;
        if (n_kept + 1 == max)
            for (size_t i = max / 2; i-- > 0;)
                sift(accounts, i, max);
    } else if (max && account < accounts[0]) {
        accounts[0] = account;
        sift(accounts, 0, max);
    }
}

enum status object_members(
    const struct object_table *table, uint64_t object, uint64_t *accounts, size_t max, size_t *ret_n)
{
    const struct shared *shared = object ? shared_find(&table->shared, object) : NULL;
    const struct single *single = object && !shared ? singles_find(&table->singles, object) : NULL;
    if (!shared && !single)
        return STATUS_NOT_FOUND;
    size_t n = 0;
    if (single) {
        uint64_t account;
        if (holders_at(&table->holders, single->holder, &account))
            keep(accounts, n++, max, account);
    } else {
        const uint64_t *listed;
        const uint32_t *payers;
        uint32_t n_slots = members_slots(&shared->members, &table->shared.pool, &listed, &payers);
        for (uint32_t i = 0; i < n_slots; i++)
            if (listed[i])
                keep(accounts, n++, max, listed[i]);
    }
    heap_sort(accounts, n < max ? n : max);
    *ret_n = n;
    return STATUS_OK;
}

void object_stats(const struct object_table *table, struct object_stats *ret_stats)
{
    *ret_stats = (struct object_stats){
        .singles = table->singles.n,
        .shared = table->shared.n,
        .issued = table->issued.n,
        .publics = table->shared.publics,
        .holders = table->holders.n,
        .singles_evicted = table->singles.evicted,
        .shared_evicted = table->shared.evicted,
        .issued_evicted = table->issued.evicted,
        .holders_evicted = table->holders.evicted,
        .unlisted = table->shared.unlisted,
        .state_bytes = sizeof *table + table->holders.lines.bytes + table->singles.lines.bytes +
                       shared_table_bytes(&table->shared),
        .issued_bytes = table->issued.lines.bytes + table->refused.lines.bytes + table->told.lines.bytes,
    };
}
