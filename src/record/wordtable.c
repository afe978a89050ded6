#include "record/wordtable.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

uint32_t *wordtable_slot(struct wordtable *table, uint32_t hash)
{
    for (uint32_t i = 0; i < table->n; i++)
        if (table->hashes[i] == hash)
            return &table->values[i];
    if (table->n == WORDTABLE_WORDS)
        return NULL;
    table->hashes[table->n] = hash;
    table->values[table->n] = 0;
    return &table->values[table->n++];
}

/* False if a bucket overflows. */
static bool fill(struct wordtable *table)
{
    memset(table->buckets, 0, sizeof table->buckets);
    for (uint32_t i = 0; i < table->n; i++) {
        uint32_t hash = table->hashes[i], bucket = hash * table->multiplier >> WORDTABLE_SHIFT;
        uint32_t *hashes = table->buckets[bucket].hash, *values = table->buckets[bucket].value;
        unsigned place = values[0] != 0;
        if (values[place] != 0)
            return false;
        hashes[place] = hash;
        values[place] = table->values[i];
    }
    return true;
}

void wordtable_build(struct wordtable *table)
{
    enum { TRIES = 1 << 20 }; /* with 384 words one in some thousand succeeds */
    table->multiplier = UINT32_C(0x9e3779b1);
    for (unsigned i = 0; i < TRIES && !fill(table); i++)
        table->multiplier = table->multiplier * UINT32_C(0x2c9277b5) + UINT32_C(0xac564b04);
}
