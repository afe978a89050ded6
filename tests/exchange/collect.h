/* collect.h: a sink that writes every event it is handed as text, in order, and temporary log files. */
#ifndef TESTS_EXCHANGE_COLLECT_H
#define TESTS_EXCHANGE_COLLECT_H

#include "exchange/show.h"

#include <unistd.h>

struct collected {
    char *text;
    size_t n;
    FILE *out;
    int delivering;     /* more than one at a time is an error */
    enum status refuse; /* what deliver returns */
};

struct piece {
    char *text;
    size_t n;
    FILE *out;
};

static inline enum status collect_batch_new(void *context, void **ret_batch)
{
    (void)context;
    struct piece *piece = calloc(1, sizeof *piece);
    if (!piece)
        return STATUS_NOMEM;
    piece->out = open_memstream(&piece->text, &piece->n);
    *ret_batch = piece;
    return STATUS_OK;
}

static inline void collect_batch_free(void *context, void *batch)
{
    (void)context;
    struct piece *piece = batch;
    fclose(piece->out);
    free(piece->text);
    free(piece);
}

static inline enum status collect_parse(void *context, void *hand, void *batch, const struct event *event)
{
    (void)context, (void)hand;
    show_event(((struct piece *)batch)->out, event);
    return STATUS_OK;
}

static inline enum status collect_deliver(void *context, void *batch)
{
    struct collected *collected = context;
    struct piece *piece = batch;
    assert_int_equal(collected->delivering++, 0);
    fflush(piece->out);
    fwrite(piece->text, 1, piece->n, collected->out);
    rewind(piece->out);
    collected->delivering--;
    return collected->refuse;
}

static inline struct log_sink collect_sink(struct collected *collected)
{
    collected->out = open_memstream(&collected->text, &collected->n);
    return (struct log_sink){ .context = collected,
        .batch_new = collect_batch_new,
        .batch_free = collect_batch_free,
        .parse = collect_parse,
        .deliver = collect_deliver };
}

static inline void collected_free(struct collected *collected)
{
    fclose(collected->out);
    free(collected->text);
}

/* Reads one file into text; the caller frees it. */
static inline enum status read_all(const char *path, unsigned n_threads, size_t chunk_bytes,
    size_t line_max_bytes, char **ret_text, struct log_stats *ret_stats)
{
    struct collected collected = { 0 };
    struct log_sink sink = collect_sink(&collected);
    struct log_options options = { .paths = &path,
        .n_paths = 1,
        .n_threads = n_threads,
        .chunk_bytes = chunk_bytes,
        .line_max_bytes = line_max_bytes };
    enum status st = log_read(&options, &sink, ret_stats);
    fclose(collected.out);
    *ret_text = collected.text;
    return st;
}

/* A new file with these bytes; path is overwritten in place. */
static inline void write_file(char *path, const void *bytes, size_t n)
{
    strcpy(path, "/tmp/stillwatch_test.XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), (ssize_t)n);
    close(fd);
}

enum { PATH_BYTES = 64 };

#define RELEASE(model) "{\"event\":\"release\",\"time\":\"2026-05-04T16:00:00Z\",\"model\":\"" model "\"}"
#define RELEASED(model) "release 2026-05-04T16:00:00.000Z model=" model "\n"

#endif
