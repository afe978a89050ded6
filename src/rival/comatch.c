#include "rival/comatch.h"

#include <stdlib.h>
#include <string.h>

enum { BIN_MS = 1800000, BINS = 48 };

void comatch_init(struct comatch *c, const struct comatch_config *config)
{
    *c = (struct comatch){ .config = *config };
    edges_init(&c->today, config->edges_max);
    map_init(&c->matched, config->pairs_max);
}

void comatch_fini(struct comatch *c)
{
    edges_fini(&c->today);
    map_fini(&c->matched);
    for (size_t i = 0; i < COMATCH_DAYS; i++)
        free(c->days[i].pairs);
    free(c->actions);
    *c = (struct comatch){ 0 };
}

enum status comatch_act(struct comatch *c, uint64_t object, uint32_t account, int64_t time_ms)
{
    enum status st = STATUS_OK;
    struct edge *edge;
    TRY(edges_add(&c->today, object, account, &edge));
    if (edge)
        edge->value |= UINT64_C(1) << (time_ms / BIN_MS % BINS);
fail:
    return st;
}

/* Taking the earliest of both that match is best: whatever else either could match with comes later for the other. */
unsigned comatch_matches(uint64_t a, uint64_t b)
{
    unsigned n = 0;
    while (a && b) {
        int i = __builtin_ctzll(a);
        int j = __builtin_ctzll(b);
        n += abs(i - j) <= 1;
        if (i <= j + 1)
            a &= a - 1;
        if (j <= i + 1)
            b &= b - 1;
    }
    return n;
}

static uint64_t key_of(uint32_t a, uint32_t b)
{
    return ((uint64_t)(a < b ? a : b) << 32 | (a < b ? b : a)) + 1;
}

/* Adds to the week what the pair matched on an object today. */
static enum status count_pair(struct comatch *c, struct comatch_day *day, uint32_t a, uint32_t b, unsigned n)
{
    enum status st = STATUS_OK;
    uint64_t key = key_of(a, b);
    uint32_t before = map_find(&c->matched, key);
    if (before == MAP_NONE && c->matched.n >= c->matched.n_max) {
        c->left_out++;
        return STATUS_OK;
    }
    TRY(ids_widen((void **)&day->pairs, &day->capacity, day->n + 1, sizeof *day->pairs));
    TRY(map_put(&c->matched, key, (before == MAP_NONE ? 0 : before) + n));
    day->pairs[day->n++] = (struct comatch_pair){ a, b, n };
fail:
    return st;
}

static enum status compare_users(
    struct comatch *c, struct comatch_day *day, const uint32_t *order, uint32_t n)
{
    enum status st = STATUS_OK;
    for (uint32_t i = 0; i < n; i++) {
        const struct edge *a = &c->today.items[order[i]];
        uint64_t near = a->value | a->value << 1 | a->value >> 1;
        for (uint32_t j = i + 1; j < n; j++) {
            const struct edge *b = &c->today.items[order[j]];
            if (near & b->value)
                TRY(count_pair(c, day, a->account, b->account, comatch_matches(a->value, b->value)));
        }
    }
fail:
    return st;
}

/* Forgets the day a week ago, whose place the new one takes. */
static enum status expire(struct comatch *c, size_t slot)
{
    enum status st = STATUS_OK;
    struct comatch_day *day = &c->days[slot];
    for (size_t i = 0; i < day->n; i++) {
        uint64_t key = key_of(day->pairs[i].a, day->pairs[i].b);
        uint32_t left = map_find(&c->matched, key) - day->pairs[i].matched;
        if (left == 0)
            map_remove(&c->matched, key);
        else
            TRY(map_put(&c->matched, key, left));
    }
    day->n = 0;
    for (size_t account = 0; account < c->actions_capacity; account++)
        c->actions[account][slot] = 0;
fail:
    return st;
}

/* The objects of at most users_max accounts, those of fewest first. The caller frees. */
static enum status order_by_users(
    const struct comatch *c, const uint32_t *start, uint32_t **ret_objects, size_t *ret_n)
{
    enum status st = STATUS_OK;
    size_t most = c->config.users_max;
    size_t n = c->today.objects.n;
    size_t *from = calloc(most + 3, sizeof *from);
    uint32_t *objects = calloc(n + 1, sizeof *objects);
    REQUIRE(from && objects, STATUS_NOMEM);
    for (size_t o = 0; o < n; o++)
        if (start[o + 1] - start[o] <= most)
            from[start[o + 1] - start[o] + 1]++;
    for (size_t users = 1; users < most + 3; users++)
        from[users] += from[users - 1];
    *ret_n = from[most + 1];
    for (size_t o = 0; o < n; o++)
        if (start[o + 1] - start[o] <= most)
            objects[from[start[o + 1] - start[o]]++] = (uint32_t)o;
    *ret_objects = objects;
    objects = NULL;
fail:
    free(from);
    free(objects);
    return st;
}

static void count_actions(struct comatch *c, size_t slot, const uint32_t *order, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct edge *edge = &c->today.items[order[i]];
        c->actions[edge->account][slot] += (uint32_t)__builtin_popcountll(edge->value);
    }
}

enum status comatch_end_day(struct comatch *c, int64_t day, size_t n_accounts)
{
    enum status st = STATUS_OK;
    const size_t slot = (size_t)(day % COMATCH_DAYS);
    uint32_t *start = NULL;
    uint32_t *order = NULL;
    uint32_t *objects = NULL;
    size_t n_objects;
    size_t compared = 0;
    TRY(expire(c, slot));
    TRY(ids_widen((void **)&c->actions, &c->actions_capacity, n_accounts, sizeof *c->actions));
    TRY(edges_by_object(&c->today, &start, &order));
    TRY(order_by_users(c, start, &objects, &n_objects));
    for (size_t i = 0; i < n_objects; i++) {
        const uint32_t *users = order + start[objects[i]];
        uint32_t n = start[objects[i] + 1] - start[objects[i]];
        size_t pairs = (size_t)n * (n - 1) / 2;
        count_actions(c, slot, users, n);
        if (compared + pairs > c->config.comparisons_max) {
            c->left_out += pairs;
            continue;
        }
        compared += pairs;
        TRY(compare_users(c, &c->days[slot], users, n));
    }
    edges_clear(&c->today);
fail:
    free(start);
    free(order);
    free(objects);
    return st;
}

static uint64_t actions_of(const struct comatch *c, uint32_t account)
{
    uint64_t n = 0;
    for (size_t slot = 0; slot < COMATCH_DAYS && account < c->actions_capacity; slot++)
        n += c->actions[account][slot];
    return n;
}

double comatch_similarity(const struct comatch *c, uint32_t a, uint32_t b)
{
    uint32_t matched = map_find(&c->matched, key_of(a, b));
    if (matched == MAP_NONE || matched == 0)
        return 0;
    return (double)matched / (double)(actions_of(c, a) + actions_of(c, b) - matched);
}

void comatch_link(const struct comatch *c, struct sets *sets)
{
    for (size_t i = 0; i < c->matched.slots; i++) {
        if (c->matched.keys[i] == 0 || c->matched.values[i] < c->config.matches_min)
            continue;
        uint64_t pair = c->matched.keys[i] - 1;
        uint32_t a = (uint32_t)(pair >> 32);
        uint32_t b = (uint32_t)pair;
        if (comatch_similarity(c, a, b) >= c->config.similarity)
            sets_join(sets, a, b);
    }
}

size_t comatch_bytes(const struct comatch *c)
{
    size_t bytes = edges_bytes(&c->today) + map_bytes(&c->matched) + c->actions_capacity * sizeof *c->actions;
    for (size_t i = 0; i < COMATCH_DAYS; i++)
        bytes += c->days[i].capacity * sizeof *c->days[i].pairs;
    return bytes;
}
