/*
 * source.h: the uncompressed bytes of one file, whatever it is packed in.
 *
 * Model: the first bytes tell: 1f 8b is gzip (any number of members, zero padding behind them), a zstd or
 *   skippable frame magic is zstd (any number of frames), anything else is plain. "-" is standard input.
 *   Plain files are read, not mapped: a copy into a buffer that stays in the cache is cheaper than the faults
 *   of a mapping (0.16 and 0.20 s a GB), and a file that is cut while it is read is no signal.
 * Memory: 256 KiB for the input, and what zlib (40 KiB) and zstd (window, at most 128 MiB) need.
 * Errors: all that decodes before a damage is given first. STATUS_BAD: damaged; STATUS_IO: the system
 *   refused; source_reason says what. After STATUS_END, BAD or IO every read says the same again.
 * Threads: one at a time.
 */
#ifndef EXCHANGE_SOURCE_H
#define EXCHANGE_SOURCE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;

/* On STATUS_IO errno is that of open. */
MUST_CHECK enum status source_open(const char *path, struct source **ret_source);
void source_close(struct source *source);

/* At least one byte and at most n (n > 0), or STATUS_END. */
MUST_CHECK enum status source_read(struct source *source, char *bytes, size_t n, size_t *ret_n);

/* Of the last failure, for people; never NULL. */
const char *source_reason(const struct source *source);
/* Bytes of the file read so far, before unpacking. */
uint64_t source_input_bytes(const struct source *source);
/* More may come later: a pipe or terminal, where a line must not wait for the next one. */
bool source_is_live(const struct source *source);

#endif
