/* Items of a record file: whatever decodes encodes to something that decodes to the same record. */
#include "fuzz.h"

#include "record/codec.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct record record, again;
    struct diag diag = { 0 };
    uint8_t bytes[4096];
    size_t used = 0, used_again = 0;
    memset(&record, 0, sizeof record);
    memset(&again, 0, sizeof again);
    if (record_decode(data, n, &record, &used, &diag) != STATUS_OK)
        return 0;
    size_t written = record_encode(&record, bytes, sizeof bytes);
    if (used > n || written == 0 || record_decode(bytes, written, &again, &used_again, &diag) != STATUS_OK)
        abort();
    if (used_again != written || again.time_ms != record.time_ms || again.account != record.account ||
        again.kind != record.kind)
        abort();
    return 0;
}
