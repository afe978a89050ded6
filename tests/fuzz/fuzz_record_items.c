/*
 * A run of items, as in an entry of a ring or a block of the journal: all of it comes into the batch or nothing, what was
 * there stays, the first record's time is what record_items_time says, and what came in comes back from what it is
 * encoded to.
 */
#include "fuzz.h"

#include "base/clock.h"
#include "record/codec.h"

#include <stdlib.h>
#include <string.h>

static void put_early(struct record_batch *batch)
{
    uint8_t items[2 * RECORD_ITEM_MAX];
    struct record record = { .time_ms = 5, .account = 77, .kind = RECORD_RELEASE };
    size_t n = record_encode_name(77, SPAN("acct_early"), items);
    n += record_encode(&record, items + n, RECORD_ITEM_MAX);
    if (record_items_decode((struct span){ (const char *)items, n }, batch, NULL) != STATUS_OK)
        abort();
}

static void check_early(const struct record_batch *batch)
{
    if (batch->n < 1 || batch->n_names < 1 || batch->records[0].account != 77 ||
        !span_is(record_batch_name_at(batch, 0), "acct_early"))
        abort();
}

static void check_again(const struct record_batch *batch, struct record_batch *again)
{
    uint8_t item[RECORD_ITEM_MAX];
    record_batch_reset(again);
    for (size_t i = 0; i < batch->n; i++) {
        const struct record *record = &batch->records[i];
        size_t n = record_encode(record, item, sizeof item);
        if (n == 0 || record_items_decode((struct span){ (const char *)item, n }, again, NULL) != STATUS_OK)
            abort();
        if (record->time_ms < CLOCK_MIN_MS || record->time_ms > CLOCK_MAX_MS)
            abort();
        /* Both zeroed first, padding too. */
        // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
        if (memcmp(&again->records[i], record, sizeof *record) != 0)
            abort();
    }
    for (size_t i = 0; i < batch->n_names; i++) {
        struct span name = record_batch_name_at(batch, i);
        size_t n = record_encode_name(batch->names[i].account, name, item), names = again->n_names;
        if (record_items_decode((struct span){ (const char *)item, n }, again, NULL) != STATUS_OK)
            abort();
        if (again->n_names > names && !span_eq(record_batch_name_at(again, names), name))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct record_batch *batch, *again;
    struct span items = { (const char *)data, n };
    struct diag diag = { 0 };
    int64_t time_ms = -1;
    if (!batch && (record_batch_new(&batch) != STATUS_OK || record_batch_new(&again) != STATUS_OK))
        abort();
    record_batch_reset(batch);
    put_early(batch);
    size_t names = batch->n_names;
    enum status st = record_items_decode(items, batch, &diag);
    bool timed = record_items_time(items, &time_ms);
    check_early(batch);
    if (st != STATUS_OK) {
        if (st != STATUS_BAD || !diag.reason[0] || batch->n != 1 || batch->n_names != names)
            abort();
        return 0;
    }
    if (timed != (batch->n > 1) || (timed && time_ms != batch->records[1].time_ms))
        abort();
    check_again(batch, again);
    return 0;
}
