/*
 * query.h: what a baseline that reads text keeps of one exchange, computed where the text is.
 *
 * Model: of the last user text, up to QUERY_BYTES of it: a hash of its first 50 characters; which words it has; its
 *   skeleton (number of words, first and last word); and a vector that stands in for a sentence embedding: words, pairs
 *   of adjacent words and character 4-grams, each added with a hashed sign to one of QUERY_DIMS places, then scaled to
 *   length QUERY_LENGTH. The squared distance of two vectors over QUERY_LENGTH^2 is about 2 - 2 cos.
 * Source: Weinberger et al., "Feature hashing for large scale multitask learning", 2009 (signed hashing keeps inner
 *   products in expectation). Deviation: PRADA, SEAT and the MMD test were published over learned encoders (image
 *   networks; sentence embeddings such as bge-small, which cut text at 512 tokens, about QUERY_BYTES). Hashed n-grams see
 *   shared words and templates, not meaning: a paraphrase is farther off than for an encoder. Errors of the hashing are
 *   about 1 / sqrt(QUERY_DIMS) in a cosine, equal for all who use it.
 * Shapes: a word is a run of ASCII letters, digits and bytes beyond ASCII, case folded; words holds the different words,
 *   the QUERY_WORDS with the least hashes where there are more, in rising order, so that sets of words can be compared
 *   (Broder's bottom-k) and merged; times counts each up to 255. All zero where there is no user text.
 * Memory: sizeof(struct query), 352 bytes; nothing is allocated.
 * Cost: O(bytes), about 6 us for 1 kB of prose on a 2 GHz class core; a comparison of vectors 10 ns.
 * Threads: pure; any number.
 * Privacy: query.c alone in this folder reads text, and of simulated traffic only. Hashes are keyed; the vector is not a text but tells roughly which words it had. It does not leave memory.
 */
#ifndef RIVAL_QUERY_H
#define RIVAL_QUERY_H

#include "base/key.h"

struct exchange;

enum {
    QUERY_DIMS = 64,
    QUERY_LENGTH = 127,
    QUERY_BYTES = 2048,
    QUERY_OPENING = 50, /* characters */
    QUERY_WORDS = 40,
};

struct query {
    uint64_t opening, system_opening; /* of the first characters; 0: no such text */
    uint64_t skeleton;
    uint32_t n_words;     /* all of them, repeats too, within QUERY_BYTES */
    uint32_t n_chars;     /* bytes of the whole text that do not continue a character */
    uint16_t n_different; /* words kept */
    int8_t vector[QUERY_DIMS];
    uint8_t times[QUERY_WORDS];
    uint32_t words[QUERY_WORDS];
};

void query_make(const struct exchange *exchange, const struct key *key, struct query *ret_query);

/* Squared distance in units of 1 / QUERY_LENGTH^2: 0 for equal vectors, about 2 QUERY_LENGTH^2 for unrelated ones. */
uint32_t query_distance(const int8_t a[static QUERY_DIMS], const int8_t b[static QUERY_DIMS]);
/* The least distance of any of n stored vectors; UINT32_MAX where there is none. */
uint32_t query_nearest(const int8_t (*stored)[QUERY_DIMS], size_t n, const int8_t to[static QUERY_DIMS]);

#endif
