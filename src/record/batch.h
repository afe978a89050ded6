/*
 * batch.h: a run of records in log order, with the names of the accounts in it.
 *
 * Model: decisions must name accounts as the provider does, so the batch carries each account id once beside its
 *   hash. Names of anything else do not leave the exchange layer.
 * Ownership: the batch owns its arrays; batch_reset keeps the memory for the next use.
 * Memory: grows to the largest chunk, at most BATCH_RECORDS_MAX records (STATUS_FULL beyond).
 */
#ifndef RECORD_BATCH_H
#define RECORD_BATCH_H

#include "base/span.h"
#include "base/status.h"
#include "record/record.h"

#include <stddef.h>

enum { ACCOUNT_NAME_MAX = 255, BATCH_RECORDS_MAX = 1 << 16 };

struct account_name {
    uint64_t account; /* its hash */
    uint32_t offset;  /* into name_bytes */
    uint8_t n;
};

struct record_batch {
    struct record *records;
    size_t n, capacity;
    struct account_name *names; /* in order of first appearance in the batch */
    size_t n_names, names_capacity;
    char *name_bytes;
    size_t name_n, name_capacity;
    uint64_t recent[1024]; /* hashes named lately: a cache that keeps most repeats out; repeats are allowed */
};

MUST_CHECK enum status record_batch_new(struct record_batch **ret_batch);
void record_batch_free(struct record_batch *batch);
void record_batch_reset(struct record_batch *batch);
/* Borrows the next free record, zeroed; it counts once record_batch_commit is called. */
MUST_CHECK enum status record_batch_next(struct record_batch *batch, struct record **ret_record);
void record_batch_commit(struct record_batch *batch);
/* Notes the account's name unless it was noted lately. STATUS_BAD for an empty or too long one. */
MUST_CHECK enum status record_batch_name(struct record_batch *batch, uint64_t account, struct span name);
static inline struct span record_batch_name_at(const struct record_batch *batch, size_t i)
{
    const struct account_name *name = &batch->names[i];
    return (struct span){ batch->name_bytes + name->offset, name->n };
}

#endif
