/*
 * promptcache.h: what was computed of a system prompt or tool set, so that a repeated one costs one hash of its bytes.
 *
 * Model: direct mapped by a 64-bit keyed XXH3 over the texts and their lengths; a newcomer replaces whoever is there.
 *   Equal hash and equal length count as equal text: with 2^32 distinct prompts one in 2^32 look-ups may be wrong.
 * Memory: PROMPT_SLOTS entries of 136 bytes.
 * Privacy: sums of weights and keyed sketches; no text and no token.
 */
#ifndef RECORD_PROMPTCACHE_H
#define RECORD_PROMPTCACHE_H

#include "record/classify.h"
#include "record/record.h"

#include <stdbool.h>

enum { PROMPT_SLOTS = 256 };

struct prompt {
    uint64_t hash;   /* 0: free */
    uint64_t length; /* bytes of text */
    struct frame_sig frame;
    uint32_t format;
    struct linear_sum sum; /* what it adds to the classifier as a system prompt */
};

struct prompt_cache {
    struct prompt slots[PROMPT_SLOTS];
};

/* The entry that a prompt belongs in; true if it is there already, else the caller fills in what is behind length. */
static inline bool prompt_cache_at(
    struct prompt_cache *cache, uint64_t hash, uint64_t length, struct prompt **ret_prompt)
{
    struct prompt *prompt = &cache->slots[hash % PROMPT_SLOTS];
    bool hit = prompt->hash == hash && prompt->length == length;
    prompt->hash = hash;
    prompt->length = length;
    *ret_prompt = prompt;
    return hit;
}

#endif
