/*
 * builtin.h: the built-in files of rules (grammar/, in the format of grammar.h), as embed.py puts them into the program.
 *
 * Ownership: constants; not NUL-terminated.
 */
#ifndef CORPUS_BUILTIN_H
#define CORPUS_BUILTIN_H

#include "corpus/grammar.h"

extern const struct grammar_source builtin_rules[];
extern const size_t builtin_n_rules;

#endif
