#include "record/memo.h"

#include "record/digest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

bool memo_at(struct memo *memo, const struct key *key, unsigned kind, const void *bytes, size_t n,
    struct memo_entry **ret_entry)
{
    XXH128_hash_t wide = XXH3_128bits_withSeed(bytes, n, key->fold_seed + kind);
    struct memo_entry *entry = &memo->slots[wide.low64 % MEMO_SLOTS];
    bool there = entry->low == wide.low64 && entry->high == wide.high64;
    entry->low = wide.low64;
    entry->high = wide.high64;
    *ret_entry = entry;
    return there;
}

uint64_t memo_hash(
    struct memo *memo, const struct key *key, enum key_purpose purpose, const void *bytes, size_t n)
{
    struct memo_entry *entry;
    if (n == 0)
        return 0;
    if (!memo_at(memo, key, MEMO_HASH + (unsigned)purpose, bytes, n, &entry))
        entry->first = key_hash(key, purpose, bytes, n);
    return entry->first;
}

uint64_t memo_digest(struct memo *memo, const struct key *key, enum key_purpose purpose, struct span text)
{
    struct memo_entry *entry;
    if (text.n == 0)
        return 0;
    if (!memo_at(memo, key, MEMO_DIGEST + (unsigned)purpose, text.data, text.n, &entry))
        entry->first = digest_span(key, purpose, text);
    return entry->first;
}
