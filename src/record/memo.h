/*
 * memo.h: what was computed of a short text that comes again and again: addresses, client headers, keys, model names.
 *
 * Model: direct mapped by a 128-bit XXH3 under the key's fold seed; a newcomer replaces whoever is there. Equal 128 bits
 *   count as equal text.
 * Memory: MEMO_SLOTS entries of 32 bytes.
 * Cost: about 5 ns, where SipHash takes 20 and parsing an address 60.
 * Privacy: keyed hashes only; lives in the reader's memory and is never written.
 */
#ifndef RECORD_MEMO_H
#define RECORD_MEMO_H

#include "base/key.h"

#include <stdbool.h>

enum { MEMO_SLOTS = 512 };

/* What is remembered; one text may have an entry of each kind. */
enum memo_kind { MEMO_HASH, MEMO_DIGEST = KEY_PURPOSES, MEMO_ADDRESS = 2 * KEY_PURPOSES };

struct memo_entry {
    uint64_t low, high; /* both 0: free */
    uint64_t first, second;
};

struct memo {
    struct memo_entry slots[MEMO_SLOTS];
};

/* The entry of a text that is not empty; true if it is there already, else the caller fills in first and second. */
bool memo_at(struct memo *memo, const struct key *key, unsigned kind, const void *bytes, size_t n,
    struct memo_entry **ret_entry);

/* As key_hash and digest. */
uint64_t memo_hash(
    struct memo *memo, const struct key *key, enum key_purpose purpose, const void *bytes, size_t n);
uint64_t memo_digest(struct memo *memo, const struct key *key, enum key_purpose purpose, struct span text);

#endif
