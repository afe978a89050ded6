/*
 * set_store.h: where the texts of sets lie while they are read and afterwards; the lists of sets.h.
 *
 * Shapes: list SET_FOLLOW + pool holds the pool's follow-ups, SET_SYSTEMS the system prompts.
 */
#ifndef CORPUS_SET_STORE_H
#define CORPUS_SET_STORE_H

#include "corpus/sets.h"

enum { SET_FOLLOW = POOL_COUNT, SET_SYSTEMS = 2 * POOL_COUNT, SET_LISTS };

struct set_text {
    uint64_t hash;
    size_t at;
    uint32_t n;
};

struct set_list {
    struct set_text *texts;
    size_t n, room;
};

struct sets {
    struct buffer text;
    struct set_list lists[SET_LISTS];
};

/* Adds a text without the white space around it; one that is empty then is left out. */
MUST_CHECK enum status set_store_add(struct sets *sets, unsigned list, struct span text);
/* Brings every list into its order. */
void set_store_sort(struct sets *sets);

#endif
