/*
 * log.h: reads exchange logs with several threads and hands the events over in their order.
 *
 * Model: bytes come in chunks that end at a line end; each thread parses one chunk at a time, turning
 *   every event into whatever the caller keeps of it (parse callback, any thread, borrowed text); finished
 *   chunks are delivered one after the other in file order (deliver callback, one thread at a time). The
 *   result therefore does not depend on the number of threads, nor on where the log is cut into files.
 * Shapes: plain, .gz (also several members) and .zst (several frames) by magic bytes, not by name; "-" is
 *   standard input. White space is no line within the limit; a byte order mark at the start of a file and CRLF are allowed.
 * Memory: a chunk of chunk_bytes for each thread (256 KiB by default, which stays in the cache; one line
 *   longer than that grows one chunk up to line_max_bytes), plus what parse keeps of n_threads + 32 chunks
 *   (of one, with one thread): so far the others read ahead while one delivers.
 * Errors: bad lines are skipped and counted by reason, the first of each reason kept with position. A
 *   truncated last line or damaged compression ends that file, is counted and reported, and loses nothing
 *   before it. STATUS_IO when a file cannot be opened or read: what was read before is delivered, later
 *   files are not opened.
 * Cost: about 1.3 us of a core for a line of 1.8 kB, reading included (bench/exchange_bench.c).
 * Threads: parse runs concurrently with itself; deliver never runs concurrently with itself.
 */
#ifndef EXCHANGE_LOG_H
#define EXCHANGE_LOG_H

#include "base/diag.h"
#include "base/status.h"
#include "exchange/event.h"

#include <stdint.h>

enum line_fault {
    FAULT_NOT_JSON,
    FAULT_MISSING_KEY,
    FAULT_WRONG_TYPE,
    FAULT_BAD_VALUE, /* right type, impossible value: an unknown api or action, a time that is none, an id too
                        long */
    FAULT_TOO_LONG,
    FAULT_TRUNCATED, /* the last line of a file is neither ended nor JSON */
    FAULT_DAMAGED, /* compression that does not decode: once a file, the piece of a line before it included */
    FAULT_COUNT
};

/* A short stable name such as "not_json", for summary.json. */
const char *line_fault_name(enum line_fault fault);

struct log_options {
    const char *const *paths;
    size_t n_paths;
    unsigned n_threads;    /* at least 1 */
    size_t chunk_bytes;    /* 0: 256 KiB */
    size_t line_max_bytes; /* 0: 16 MiB */
};

struct log_stats {
    uint64_t lines;  /* non-empty lines seen, bad ones included */
    uint64_t events; /* good lines */
    uint64_t bytes;  /* uncompressed */
    uint64_t faults[FAULT_COUNT];
    struct diag
        first[FAULT_COUNT];   /* position and reason of the first of each; file is borrowed from options */
    struct diag io;           /* of STATUS_IO: file, offset, reason */
    uint64_t unknown_keys;    /* distinct unknown keys in file order; beyond 32 they are not told apart */
    char unknown_key[32][64]; /* with their path: "client.foo" */
};

/* Progress for people: bytes of compressed input consumed so far and in all (0: unknown, e.g. a pipe). */
struct log_progress {
    uint64_t input_bytes;
    uint64_t input_total_bytes;
    uint64_t lines;
};

struct log_sink {
    void *context;
    /* Makes what a thread needs to parse, one each. May be NULL, and what parse gets is NULL then. */
    MUST_CHECK enum status (*hand_new)(void *context, void **ret_hand);
    void (*hand_free)(void *context, void *hand);
    /* Makes the holder that parse fills, one a chunk in flight. */
    MUST_CHECK enum status (*batch_new)(void *context, void **ret_batch);
    void (*batch_free)(void *context, void *batch);
    /* Any thread. Adds one event to the batch. The event's text dies when it returns. */
    MUST_CHECK enum status (*parse)(void *context, void *hand, void *batch, const struct event *event);
    /* One thread at a time, in order. Empties the batch for its next use. */
    MUST_CHECK enum status (*deliver)(void *context, void *batch);
    /* May be NULL. Called from deliver's thread after each chunk. */
    void (*progress)(void *context, const struct log_progress *progress);
};

/* Reads all files one after the other. ret_stats is always written. A status from parse or deliver ends the
 * run. */
MUST_CHECK enum status log_read(
    const struct log_options *options, const struct log_sink *sink, struct log_stats *ret_stats);

#endif
