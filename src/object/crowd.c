#include "object/crowd.h"

#include "base/match.h"

#include <string.h>

enum { SETS_FIRST = 1 << 14, GENERATION_S = 86400 };
/* Of a cell: the fingerprint lies lowest. */
enum { PRINT_BITS = 12, CHANGE_BITS = 4, TAG_AT = PRINT_BITS + CHANGE_BITS };
enum { PRINT_MAX = (1 << PRINT_BITS) - 1, CHANGES_MAX = (1 << CHANGE_BITS) - 1 };

static enum status generation_new(uint32_t n_sets_max, struct crowd_generation *ret_generation)
{
    struct crowd_generation generation = { .n_sets = n_sets_max < SETS_FIRST ? n_sets_max : SETS_FIRST };
    void *at;
    enum status st = lines_new(n_sets_max * sizeof(struct crowd_set), &generation.lines, &at);
    if (st != STATUS_OK)
        return st;
    generation.sets = at;
    *ret_generation = generation;
    return STATUS_OK;
}

enum status crowd_new(size_t bytes, struct crowd *ret_crowd)
{
    enum status st;
    struct crowd crowd = { .n_sets_max = sets_in(bytes, 2 * sizeof(struct crowd_set)) };
    TRY(generation_new(crowd.n_sets_max, &crowd.now));
    TRY(generation_new(crowd.n_sets_max, &crowd.before));
    *ret_crowd = crowd;
    return STATUS_OK;
fail:
    crowd_free(&crowd);
    return st;
}

void crowd_free(struct crowd *crowd)
{
    lines_free(&crowd->now.lines);
    lines_free(&crowd->before.lines);
    *crowd = (struct crowd){ 0 };
}

static bool is_crowded(const struct crowd_generation *generation)
{
    return generation->used * UINT64_C(2) >= (uint64_t)generation->n_sets * CROWD_WAYS;
}

/* The older generation is cleared and begins anew; with twice as many sets where they did not last half a day. */
static void turn_over(struct crowd *crowd, uint32_t now_s)
{
    struct crowd_generation next = crowd->before;
    uint64_t n_sets = crowd->now.n_sets * (is_crowded(&crowd->now) ? UINT64_C(2) : 1);
    memset(next.sets, 0, next.n_sets * sizeof *next.sets);
    next.n_sets = n_sets < crowd->n_sets_max ? (uint32_t)n_sets : crowd->n_sets_max;
    next.used = 0;
    crowd->before = crowd->now;
    crowd->now = next;
    crowd->since_s = now_s;
}

static void keep_generations(struct crowd *crowd, uint32_t now_s)
{
    if (crowd->since_s == 0)
        crowd->since_s = now_s;
    uint32_t age_s = now_s > crowd->since_s ? now_s - crowd->since_s : 0;
    if (age_s >= 2 * GENERATION_S) /* what was now is too old to be what was before */
        turn_over(crowd, now_s);
    if (age_s >= GENERATION_S || is_crowded(&crowd->now))
        turn_over(crowd, now_s);
}

/* Way of the task in its set; CROWD_WAYS if it is not there. */
static unsigned way_of(const struct crowd_set *set, uint32_t tag)
{
    const uint32_t tag_bits = UINT32_MAX << TAG_AT;
    for (unsigned way = 0; way < CROWD_WAYS; way += 4) {
        unsigned hits = match_masked(&set->cell[way], tag_bits, tag << TAG_AT);
        for (; hits; hits &= hits - 1)
            if (set->cell[way +
                          (unsigned)__builtin_ctz(hits)]) /* a tag may be 0, like that of an empty way */
                return way + (unsigned)__builtin_ctz(hits);
    }
    return CROWD_WAYS;
}

static struct crowd_set *set_at(const struct crowd_generation *generation, uint64_t mixed)
{
    return &generation->sets[set_of(mixed, generation->n_sets)];
}

/* A way for a new task: the first that is empty, else all move up and what came first is forgotten. */
static unsigned way_for_new(struct crowd_generation *generation, struct crowd_set *set)
{
    for (unsigned way = 0; way < CROWD_WAYS; way++)
        if (!set->cell[way]) {
            generation->used++;
            return way;
        }
    memmove(&set->cell[0], &set->cell[1], (CROWD_WAYS - 1) * sizeof set->cell[0]);
    return CROWD_WAYS - 1;
}

unsigned crowd_send(struct crowd *crowd, uint64_t task, uint32_t holder, uint32_t now_s)
{
    uint64_t mixed = mix64(task);
    uint32_t tag = (uint32_t)mixed >> (32 - 16), print = 1 + (uint32_t)(mix64(holder) % PRINT_MAX);
    keep_generations(crowd, now_s);
    struct crowd_set *set = set_at(&crowd->now, mixed), *old_set = set_at(&crowd->before, mixed);
    unsigned old_way = way_of(old_set, tag), way = way_of(set, tag);
    uint32_t old = old_way < CROWD_WAYS ? old_set->cell[old_way] : 0;
    if (way == CROWD_WAYS) {
        way = way_for_new(&crowd->now, set);
        set->cell[way] = tag << TAG_AT | (old ? old & PRINT_MAX : print);
    }
    uint32_t changes = set->cell[way] >> PRINT_BITS & CHANGES_MAX;
    changes += (set->cell[way] & PRINT_MAX) != print && changes < CHANGES_MAX;
    set->cell[way] = tag << TAG_AT | changes << PRINT_BITS | print;
    return 1 + changes + (old >> PRINT_BITS & CHANGES_MAX);
}
