/* A row of the table, its kind by the first byte: bytes that decode are those that their row is encoded to. */
#include "fuzz.h"

#include "store/rows.h"

#include <stdlib.h>

static struct row_bytes again;

static enum status key_row_twice(struct span bytes)
{
    struct key_row row = { .expires_ms = 77 };
    enum status st = key_row_decode(bytes, &row);
    if (st == STATUS_OK && key_row_encode(&row, &again) != STATUS_OK)
        abort();
    if (st != STATUS_OK && row.expires_ms != 77)
        abort();
    return st;
}

static enum status account_row_twice(struct span bytes)
{
    struct account_row row = { .created_ms = 77 };
    enum status st = account_row_decode(bytes, &row);
    if (st == STATUS_OK && account_row_encode(&row, &again) != STATUS_OK)
        abort();
    if (st != STATUS_OK && row.created_ms != 77)
        abort();
    return st;
}

static enum status decision_row_twice(struct span bytes)
{
    struct decision_row row = { .time_ms = 77 };
    enum status st = decision_row_decode(bytes, &row);
    if (st == STATUS_OK && decision_row_encode(&row, &again) != STATUS_OK)
        abort();
    if (st != STATUS_OK && row.time_ms != 77)
        abort();
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static enum status (*const twice[])(
        struct span) = { key_row_twice, account_row_twice, decision_row_twice };
    if (n == 0)
        return 0;
    struct span bytes = { (const char *)data + 1, n - 1 };
    enum status st = twice[data[0] % 3](bytes);
    if (st == STATUS_OK && !span_eq(bytes, (struct span){ (const char *)again.bytes, again.n }))
        abort();
    if (st != STATUS_OK && st != STATUS_BAD && st != STATUS_MISMATCH)
        abort();
    return 0;
}
