/* placeholder */
#ifndef CORPUS_SETS_H
#define CORPUS_SETS_H
#include "corpus/corpus.h"
struct sets;
MUST_CHECK enum status sets_new(const char *data, struct sets **ret_sets, struct diag *diag);
void sets_free(struct sets *sets);
uint64_t sets_count(const struct sets *sets, enum corpus_pool pool);
struct span sets_task(const struct sets *sets, enum corpus_pool pool, uint64_t task);
uint64_t sets_follow_ups(const struct sets *sets, enum corpus_pool pool);
struct span sets_follow_up(const struct sets *sets, enum corpus_pool pool, uint64_t i);
#endif
