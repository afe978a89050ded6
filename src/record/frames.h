/*
 * frames.h: tokens → what lets traffic show which part of a prompt is fixed (record.h tells what a frame is).
 *
 * Model: over the masked tokens of a text, so that numbers, quotes, URLs and code may change: an exact id, ids of the
 *   first and last few tokens, and SimHash and MinHash over shingles of 3 tokens mixed with the key's fold seed (a
 *   text of fewer tokens is one shingle). The slot is the id of all unmasked tokens but line ends.
 * Source: as record.h.
 * Cost: about 8 ns a token (bench_extract).
 * Benign: everybody who uses a framework shows its frames; what is public is learned later, not here.
 * Evasion: a paraphrase of the fixed part a request, which costs a model call a request.
 */
#ifndef RECORD_FRAMES_H
#define RECORD_FRAMES_H

#include "base/key.h"
#include "record/record.h"
#include "record/tokens.h"

/* No tokens leave everything 0. */
void frame_of(const struct key *key, const struct tokens *tokens, struct token_scratch *scratch,
    struct frame_sig *ret_frame);
void frame_ends(const struct key *key, const struct tokens *tokens, uint64_t ret_lead[LEAD_COUNT],
    uint64_t ret_tail[TAIL_COUNT]);
uint64_t frame_slot(const struct key *key, const struct tokens *tokens, struct token_scratch *scratch);

#endif
