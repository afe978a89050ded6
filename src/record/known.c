#include "record/known.h"

static size_t find_run(const struct wordtable *table, const uint32_t *hashes, size_t begin, size_t end,
    struct known *known, size_t n)
{
    uint32_t *restrict values = known->value, *restrict at = known->at;
    for (size_t i = begin; i < end; i++) {
        uint32_t value = wordtable_at(table, hashes[i]);
        values[n] = value;
        at[n] = (uint32_t)i;
        n += value != 0;
    }
    return n;
}

void known_find(const struct wordtable *table, const struct tokens *tokens, struct known *ret_known)
{
    size_t head = tokens->n < KNOWN_HEAD ? tokens->n : KNOWN_HEAD;
    size_t left = tokens->n - head, tail = left < KNOWN_TAIL ? left : KNOWN_TAIL;
    ret_known->n_head = find_run(table, tokens->hash, 0, head, ret_known, 0);
    ret_known->n = find_run(table, tokens->hash, tokens->n - tail, tokens->n, ret_known, ret_known->n_head);
}
