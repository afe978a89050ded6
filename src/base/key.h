/*
 * key.h: keyed 64-bit hashes for identities, anchors and sketches.
 *
 * Model: one 32-byte secret per deployment; every purpose gets a 16-byte subkey of its own (BLAKE2b with the
 *   purpose as personal string), so that equal bytes hashed for two purposes do not match. key_hash is
 *   SipHash-2-4; key_fold is XXH3 seeded from the secret, for bulk features whose collisions only cost accuracy.
 * Source: Aumasson, Bernstein, "SipHash: a fast short-input PRF", 2012.
 * Errors: key_parse takes exactly 64 hexadecimal digits (white space at the end allowed).
 * Privacy: low-entropy identities (addresses, card fingerprints) can be guessed by whoever holds the secret.
 */
#ifndef BASE_KEY_H
#define BASE_KEY_H

#include "base/span.h"
#include "base/status.h"

#include <stdint.h>

enum key_purpose {
    KEY_ACCOUNT,
    KEY_IDENTITY, /* organisation, API key, end user, session, payment, device, mail domain */
    KEY_NETWORK,  /* addresses, prefixes, client tuple */
    KEY_EXCHANGE, /* exchange ids */
    KEY_TEXT,     /* frames, slots, shapes */
    KEY_ANCHOR,   /* issued and returned outputs, reasoning signatures */
    KEY_PURPOSES
};

struct key {
    uint8_t sub[KEY_PURPOSES][16];
    uint64_t fold_seed;
    uint64_t check; /* tells two secrets apart without revealing either */
};

/* The documented default secret, so that a replay needs no set-up; records made with it are guessable. */
extern const uint8_t key_default_secret[32];

void key_init(struct key *key, const uint8_t secret[static 32]);
MUST_CHECK enum status key_parse(struct span hex, uint8_t ret_secret[static 32]);

/* 0 is never returned for non-empty input: 0 means "absent" in records. Empty input gives 0. */
uint64_t key_hash(const struct key *key, enum key_purpose purpose, const void *bytes, size_t n);
uint64_t key_hash_u64(const struct key *key, enum key_purpose purpose, uint64_t value);
uint64_t key_fold(const struct key *key, const void *bytes, size_t n);

#endif
