/*
 * sets.h: tasks, follow-ups and system prompts out of public sets in a directory, instead of the grammar's.
 *
 * Model: set_table.c names the files, which of their strings are what a person or program wrote, and the pools these belong
 *   to. Marks of a corpus (role names, answer brackets, issue tags) are taken off, so that no text tells which set it
 *   is from. All texts of a pool lie in one order by the hash of the text: any range of a pool's indices holds every set in
 *   proportion, so that whoever draws from it draws from the same sets; equal texts are kept once.
 * Shapes: texts are UTF-8 of at most SETS_TEXT_MAX bytes, cut at a character.
 * Memory: at most SETS_BYTES_MAX bytes of text and 32 bytes a text.
 * Ownership: spans borrow until sets_free.
 * Errors: a set that is not there is left out; STATUS_NOT_FOUND if none is. STATUS_BAD: a row is not what its set's format
 *   says, file and line in the diag (line 0: one JSON document). STATUS_TOO_BIG: more than SETS_BYTES_MAX.
 * Cost: 3 s for the 130 MB that are read of the public sets.
 * Privacy: texts are in memory only.
 */
#ifndef CORPUS_SETS_H
#define CORPUS_SETS_H

#include "corpus/corpus.h"

enum { SETS_TEXT_MAX = 3000, SETS_BYTES_MAX = 160 << 20 };

struct sets;

MUST_CHECK enum status sets_new(const char *data, struct sets **ret_sets, struct diag *diag);
void sets_free(struct sets *sets);

/* Of no sets (NULL) there is none of anything. */
uint64_t sets_tasks(const struct sets *sets, enum corpus_pool pool);
struct span sets_task(const struct sets *sets, enum corpus_pool pool, uint64_t i);
uint64_t sets_follow_ups(const struct sets *sets, enum corpus_pool pool);
struct span sets_follow_up(const struct sets *sets, enum corpus_pool pool, uint64_t i);
uint64_t sets_systems(const struct sets *sets);
struct span sets_system(const struct sets *sets, uint64_t i);

#endif
