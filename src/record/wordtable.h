/*
 * wordtable.h: token hash → a small number, for the few hundred words that the record layer knows by heart.
 *
 * Model: buckets of two entries, built once at start from word lists, then only read. The multiplier that chooses the
 *   bucket is one under which no bucket would hold three, so that a look-up reads one bucket and never branches: whether
 *   a word of a text is known cannot be foreseen. 0 means not there.
 * Shapes: at most WORDTABLE_WORDS words.
 * Memory: 16 KiB. Cost: 8 operations.
 */
#ifndef RECORD_WORDTABLE_H
#define RECORD_WORDTABLE_H

#include <stdint.h>

enum { WORDTABLE_BUCKETS = 1024, WORDTABLE_SHIFT = 22, WORDTABLE_WORDS = 384 };

struct wordtable {
    struct {
        uint32_t hash[2], value[2];
    } buckets[WORDTABLE_BUCKETS];
    uint32_t multiplier; /* odd */
    uint32_t n;
    uint32_t hashes[WORDTABLE_WORDS], values[WORDTABLE_WORDS]; /* as added */
};

/* The value of a word that is about to be in the table; NULL if the table is full. */
uint32_t *wordtable_slot(struct wordtable *table, uint32_t hash);
/* Makes wordtable_at see what was put into slots. */
void wordtable_build(struct wordtable *table);

static inline uint32_t wordtable_at(const struct wordtable *table, uint32_t hash)
{
    uint32_t bucket = hash * table->multiplier >> WORDTABLE_SHIFT;
    const uint32_t *hashes = table->buckets[bucket].hash, *values = table->buckets[bucket].value;
    const uint32_t first = values[0], value = hashes[0] == hash ? first : 0;
    return value | (values[1] & (0u - (hashes[1] == hash)));
}

#endif
