#include "object/ways.h"

enum status ways_new(size_t bytes, struct ways *ret_ways)
{
    struct ways ways = { 0 };
    uint32_t n_max;
    void *at;
    ways.n_first = sets_at_first(sets_in(bytes, sizeof(struct way_set)), WAYS_SETS_FIRST, &n_max);
    while (ways.doublings_max < WAYS_DOUBLINGS_MAX && ways.n_first << ways.doublings_max < n_max)
        ways.doublings_max++;
    size_t most = ((size_t)ways.n_first << ways.doublings_max) * sizeof(struct way_set);
    enum status st = lines_new(most, &ways.lines, &at);
    if (st != STATUS_OK)
        return st;
    ways.sets = at;
    *ret_ways = ways;
    return STATUS_OK;
}

void ways_free(struct ways *ways)
{
    lines_free(&ways->lines);
    *ways = (struct ways){ 0 };
}

static void move(const struct way_set *from, unsigned way, struct way_set *to, unsigned at)
{
    to->tag[at] = from->tag[way];
    to->ref[at] = from->ref[way];
    to->high[at] = from->high[way];
    to->word[at] = from->word[way];
    ways_set_note(to, at, ways_note(from, way));
}

/* From the last set on, so that none is overwritten before it was split. What is left of a set keeps its order. */
static void grow(struct ways *ways)
{
    unsigned shift = WAYS_DOUBLINGS_MAX - 1 - ways->doublings;
    for (size_t i = ways_sets(ways); i-- > 0;) {
        struct way_set old = ways->sets[i], *halves = &ways->sets[2 * i];
        unsigned used[2] = { 0, 0 };
        halves[0] = halves[1] = (struct way_set){ 0 };
        for (unsigned way = 0; way < WAYS; way++) {
            unsigned upper = old.high[way] >> shift & 1;
            if (old.ref[way])
                move(&old, way, &halves[upper], used[upper]++);
        }
    }
    ways->doublings++;
}

bool ways_make_room(struct ways *ways, const struct way_set *set)
{
    uint64_t room = (uint64_t)ways_sets(ways) * WAYS;
    if (ways->doublings == ways->doublings_max || ways_empty(set) < WAYS || ways->n * 8 < room * 3)
        return false;
    grow(ways);
    return true;
}
