/*
 * language.h: which language or script is a text in?
 *
 * Model: where at least one letter in eight is beyond ASCII and one script has most of these, the script decides;
 *   else the Latin language most of whose commonest words occur, over the first LANGUAGE_TOKENS tokens.
 * Errors: short or mixed texts give LANG_UNKNOWN; Latin text without known words is LANG_OTHER_LATIN. Cyrillic counts
 *   as Russian, Devanagari as Hindi, Arabic script as Arabic, as their sisters are not told apart.
 * Cost: at most LANGUAGE_BYTES bytes of non-Latin text; a few operations a word that is known (known.h).
 */
#ifndef RECORD_LANGUAGE_H
#define RECORD_LANGUAGE_H

#include "base/span.h"
#include "record/known.h"
#include "record/record.h"

enum { LANGUAGE_BYTES = 512, LANGUAGE_TOKENS = 96 };

/* Adds the words to the table; wordtable_build is the caller's. */
void language_words(struct wordtable *table);
/* text: the beginning of what the tokens were made from; known: of the same tokens. */
enum language language_of(const struct known *known, struct span text, const struct tokens *tokens);

#endif
