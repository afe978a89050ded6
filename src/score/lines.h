/*
 * lines.h: a text file line by line, and lines of JSON into C objects.
 *
 * Model: whatever exchange/source.h unpacks; lines end at LF, a CR before it goes; empty lines are passed over. A JSON
 *   line is walked by a table of keys (exchange/walk.h); unknown keys are passed over.
 * Memory: 64 KiB to begin with, 1 MiB at most: the longest line.
 * Ownership: a line is borrowed until the next one is read; the path for as long as the file is open.
 * Errors: the diag has file, line and reason. STATUS_NOT_FOUND: there is no such file. STATUS_END behind the last line.
 *   STATUS_TOO_BIG: a longer line; the next call goes on behind it. What is no JSON, of a wrong type or impossible is STATUS_BAD.
 * Threads: one at a time.
 */
#ifndef SCORE_LINES_H
#define SCORE_LINES_H

#include "base/diag.h"
#include "exchange/walk.h"

struct lines;

MUST_CHECK enum status lines_open(const char *path, struct lines **ret_lines, struct diag *diag);
void lines_close(struct lines *lines);

MUST_CHECK enum status lines_next(struct lines *lines, struct span *ret_line, struct diag *diag);
/* The object must have its absent values before. */
MUST_CHECK enum status lines_json(
    struct lines *lines, const struct fields *fields, void *object, struct diag *diag);
/* Points the diag at the line read last and sets field and reason; returns STATUS_BAD. */
enum status lines_bad(const struct lines *lines, struct diag *diag, const char *field, const char *reason);

#endif
