#include "rival/pairing.h"

#include "base/mix.h"
#include "rival/ids.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

struct entry {
    uint64_t key;
    uint32_t profile;
};

/* How many profiles have each hash. */
struct holders {
    struct ids hashes;
    uint32_t *counts;
    size_t capacity;
};

struct index {
    struct holders addresses, openings;
    struct entry *entries;
    size_t n, capacity;
};

/* Jaccard similarity of two ascending sets. */
static double jaccard(const uint64_t *a, size_t n_a, const uint64_t *b, size_t n_b)
{
    size_t i = 0, j = 0, common = 0;
    while (i < n_a && j < n_b) {
        common += a[i] == b[j];
        bool left = a[i] <= b[j], right = b[j] <= a[i];
        i += left;
        j += right;
    }
    size_t all = n_a + n_b - common;
    return all ? (double)common / (double)all : 0;
}

double profile_similarity(const struct profile *a, const struct profile *b)
{
    return 0.5 * jaccard(a->addresses, a->n_addresses, b->addresses, b->n_addresses) +
           0.5 * jaccard(a->openings, a->n_openings, b->openings, b->n_openings);
}

static enum status count_holders(struct holders *holders, const uint64_t *hashes, size_t n)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < n; i++) {
        uint32_t number;
        TRY(ids_add(&holders->hashes, hashes[i], &number));
        TRY(ids_widen(
            (void **)&holders->counts, &holders->capacity, number + (size_t)1, sizeof *holders->counts));
        holders->counts[number]++;
    }
fail:
    return st;
}

struct ranked {
    uint64_t hash;
    uint32_t count;
};

/* The rarest first. */
static int by_rarity(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;
    if (x->count != y->count)
        return x->count < y->count ? -1 : 1;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

/* Of the prefix that must meet any set with Jaccard above `least`, the hashes that somebody else has too. */
static size_t prefix_of(const struct holders *holders, const uint64_t *hashes, size_t n, double least,
    uint64_t ret_hashes[static PAIRING_SET_MOST])
{
    struct ranked ranked[PAIRING_SET_MOST];
    size_t length = n - (size_t)floor(fmax(least * (double)n - 1e-9, 0)), kept = 0;
    for (size_t i = 0; i < n; i++) {
        ranked[i].hash = hashes[i];
        ranked[i].count = holders->counts[map_find(&holders->hashes.index, hashes[i])];
    }
    qsort(ranked, n, sizeof *ranked, by_rarity);
    for (size_t i = 0; i < length; i++)
        if (ranked[i].count > 1)
            ret_hashes[kept++] = ranked[i].hash;
    return kept;
}

static enum status add_profile(
    struct index *index, const struct profile *profile, uint32_t number, double least)
{
    enum status st = STATUS_OK;
    uint64_t addresses[PAIRING_SET_MOST], openings[PAIRING_SET_MOST];
    size_t n_addresses =
        prefix_of(&index->addresses, profile->addresses, profile->n_addresses, least, addresses);
    if (n_addresses == 0)
        return STATUS_OK;
    size_t n_openings = prefix_of(&index->openings, profile->openings, profile->n_openings, least, openings);
    TRY(ids_widen((void **)&index->entries, &index->capacity, index->n + n_addresses * n_openings,
        sizeof *index->entries));
    for (size_t i = 0; i < n_addresses; i++)
        for (size_t j = 0; j < n_openings; j++)
            index->entries[index->n++] =
                (struct entry){ mix_fold(addresses[i] ^ UINT64_C(0x9e3779b97f4a7c15), openings[j]), number };
fail:
    return st;
}

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->profile > y->profile) - (x->profile < y->profile);
}

/* Those that meet under one key. */
static void join_met(
    const struct entry *met, size_t n, const struct profile *profiles, double threshold, struct sets *sets)
{
    for (size_t j = 1; j < n; j++)
        for (size_t i = 0; i < j && i < PAIRING_MOST; i++) {
            uint32_t a = met[i].profile, b = met[j].profile;
            if (sets_find(sets, a) != sets_find(sets, b) &&
                profile_similarity(&profiles[a], &profiles[b]) > threshold)
                sets_join(sets, a, b);
        }
}

enum status pairing_join(const struct profile *profiles, size_t n, double threshold, struct sets *sets)
{
    enum status st = STATUS_OK;
    struct index index = { 0 };
    ids_init(&index.addresses.hashes, SIZE_MAX / 4);
    ids_init(&index.openings.hashes, SIZE_MAX / 4);
    for (size_t i = 0; i < n; i++) {
        TRY(count_holders(&index.addresses, profiles[i].addresses, profiles[i].n_addresses));
        TRY(count_holders(&index.openings, profiles[i].openings, profiles[i].n_openings));
    }
    for (size_t i = 0; i < n; i++)
        TRY(add_profile(&index, &profiles[i], (uint32_t)i, 2 * threshold - 1));
    if (index.n > 0)
        qsort(index.entries, index.n, sizeof *index.entries, by_key);
    for (size_t from = 0, to = 0; from < index.n; from = to) {
        while (to < index.n && index.entries[to].key == index.entries[from].key)
            to++;
        join_met(index.entries + from, to - from, profiles, threshold, sets);
    }
fail:
    ids_fini(&index.addresses.hashes);
    ids_fini(&index.openings.hashes);
    free(index.addresses.counts);
    free(index.openings.counts);
    free(index.entries);
    return st;
}
