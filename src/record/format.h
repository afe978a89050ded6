/*
 * format.h: which output format does a prompt demand?
 *
 * Model: pairs of words at a small distance ("step ... step", "only ... code"), and a few single words, over the
 *   first and last tokens of a text; English only. Parameters of the request add what they say.
 * Shapes: FORMAT_ bits of record.h, and FORMAT_CANDIDATES where a text shows a first and a second candidate answer.
 * Cost: one table look-up a token.
 * Benign: every application that parses its answers; a format is a description, never a charge.
 * Evasion: other words, other languages, a free form that is parsed later.
 */
#ifndef RECORD_FORMAT_H
#define RECORD_FORMAT_H

#include "record/tokens.h"
#include "record/wordtable.h"

enum { FORMAT_HEAD = 256, FORMAT_TAIL = 128 };
enum { FORMAT_CANDIDATES = 1 << 16 }; /* beyond the bits of the record */

void format_words(struct wordtable *table);
uint32_t format_of(const struct wordtable *table, const struct tokens *tokens);

#endif
