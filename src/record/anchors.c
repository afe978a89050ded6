#include "record/anchors.h"

#include "base/mix.h"
#include "record/digest.h"
#include "sketch/winnow.h"

#include <stdbool.h>
#include <string.h>

void anchor_key_init(struct anchor_key *anchor_key, const struct key *key)
{
    anchor_key->key = *key;
    for (uint64_t i = 0; i < 4; i++)
        anchor_key->mix[i] = key_hash_u64(key, KEY_ANCHOR, UINT64_C(0x77696e6e6f770000) + i) | 1;
}

uint64_t anchor_turn(const struct anchor_key *key, const uint32_t *words, size_t n)
{
    return n < ANCHOR_TURN_MIN ? 0 : digest(&key->key, KEY_ANCHOR, words, n * sizeof *words);
}

__attribute__((always_inline)) static inline uint64_t gram(const uint64_t mix[4], const uint32_t *words)
{
    uint64_t first = (uint64_t)words[0] << 32 | words[1], second = (uint64_t)words[2] << 32 | words[3];
    uint64_t h = mix_fold(first ^ mix[0], second ^ mix[1]);
    return mix_fold(h ^ mix[2], words[4] ^ mix[3]);
}

static void keep_least(uint64_t value, uint64_t *least, size_t n)
{
    size_t i = n;
    while (i > 0 && value <= least[i - 1])
        i--;
    if (i == n || value == least[i])
        return;
    memmove(least + i + 1, least + i, (n - i - 1) * sizeof *least);
    least[i] = value;
}

static void keep_all_least(uint64_t *hashes, size_t n_hashes, uint64_t *least, size_t n)
{
    for (size_t i = 0; i < n_hashes; i++)
        if (hashes[i] < least[n - 1])
            keep_least(hashes[i] | (hashes[i] == 0), least, n);
}

static void winnow_all(const struct anchor_key *key, const uint32_t *words, size_t n_grams, uint64_t *hashes,
    uint64_t *least, size_t n)
{
    for (size_t i = 0; i < n_grams; i++)
        hashes[i] = gram(key->mix, words + i);
    keep_all_least(hashes, winnow(hashes, n_grams), least, n);
}

/* Grams below a bound that some tens of them are below: whatever is less than one of these is among them. */
enum { LOW_MAX = 64 };

struct low {
    uint64_t hash[LOW_MAX];
    size_t at[LOW_MAX];
    size_t n;
};

__attribute__((always_inline)) static inline void find_low_by(
    const struct anchor_key *key, const uint32_t *words, size_t n_grams, size_t wanted, struct low *ret_low)
{
    const uint64_t bound = n_grams ? UINT64_MAX / n_grams * wanted : 0,
                   mix[4] = { key->mix[0], key->mix[1], key->mix[2], key->mix[3] };
    size_t n = 0;
    for (size_t i = 0; i < n_grams; i++) {
        uint64_t hash = gram(mix, words + i);
        ret_low->hash[n] = hash;
        ret_low->at[n] = i;
        n += hash < bound && n < LOW_MAX - 1;
    }
    ret_low->n = n;
}

static void find_low_any(
    const struct anchor_key *key, const uint32_t *words, size_t n_grams, size_t wanted, struct low *ret_low)
{
    find_low_by(key, words, n_grams, wanted, ret_low);
}

#ifdef __x86_64__
/* The same, compiled for multiplications that leave the flags alone. */
__attribute__((target("bmi2"))) static void find_low_bmi2(
    const struct anchor_key *key, const uint32_t *words, size_t n_grams, size_t wanted, struct low *ret_low)
{
    find_low_by(key, words, n_grams, wanted, ret_low);
}
#endif

static void find_low(
    const struct anchor_key *key, const uint32_t *words, size_t n_grams, size_t wanted, struct low *ret_low)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("bmi2")) {
        find_low_bmi2(key, words, n_grams, wanted, ret_low);
        return;
    }
#endif
    find_low_any(key, words, n_grams, wanted, ret_low);
}

/* True if some window of neighbours holds nothing less than the i-th low gram. */
static bool is_chosen(const struct low *low, size_t i, size_t n_grams)
{
    size_t at = low->at[i], left = at + 1, right = n_grams - at;
    left = left < WINNOW_WINDOW ? left : WINNOW_WINDOW; /* more is as good */
    right = right < WINNOW_WINDOW ? right : WINNOW_WINDOW;
    for (size_t j = i; j-- > 0 && at - low->at[j] < left;)
        if (low->hash[j] < low->hash[i])
            left = at - low->at[j];
    for (size_t j = i + 1; j < low->n && low->at[j] - at < right; j++)
        if (low->hash[j] < low->hash[i])
            right = low->at[j] - at;
    return left + right > WINNOW_WINDOW;
}

/* False if there are too few or too many low grams to tell. */
static bool winnow_low(
    const struct anchor_key *key, const uint32_t *words, size_t n_grams, uint64_t *least, size_t n)
{
    struct low low;
    const size_t wanted = 2 * n + 4;
    if (n_grams < 2 * wanted)
        return false;
    find_low(key, words, n_grams, wanted, &low);
    if (low.n == LOW_MAX - 1)
        return false;
    for (size_t i = 0; i < low.n; i++)
        if (low.hash[i] < least[n - 1] && is_chosen(&low, i, n_grams))
            keep_least(low.hash[i] | (low.hash[i] == 0), least, n);
    return least[n - 1] != UINT64_MAX;
}

void anchors_of(const struct anchor_key *key, const uint32_t *words, size_t n_words, uint64_t *hashes,
    uint64_t *ret_least, size_t n)
{
    size_t n_grams = n_words < ANCHOR_GRAM ? 0 : n_words - ANCHOR_GRAM + 1;
    memset(ret_least, 0xff, n * sizeof *ret_least);
    if (!winnow_low(key, words, n_grams, ret_least, n)) {
        memset(ret_least, 0xff, n * sizeof *ret_least);
        winnow_all(key, words, n_grams, hashes, ret_least, n);
    }
    for (size_t i = 0; i < n; i++)
        ret_least[i] = ret_least[i] == UINT64_MAX ? 0 : ret_least[i];
}
