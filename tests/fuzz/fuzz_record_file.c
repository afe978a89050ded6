/* A record file, block by block. */
#include "fuzz.h"

#include "record/codec.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct key key;
    struct diag diag = { 0 };
    struct record_reader *reader = NULL;
    struct record_batch *batch = NULL;
    const char *path = fuzz_input_file(data, n);
    key_init(&key, key_default_secret);
    if (record_batch_new(&batch) != STATUS_OK)
        return 0;
    if (record_reader_open(path, &key, &reader, &diag) == STATUS_OK) {
        while (record_reader_next(reader, batch, &diag) == STATUS_OK)
            record_batch_reset(batch);
    }
    record_reader_free(reader);
    record_batch_free(batch);
    return 0;
}
