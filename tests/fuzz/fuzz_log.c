/* A whole log file: plain, .gz or .zst, in small chunks, by two threads. */
#include "fuzz.h"

#include "exchange/log.h"

#include <stdlib.h>

static enum status batch_new(void *context, void **ret_batch)
{
    *ret_batch = context;
    return STATUS_OK;
}

static void batch_free(void *context, void *batch)
{
    (void)context, (void)batch;
}

static enum status parse(void *context, void *batch, const struct event *event)
{
    (void)context, (void)batch;
    return event->time_ms < INT64_MIN / 2 ? STATUS_BAD : STATUS_OK;
}

static enum status deliver(void *context, void *batch)
{
    (void)context, (void)batch;
    return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    int nothing = 0;
    const char *path = fuzz_input_file(data, n);
    const struct log_options options = {
        .paths = &path, .n_paths = 1, .n_threads = 2, .chunk_bytes = 256, .line_max_bytes = 4096
    };
    const struct log_sink sink = { .context = &nothing,
        .batch_new = batch_new,
        .batch_free = batch_free,
        .parse = parse,
        .deliver = deliver };
    struct log_stats stats;
    if (log_read(&options, &sink, &stats) == STATUS_OK && stats.events > stats.lines)
        abort();
    return 0;
}
