/*
 * tokens.h: text → tokens: which words, numbers and signs does a text consist of, and which of them are slots?
 *
 * Model: one pass. Block masks (bytemask.h) give the ends of runs; each run becomes a 32-bit hash and a kind.
 *   WORD    run of ASCII letters, digits, '_', letters of other scripts, and ' between two of these (don't)
 *   NUMBER  such a run that begins with a digit; '.' and ',' between two digits belong to it (1,000.5)
 *   SYMBOL  any other character; a run of one and the same ASCII sign is one token ("----")
 *   NEWLINE line ends with white space between them, collapsed; none before the first or after the last token
 *   Scripts without spaces (U+2E80..9FFF, Thai, Lao, Khmer, Myanmar; not Hangul) give one WORD a code point.
 *   Case is folded (ASCII, Latin-1, Latin Extended-A, Greek, Cyrillic), typographic quotes, dashes and ellipsis
 *   become their ASCII signs, zero-width characters vanish; malformed UTF-8 counts as letters.
 *   Regions, the first opened wins, none nests: CODE from ``` to the next ``` (or the end); URL from scheme://
 *   or www. to white space or one of "'`<>()[]{}| or a non-ASCII byte, less . , ; : ! ? at its end; QUOTED from
 *   " to ", ` to `, “ to ”, 「 to 」, and ' to ' if the first begins and the last ends a word. A quote that does
 *   not close within QUOTE_BYTES_MAX bytes or before a line end is no quote but a sign.
 *   Masked view: each region is one token, as is each number and each word with a digit in it; the rest is equal.
 * Shapes: hashes are unkeyed and fixed for ever (trained weights hang on them); never write them to disk.
 * Memory: 21 bytes a token, at most one token a byte, TOKENS_BYTES_MAX bytes a stream; the rest is cut off.
 * Cost: O(bytes), about 0.8 ns a byte of mixed prose and code, 0.4 of words only (bench_extract).
 */
#ifndef RECORD_TOKENS_H
#define RECORD_TOKENS_H

#include "base/span.h"
#include "base/status.h"
#include "record/tokenbounds.h"

#include <stdint.h>

enum { TOKENS_BYTES_MAX = 64 * 1024, QUOTE_BYTES_MAX = 200 };

enum token_class { TOKEN_WORD, TOKEN_NUMBER, TOKEN_SYMBOL, TOKEN_NEWLINE };
/* A kind is a token_class and these bits. */
enum {
    TOKEN_CLASS = 3,
    TOKEN_DIGITS = 1 << 2, /* a digit is in it */
    TOKEN_QUOTED = 1 << 3,
    TOKEN_CODE = 1 << 4,
    TOKEN_URL = 1 << 5,
    TOKEN_REGION = TOKEN_QUOTED | TOKEN_CODE | TOKEN_URL,
};

/* Hashes that stand for a region or number in the masked view. */
enum {
    MASKED_NUMBER = 0x4e554d31,
    MASKED_QUOTE = 0x51554f31,
    MASKED_URL = 0x55524c31,
    MASKED_CODE = 0x434f4431
};

struct tokens {
    uint32_t n, n_masked;
    uint32_t bytes;      /* taken so far */
    uint32_t high_bytes; /* of these, beyond ASCII */
    uint32_t *hash;      /* n */
    uint32_t *masked;    /* n_masked */
    uint8_t *kind;       /* n */
    struct byte_masks *masks;
    struct token_bounds bounds;
    enum byte_level level; /* the best there is; a test may choose less */
    uint8_t first_kind[256];
};

MUST_CHECK enum status tokens_new(struct tokens **ret_tokens);
void tokens_free(struct tokens *tokens);

static inline void tokens_reset(struct tokens *tokens)
{
    tokens->n = tokens->n_masked = tokens->bytes = tokens->high_bytes = 0;
}

/* Adds a text; a NEWLINE stands between it and what was added before. Nothing outside the text is read. */
void tokens_add(struct tokens *tokens, struct span text);

/*
 * As tokens_add, but of words and numbers only and nothing but their hashes: what tokens_below(TOKEN_SYMBOL) would give,
 * at a third of the cost. A stream is filled by one of the two between resets.
 */
void tokens_add_words(struct tokens *tokens, struct span text);

/* Copies the hashes of the tokens whose class comes before `end`; returns how many. */
size_t tokens_below(const struct tokens *tokens, enum token_class end, uint32_t *ret_hashes);

/* Room for what is computed from the tokens of one text: TOKENS_BYTES_MAX of each. */
struct token_scratch {
    uint32_t *words;
    uint64_t *hashes;
};
MUST_CHECK enum status token_scratch_init(struct token_scratch *scratch);
void token_scratch_fini(struct token_scratch *scratch);

/* The hash that a WORD or NUMBER of these bytes gets, and an ASCII sign or other code point as SYMBOL. */
uint32_t token_hash_word(struct span word);
uint32_t token_hash_symbol(uint32_t code_point);

#endif
