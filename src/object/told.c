#include "object/told.h"

enum { HOUR_S = 3600 };

enum status told_new(size_t bytes, struct told *ret_told)
{
    struct told told = { .n_sets = sets_in(bytes, sizeof(struct told_set)) };
    void *at;
    enum status st = lines_new(told.n_sets * sizeof(struct told_set), &told.lines, &at);
    if (st != STATUS_OK)
        return st;
    told.sets = at;
    *ret_told = told;
    return STATUS_OK;
}

void told_free(struct told *told)
{
    lines_free(&told->lines);
    *told = (struct told){ 0 };
}

enum tell told_tell(struct told *told, uint64_t object, uint64_t a, uint64_t b, int64_t time_ms)
{
    uint64_t pair = mix64(mix64(mix64(object) + a) + b);
    uint32_t hour = seconds_of(time_ms) / HOUR_S + 1;
    struct told_set *set = &told->sets[set_of(pair, told->n_sets)];
    unsigned oldest = 0;
    for (unsigned way = 0; way < TOLD_WAYS; way++) {
        if (set->hour[way] && set->pair[way] == pair) {
            enum tell tell = set->hour[way] == hour ? TELL_NOT : TELL_NEW_HOUR;
            set->hour[way] = hour;
            return tell;
        }
        if (set->hour[way] < set->hour[oldest])
            oldest = way;
    }
    set->pair[oldest] = pair;
    set->hour[oldest] = hour;
    return TELL_NEW_PAIR;
}
