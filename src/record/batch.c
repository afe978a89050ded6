#include "record/batch.h"

#include <stdlib.h>

enum { FIRST_RECORDS = 256, FIRST_NAMES = 64, FIRST_NAME_BYTES = 4096 };

enum status record_batch_new(struct record_batch **ret_batch)
{
    struct record_batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return STATUS_NOMEM;
    *ret_batch = batch;
    return STATUS_OK;
}

void record_batch_free(struct record_batch *batch)
{
    if (!batch)
        return;
    free(batch->records);
    free(batch->names);
    free(batch->name_bytes);
    free(batch);
}

void record_batch_reset(struct record_batch *batch)
{
    batch->n = batch->n_names = batch->name_n = 0;
    memset(batch->recent, 0, sizeof batch->recent);
}

/* Makes room for `wanted` items, at least doubling; the old memory stays valid on failure. */
static enum status grow(void **memory, size_t *capacity, size_t wanted, size_t item_bytes, size_t first)
{
    enum status st = STATUS_OK;
    size_t grown = *capacity ? *capacity * 2 : first;
    if (wanted <= *capacity)
        return st;
    while (grown < wanted)
        grown *= 2;
    void *moved = realloc(*memory, grown * item_bytes);
    REQUIRE(moved, STATUS_NOMEM);
    *memory = moved;
    *capacity = grown;
fail:
    return st;
}

enum status record_batch_next(struct record_batch *batch, struct record **ret_record)
{
    enum status st = STATUS_OK;
    void *memory = batch->records;
    REQUIRE(batch->n < BATCH_RECORDS_MAX, STATUS_FULL);
    st = grow(&memory, &batch->capacity, batch->n + 1, sizeof *batch->records, FIRST_RECORDS);
    batch->records = memory;
    REQUIRE(st == STATUS_OK, st);
    memset(&batch->records[batch->n], 0, sizeof *batch->records);
    *ret_record = &batch->records[batch->n];
fail:
    return st;
}

void record_batch_commit(struct record_batch *batch)
{
    batch->n++;
}

enum status record_batch_name(struct record_batch *batch, uint64_t account, struct span name)
{
    enum status st = STATUS_OK;
    uint64_t *recent = &batch->recent[account % (sizeof batch->recent / sizeof *batch->recent)];
    if (account == 0 || *recent == account)
        return st;
    REQUIRE(name.n > 0 && name.n <= ACCOUNT_NAME_MAX, STATUS_BAD);
    REQUIRE(batch->n_names < BATCH_RECORDS_MAX, STATUS_FULL);
    void *names = batch->names, *bytes = batch->name_bytes;
    st = grow(&names, &batch->names_capacity, batch->n_names + 1, sizeof *batch->names, FIRST_NAMES);
    batch->names = names;
    REQUIRE(st == STATUS_OK, st);
    st = grow(&bytes, &batch->name_capacity, batch->name_n + name.n, 1, FIRST_NAME_BYTES);
    batch->name_bytes = bytes;
    REQUIRE(st == STATUS_OK, st);
    memcpy(batch->name_bytes + batch->name_n, name.data, name.n);
    batch->names[batch->n_names++] =
        (struct account_name){ account, (uint32_t)batch->name_n, (uint8_t)name.n };
    batch->name_n += name.n;
    *recent = account;
fail:
    return st;
}
