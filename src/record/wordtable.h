/*
 * wordtable.h: token hash → a small number, for the few hundred words that the record layer knows by heart.
 *
 * Model: open addressing, linear probing, built once at start from word lists, then only read. 0 means not there.
 * Shapes: at most WORDTABLE_SLOTS / 2 words; the first entry of a word wins unless the caller merges.
 * Memory: 8 KiB. Cost: one or two probes.
 */
#ifndef RECORD_WORDTABLE_H
#define RECORD_WORDTABLE_H

#include <stdint.h>

enum { WORDTABLE_SLOTS = 1024 };

struct wordtable {
    uint32_t hash[WORDTABLE_SLOTS];
    uint16_t value[WORDTABLE_SLOTS];
};

static inline uint16_t *wordtable_slot(struct wordtable *table, uint32_t hash)
{
    uint32_t i = hash % WORDTABLE_SLOTS;
    while (table->value[i] && table->hash[i] != hash)
        i = (i + 1) % WORDTABLE_SLOTS;
    table->hash[i] = hash;
    return &table->value[i];
}

static inline uint16_t wordtable_at(const struct wordtable *table, uint32_t hash)
{
    uint32_t i = hash % WORDTABLE_SLOTS;
    while (table->value[i] && table->hash[i] != hash)
        i = (i + 1) % WORDTABLE_SLOTS;
    return table->value[i];
}

#endif
