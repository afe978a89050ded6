/*
 * marks.h: a set of indices: which accounts or objects changed since it was last looked at.
 *
 * Memory: a bit an index; room for a sixteenth more.
 * Errors: marks_widen may fail with STATUS_NOMEM, which leaves the set as it was; nothing else can.
 * Cost: going through a set reads it once, 64 indices at a time.
 */
#ifndef CAMPAIGN_MARKS_H
#define CAMPAIGN_MARKS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct marks {
    uint64_t *words;
    size_t n_words;
};

void marks_fini(struct marks *marks);
/* Room for indices below n; never less. */
MUST_CHECK enum status marks_widen(struct marks *marks, size_t n);
/* Empties it. */
void marks_clear(struct marks *marks);
/* The first index in it from i on, SIZE_MAX where there is none. */
size_t marks_next(const struct marks *marks, size_t i);
size_t marks_bytes(const struct marks *marks);

/* There is room. */
static inline void marks_set(struct marks *marks, size_t i)
{
    marks->words[i / 64] |= UINT64_C(1) << i % 64;
}

static inline void marks_drop(struct marks *marks, size_t i)
{
    marks->words[i / 64] &= ~(UINT64_C(1) << i % 64);
}

/* Also where there is no room. */
static inline bool marks_has(const struct marks *marks, size_t i)
{
    return i / 64 < marks->n_words && marks->words[i / 64] >> i % 64 & 1;
}

#endif
