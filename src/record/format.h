/*
 * format.h: which output format does a prompt demand?
 *
 * Model: pairs of words at a small distance ("step ... step", "only ... code"), and a few single words, over the
 *   first and last tokens of a text (known.h); English only. Parameters of the request add what they say.
 * Shapes: FORMAT_ bits of record.h, and FORMAT_CANDIDATES where a text shows a first and a second candidate answer.
 * Cost: a few operations a word that is known (known.h), and one comparison for each rule that it may complete.
 * Benign: every application that parses its answers; a format is a description, never a charge.
 * Evasion: other words, other languages, a free form that is parsed later.
 */
#ifndef RECORD_FORMAT_H
#define RECORD_FORMAT_H

#include "record/known.h"

enum { FORMAT_CANDIDATES = 1 << 16 }; /* beyond the bits of the record */

/* Adds the words to the table; wordtable_build is the caller's. */
void format_words(struct wordtable *table);
uint32_t format_of(const struct known *known);

#endif
