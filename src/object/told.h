/*
 * told.h: which direct ties were reported already, so that each (object, a, b) is told once an hour.
 *
 * Model: a table (ways.h) of mixes of the three with the hour they were told in.
 * Memory: 12.8 bytes a pair; a full set forgets the pair told longest ago, which may then be told again within its
 *   hour.
 */
#ifndef OBJECT_TOLD_H
#define OBJECT_TOLD_H

#include "object/ways.h"

struct told {
    struct ways ways; /* reference: the hour + 1 */
};

enum tell { TELL_NEW_PAIR, TELL_NEW_HOUR, TELL_NOT };

MUST_CHECK enum status told_new(size_t bytes, struct told *ret_told);
void told_free(struct told *told);

/* Whether to tell it now; remembers that it was told. */
enum tell told_tell(struct told *told, uint64_t object, uint64_t a, uint64_t b, int64_t time_ms);

#endif
