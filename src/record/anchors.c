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

#define INLINED __attribute__((always_inline)) static inline

/* The first in the high half. */
INLINED uint64_t two(const uint32_t *words)
{
    uint64_t both;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
        return (uint64_t)words[0] << 32 | words[1];
    memcpy(&both, words, sizeof both);
    return both << 32 | both >> 32;
}

INLINED uint64_t gram(const uint64_t mix[4], uint64_t first, uint64_t second, uint32_t last)
{
    uint64_t h = mix_fold(first ^ mix[0], second ^ mix[1]);
    return mix_fold(h ^ mix[2], last ^ mix[3]);
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
        hashes[i] = gram(key->mix, two(words + i), two(words + i + 2), words[i + 4]);
    keep_all_least(hashes, winnow(hashes, n_grams), least, n);
}

/* Grams below a bound that some tens of them are below: whatever is less than one of these is among them. */
enum { LOW_MAX = 64, LOW_STEP = 16, LOW_NEAR = 2, LOW_AROUND = 4, LOW_LANES = 4 };

typedef int64_t lanes __attribute__((vector_size(8 * LOW_LANES)));

/* Entries that are no grams stand around: too far from any to matter, and not less. Bounds are below INT64_MAX. */
struct low {
    int64_t hash[LOW_AROUND + LOW_MAX + LOW_AROUND];
    uint32_t at[LOW_AROUND + LOW_MAX + LOW_AROUND];
    uint8_t order[LOW_MAX]; /* ascending by hash; counts from LOW_AROUND as the others do */
    size_t n;
};

/* False if there are too many. */
INLINED bool find_low(
    const struct anchor_key *key, const uint32_t *words, size_t n_grams, int64_t bound, struct low *low)
{
    const uint64_t mix[4] = { key->mix[0], key->mix[1], key->mix[2], key->mix[3] };
    uint64_t first = two(words), second = two(words + 1);
    size_t n = LOW_AROUND, i = 0;
    while (i < n_grams && n < LOW_AROUND + LOW_MAX - LOW_STEP) {
        size_t end = n_grams - i < LOW_STEP ? n_grams : i + LOW_STEP;
        for (; i < end; i++) {
            uint64_t third = two(words + i + 2), hash = gram(mix, first, third, words[i + 4]);
            low->hash[n] = (int64_t)hash;
            low->at[n] = (uint32_t)i;
            n += hash < (uint64_t)bound;
            first = second;
            second = third;
        }
    }
    low->n = n - LOW_AROUND;
    for (size_t around = 0; around < LOW_AROUND; around++) {
        low->hash[around] = low->hash[n + around] = INT64_MAX;
        low->at[around] = low->at[n + around] = UINT32_MAX / 2;
    }
    return i == n_grams;
}

/* Ranks each by how many it exceeds, of equal ones those before it. */
static void sort_equal_low(struct low *low)
{
    const int64_t *hash = low->hash;
    for (size_t i = LOW_AROUND; i < LOW_AROUND + low->n; i++) {
        size_t rank = 0;
        for (size_t j = LOW_AROUND; j < LOW_AROUND + low->n; j++)
            rank += hash[j] < hash[i] || (hash[j] == hash[i] && j < i);
        low->order[rank] = (uint8_t)i;
    }
}

/* The same where none are equal: for some tens in no order that is quicker than what branches on comparisons. */
INLINED void sort_low(struct low *low)
{
    size_t sum = 0;
    for (size_t i = LOW_AROUND; i < LOW_AROUND + low->n; i++) {
        const int64_t hash = low->hash[i];
        lanes less = { 0 }, some;
        for (size_t j = LOW_AROUND; j < LOW_AROUND + low->n; j += LOW_LANES) {
            memcpy(&some, low->hash + j, sizeof some);
            less -= some < hash;
        }
        size_t rank = (size_t)(less[0] + less[1] + less[2] + less[3]);
        low->order[rank] = (uint8_t)i;
        sum += rank;
    }
    if (2 * sum + low->n != low->n * low->n)
        sort_equal_low(low);
}

INLINED bool sorted_low_by(
    const struct anchor_key *key, const uint32_t *words, size_t n_grams, int64_t bound, struct low *ret_low)
{
    if (!find_low(key, words, n_grams, bound, ret_low))
        return false;
    sort_low(ret_low);
    return true;
}

static bool sorted_low_any(
    const struct anchor_key *key, const uint32_t *words, size_t n_grams, int64_t bound, struct low *ret_low)
{
    return sorted_low_by(key, words, n_grams, bound, ret_low);
}

#ifdef __x86_64__
__attribute__((target("avx2,bmi2"))) static bool sorted_low_avx2(
    const struct anchor_key *key, const uint32_t *words, size_t n_grams, int64_t bound, struct low *ret_low)
{
    return sorted_low_by(key, words, n_grams, bound, ret_low);
}
#endif

static bool sorted_low(
    const struct anchor_key *key, const uint32_t *words, size_t n_grams, int64_t bound, struct low *ret_low)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
        return sorted_low_avx2(key, words, n_grams, bound, ret_low);
#endif
    return sorted_low_any(key, words, n_grams, bound, ret_low);
}

static inline uint32_t least_of(size_t a, size_t b)
{
    return (uint32_t)(a < b ? a : b);
}

/* The distance of two low grams if the second has the lesser hash and it is less than what is known. */
static inline uint32_t nearer(
    const struct low *low, size_t i, size_t other, uint32_t distance, uint32_t known)
{
    return low->hash[other] < low->hash[i] && distance < known ? distance : known;
}

/*
 * True if some window of neighbours holds nothing less than the i-th entry. Few grams have more than LOW_NEAR others
 * within a window on one side; what stands around is too far, so that the search ends there.
 */
static bool is_chosen(const struct low *low, size_t i, size_t n_grams)
{
    uint32_t at = low->at[i], left = least_of(at + 1, WINNOW_WINDOW),
             right = least_of(n_grams - at, WINNOW_WINDOW);
    for (size_t near = 1; near <= LOW_NEAR; near++) {
        left = nearer(low, i, i - near, at - low->at[i - near], left);
        right = nearer(low, i, i + near, low->at[i + near] - at, right);
    }
    for (size_t far = LOW_NEAR + 1; at - low->at[i - far] < left; far++)
        left = nearer(low, i, i - far, at - low->at[i - far], left);
    for (size_t far = LOW_NEAR + 1; low->at[i + far] - at < right; far++)
        right = nearer(low, i, i + far, low->at[i + far] - at, right);
    return left + right > WINNOW_WINDOW;
}

/* So many more than wanted are below the bound in the mean: few texts have too few. */
enum { LOW_SPARE = 7 };

/* False if there are too few or too many low grams to tell. */
static bool winnow_low(
    const struct anchor_key *key, const uint32_t *words, size_t n_grams, uint64_t *ret_least, size_t n)
{
    struct low low;
    const size_t wanted = n + LOW_SPARE;
    size_t found = 0;
    uint64_t last = 0; /* no hash */
    if (n_grams == 0 || n_grams < 2 * wanted)
        return false;
    if (!sorted_low(key, words, n_grams, (int64_t)(UINT64_MAX / n_grams * wanted), &low))
        return false;
    for (size_t i = 0; i < low.n && found < n; i++) {
        uint64_t hash = (uint64_t)low.hash[low.order[i]];
        hash |= hash == 0;
        if (hash != last && is_chosen(&low, low.order[i], n_grams))
            ret_least[found++] = last = hash;
    }
    return found == n;
}

void anchors_of(const struct anchor_key *key, const uint32_t *words, size_t n_words, uint64_t *hashes,
    uint64_t *ret_least, size_t n)
{
    size_t n_grams = n_words < ANCHOR_GRAM ? 0 : n_words - ANCHOR_GRAM + 1;
    if (winnow_low(key, words, n_grams, ret_least, n))
        return;
    memset(ret_least, 0xff, n * sizeof *ret_least);
    winnow_all(key, words, n_grams, hashes, ret_least, n);
    for (size_t i = 0; i < n; i++)
        ret_least[i] = ret_least[i] == UINT64_MAX ? 0 : ret_least[i];
}
