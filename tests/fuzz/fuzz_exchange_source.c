/* A file, plain or packed: however it is read, in large pieces or small ones, it holds the same bytes and lines. */
#include "fuzz.h"

#include "exchange/log.h"
#include "exchange/source.h"

#include <stdlib.h>
#include <string.h>

enum { OUTPUT_MAX = 1 << 20 };

struct read_through {
    enum status ended;
    size_t n;
    uint64_t sum;
};

static struct read_through read_through(const char *path, size_t step)
{
    static char bytes[1 << 16];
    struct read_through all = { 0 };
    struct source *source;
    if (source_open(path, &source) != STATUS_OK)
        abort();
    while (all.n < OUTPUT_MAX && all.ended == STATUS_OK) {
        size_t got = 0;
        all.ended = source_read(source, bytes, step, &got);
        if (all.ended == STATUS_OK && (got == 0 || got > step))
            abort();
        for (size_t i = 0; i < got && all.n < OUTPUT_MAX; i++, all.n++)
            all.sum = all.sum * 31 + (unsigned char)bytes[i];
    }
    if (all.n == OUTPUT_MAX)
        all.ended = STATUS_OK;
    source_close(source);
    return all;
}

static enum status batch_new(void *context, void **ret_batch)
{
    *ret_batch = context;
    return STATUS_OK;
}

static void batch_free(void *context, void *batch)
{
    (void)context, (void)batch;
}

static enum status parse(void *context, void *hand, void *batch, const struct event *event)
{
    (void)context, (void)hand, (void)batch, (void)event;
    return STATUS_OK;
}

static enum status deliver(void *context, void *batch)
{
    (void)context, (void)batch;
    return STATUS_OK;
}

static struct log_stats read_log(const char *path, size_t chunk_bytes)
{
    const struct log_options options = {
        .paths = &path, .n_paths = 1, .n_threads = 1, .chunk_bytes = chunk_bytes, .line_max_bytes = 4096
    };
    const struct log_sink sink = {
        .batch_new = batch_new, .batch_free = batch_free, .parse = parse, .deliver = deliver
    };
    struct log_stats stats;
    if (log_read(&options, &sink, &stats) != STATUS_OK)
        abort();
    return stats;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *path = fuzz_input_file(data, n);
    struct read_through large = read_through(path, 1 << 16), small = read_through(path, 13);
    if (large.ended != small.ended || large.n != small.n || large.sum != small.sum)
        abort();
    if (large.n == OUTPUT_MAX)
        return 0;
    struct log_stats whole = read_log(path, 1 << 16), cut = read_log(path, 17);
    if (whole.lines != cut.lines || whole.events != cut.events || whole.bytes != large.n ||
        cut.bytes != large.n || memcmp(whole.faults, cut.faults, sizeof cut.faults) != 0)
        abort();
    for (int i = 0; i < FAULT_COUNT; i++)
        if (whole.first[i].line != cut.first[i].line || whole.first[i].offset != cut.first[i].offset)
            abort();
    return 0;
}
