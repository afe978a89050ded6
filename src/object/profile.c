#include "object/table.h"

#include <stdlib.h>

static void profile_single(
    const struct object_table *table, struct index_entry single, struct object_profile *profile)
{
    const struct holder *holder = holders_at(&table->holders, index_holder(single));
    uint8_t adopter = holder ? holder->adopter : 0;
    profile->kind = index_kind(single);
    profile->accounts = profile->payers = 1;
    profile->slots = object_kind_info[profile->kind].family == FAMILY_CONTENT;
    profile->sightings = index_sightings(single);
    profile->established = !!(adopter & ADOPTER_ESTABLISHED);
    profile->verified = !!(adopter & ADOPTER_VERIFIED);
    profile->education = !!(adopter & ADOPTER_EDUCATION);
    profile->reseller = !!(adopter & ADOPTER_RESELLER);
    profile->first_ms = -1;
    profile->last_ms = holder ? (int64_t)holder->seen_s * 1000 : -1;
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

/* The object's entry; set NULL where there is none. */
static struct index_entry entry_of(const struct object_table *table, uint64_t object)
{
    return object ? index_find(&table->index, index_key(&table->index, object))
                  : (struct index_entry){ NULL, 0 };
}

/* NULL for a single. */
static const struct shared *shared_of(const struct object_table *table, struct index_entry entry)
{
    return entry.set && index_is_shared(entry) ? shared_at(&table->shared, index_place(entry)) : NULL;
}

enum status object_profile(
    const struct object_table *table, uint64_t object, struct object_profile *ret_profile)
{
    struct object_profile profile = { .object = object };
    struct index_entry entry = entry_of(table, object);
    const struct shared *shared = shared_of(table, entry);
    if (!entry.set)
        return STATUS_NOT_FOUND;
    if (shared)
        profile_shared(table, shared, &profile);
    else
        profile_single(table, entry, &profile);
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
    struct index_entry entry = entry_of(table, object);
    const struct shared *shared = shared_of(table, entry);
    if (!entry.set)
        return STATUS_NOT_FOUND;
    size_t n = 0;
    if (!shared) {
        const struct holder *holder = holders_at(&table->holders, index_holder(entry));
        if (holder)
            keep(accounts, n++, max, holder->account);
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
        .singles = table->index.ways.n - table->shared.n,
        .shared = table->shared.n,
        .issued = table->issued.ways.n,
        .publics = table->shared.publics,
        .holders = table->holders.n_used,
        .singles_evicted = table->index.evicted,
        .shared_evicted = table->shared.evicted,
        .issued_evicted = table->issued.evicted,
        .holders_evicted = table->holders.evicted,
        .unlisted = table->shared.unlisted,
        .state_bytes = sizeof *table + holders_bytes(&table->holders) + table->index.ways.lines.bytes +
                       shared_table_bytes(&table->shared),
        .issued_bytes =
            table->issued.ways.lines.bytes + refused_bytes(&table->refused) + table->told.ways.lines.bytes,
    };
}
