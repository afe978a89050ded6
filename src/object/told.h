/*
 * told.h: which direct ties were reported already, so that each (object, a, b) is told once an hour.
 *
 * Model: a set-associative table of 64-bit mixes of the three with the hour they were told in.
 * Memory: 12.8 bytes a pair, 5-way sets of one cache line; a full set forgets the pair told longest ago,
 *   which may then be told again within its hour.
 */
#ifndef OBJECT_TOLD_H
#define OBJECT_TOLD_H

#include "object/lines.h"

enum { TOLD_WAYS = 5 };

struct told_set {
    uint64_t pair[TOLD_WAYS];
    uint32_t hour[TOLD_WAYS];
    uint32_t spare;
};

struct told {
    struct told_set *sets;
    uint32_t n_sets;
    struct lines lines;
};

enum tell { TELL_NEW_PAIR, TELL_NEW_HOUR, TELL_NOT };

MUST_CHECK enum status told_new(size_t bytes, struct told *ret_told);
void told_free(struct told *told);

/* Whether to tell it now; remembers that it was told. */
enum tell told_tell(struct told *told, uint64_t object, uint64_t a, uint64_t b, int64_t time_ms);

#endif
