#include "corpus/sets.h"
enum status sets_new(const char *data, struct sets **ret_sets, struct diag *diag)
{
    (void)ret_sets;
    diag_set(diag, "data", "%s: no sets are read yet", data);
    return STATUS_NOT_FOUND;
}
void sets_free(struct sets *sets)
{
    (void)sets;
}
uint64_t sets_count(const struct sets *sets, enum corpus_pool pool)
{
    (void)sets;
    (void)pool;
    return 0;
}
struct span sets_task(const struct sets *sets, enum corpus_pool pool, uint64_t task)
{
    (void)sets;
    (void)pool;
    (void)task;
    return (struct span){ 0 };
}
uint64_t sets_follow_ups(const struct sets *sets, enum corpus_pool pool)
{
    (void)sets;
    (void)pool;
    return 0;
}
struct span sets_follow_up(const struct sets *sets, enum corpus_pool pool, uint64_t i)
{
    (void)sets;
    (void)pool;
    (void)i;
    return (struct span){ 0 };
}
