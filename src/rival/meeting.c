#include "rival/meeting.h"

#include "base/mix.h"
#include "sketch/minhash.h"

#include <stdlib.h>

enum {
    KEYS_EACH = PARTY_SKELETONS + WINDOW + MEETING_BANDS,
    DIGIT_BITS = 11,
    DIGITS = 3,
    SHIFT = 64 - DIGITS * DIGIT_BITS,
};

enum key_kind { KEY_OF_SKELETON, KEY_OF_REQUEST, KEY_OF_VOCABULARY };
static const uint32_t weights[] = { [KEY_OF_SKELETON] = 1, [KEY_OF_REQUEST] = 2, [KEY_OF_VOCABULARY] = 1 };

/* What is sorted: by the top bits of `key`, stable. */
struct item {
    uint64_t key;
    uint32_t party, weight;
};

struct items {
    struct item *all, *spare;
    size_t n;
};

static enum status items_init(struct items *items, size_t most)
{
    enum status st = STATUS_OK;
    *items = (struct items){ .all = calloc(most + 1, sizeof *items->all) };
    REQUIRE(items->all, STATUS_NOMEM);
    items->spare = calloc(most + 1, sizeof *items->spare);
    REQUIRE(items->spare, STATUS_NOMEM);
fail:
    return st;
}

static void items_fini(struct items *items)
{
    free(items->all);
    free(items->spare);
}

/* Least significant digit first, over the topmost 33 bits. Keys equal there are taken for equal. */
static void items_sort(struct items *items)
{
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        unsigned shift = SHIFT + digit * DIGIT_BITS;
        size_t starts[(1 << DIGIT_BITS) + 1] = { 0 };
        for (size_t i = 0; i < items->n; i++)
            starts[(items->all[i].key >> shift & ((1 << DIGIT_BITS) - 1)) + 1]++;
        for (size_t i = 1; i <= 1 << DIGIT_BITS; i++)
            starts[i] += starts[i - 1];
        for (size_t i = 0; i < items->n; i++)
            items->spare[starts[items->all[i].key >> shift & ((1 << DIGIT_BITS) - 1)]++] = items->all[i];
        struct item *sorted = items->spare;
        items->spare = items->all;
        items->all = sorted;
    }
}

static void add_key(struct items *items, enum key_kind kind, uint64_t value, uint32_t party)
{
    uint64_t key =
        mix_fold(value ^ UINT64_C(0x9e3779b97f4a7c15), (kind + UINT64_C(1)) * UINT64_C(0xd6e8feb86659fd93));
    items->all[items->n++] = (struct item){ key, party, weights[kind] };
}

static void add_keys(struct items *items, const struct party *party, uint32_t number)
{
    uint64_t words[PARTY_WORDS];
    uint16_t slots[MINHASH_SLOTS];
    for (size_t i = 0; i < party->n_skeletons; i++)
        add_key(items, KEY_OF_SKELETON, party->skeletons[i], number);
    for (size_t i = 0; i < party->n; i++) {
        const uint32_t *least = party->said[i].words;
        uint64_t second = party->said[i].n_different > 1 ? least[1] : 0;
        if (party->said[i].n_different > 0)
            add_key(items, KEY_OF_REQUEST, (uint64_t)least[0] << 32 | second, number);
    }
    if (party->n_words == 0)
        return;
    for (size_t i = 0; i < party->n_words; i++)
        words[i] = mix_fold(party->words[i] ^ UINT64_C(0xa0761d6478bd642f), UINT64_C(0xe7037ed1a0b428db));
    minhash_of(words, party->n_words, slots);
    for (unsigned i = 0; i < MEETING_BANDS; i++)
        add_key(items, KEY_OF_VOCABULARY, (uint64_t)i << 32 | (uint32_t)slots[2 * i] << 16 | slots[2 * i + 1],
            number);
}

static bool same_key(const struct item *a, const struct item *b)
{
    return a->key >> SHIFT == b->key >> SHIFT;
}

static void add_meeting(struct items *meetings, uint32_t a, uint32_t b, uint32_t weight)
{
    meetings->all[meetings->n++] = (struct item){ ((uint64_t)a << 16 | b) << 32, 0, weight };
}

/* Those under one key, of which a party may be there more than once, then beside itself. */
static void meet_under(const struct item *keys, size_t n, const bool *fresh, struct items *meetings)
{
    size_t most = n > MEETING_POPULAR ? 1 : MEETING_NEXT;
    for (size_t i = 0; i < n; i++) {
        uint32_t a = keys[i].party, last = a;
        size_t met = 0;
        if (i > 0 && keys[i - 1].party == a)
            continue;
        for (size_t j = i + 1; j < n && met < most; j++) {
            uint32_t b = keys[j].party;
            if (b == last)
                continue;
            last = b;
            met++;
            if (fresh[a] || fresh[b])
                add_meeting(meetings, a, b, keys[i].weight);
        }
    }
}

/* Meetings are items whose key is the pair, in its top bits. */
static void meet(const struct items *keys, const bool *fresh, struct items *meetings)
{
    for (size_t from = 0, to = 0; from < keys->n; from = to) {
        while (to < keys->n && same_key(&keys->all[from], &keys->all[to]))
            to++;
        meet_under(keys->all + from, to - from, fresh, meetings);
    }
}

static size_t weigh_meetings(const struct items *sorted, struct meeting *ret_meetings)
{
    size_t n = 0;
    for (size_t from = 0, to = 0; from < sorted->n; from = to) {
        uint32_t pair = (uint32_t)(sorted->all[from].key >> 32), weight = 0;
        while (to < sorted->n && sorted->all[to].key == sorted->all[from].key)
            weight += sorted->all[to++].weight;
        if (weight >= MEETING_LEAST)
            ret_meetings[n++] = (struct meeting){ pair >> 16, pair & 0xffff };
    }
    return n;
}

enum status meeting_find(const struct party *parties, const bool *fresh, const uint32_t *numbers, size_t n,
    struct meeting **ret_meetings, size_t *ret_n)
{
    enum status st = STATUS_OK;
    struct items keys = { 0 }, meetings = { 0 };
    TRY(items_init(&keys, n * KEYS_EACH));
    for (size_t i = 0; i < n; i++)
        add_keys(&keys, &parties[numbers[i]], numbers[i]);
    items_sort(&keys);
    TRY(items_init(&meetings, keys.n * MEETING_NEXT));
    meet(&keys, fresh, &meetings);
    items_sort(&meetings);
    struct meeting *found = calloc(meetings.n + 1, sizeof *found);
    REQUIRE(found, STATUS_NOMEM);
    *ret_n = weigh_meetings(&meetings, found);
    *ret_meetings = found;
fail:
    items_fini(&keys);
    items_fini(&meetings);
    return st;
}
