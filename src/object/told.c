#include "object/told.h"

enum { HOUR_S = 3600 };

enum status told_new(size_t bytes, struct told *ret_told)
{
    return ways_new(bytes, &ret_told->ways);
}

void told_free(struct told *told)
{
    ways_free(&told->ways);
}

static unsigned told_longest_ago(const struct way_set *set)
{
    unsigned oldest = 0;
    for (unsigned way = 1; way < WAYS; way++)
        if (set->ref[way] < set->ref[oldest])
            oldest = way;
    return oldest;
}

enum tell told_tell(struct told *told, uint64_t object, uint64_t a, uint64_t b, int64_t time_ms)
{
    struct way_key key = ways_key(&told->ways, mix64(mix64(object) + a) + b);
    uint32_t hour = seconds_of(time_ms) / HOUR_S + 1;
    struct way_set *set = ways_at(&told->ways, key);
    unsigned hits = ways_match(set, key);
    if (hits) {
        uint32_t *at = &set->ref[__builtin_ctz(hits)];
        enum tell tell = *at == hour ? TELL_NOT : TELL_NEW_HOUR;
        *at = hour;
        return tell;
    }
    if (ways_make_room(&told->ways, set))
        set = ways_at(&told->ways, key);
    ways_enter(&told->ways, set, told_longest_ago(set), key, hour, 0);
    return TELL_NEW_PAIR;
}
