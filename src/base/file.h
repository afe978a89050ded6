/*
 * file.h: whole files in, and files out that are either complete or not there.
 *
 * Model: a draft is written beside its final path and moved into place by file_draft_commit after fsync of file and
 *   folder. A crash leaves the old file, or none, and perhaps a draft (its name ends in ".draft"). A pipe or a
 *   device, and standard output by whatever name, is written directly.
 * Errors: STATUS_IO, with errno left as the system set it; STATUS_TOO_BIG beyond the limit given.
 * Ownership: file_read allocates, the caller frees.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/span.h"
#include "base/status.h"

#include <stdio.h>

struct file_draft {
    FILE *stream;
    char *path, *draft_path;
};

MUST_CHECK enum status file_draft_open(const char *path, struct file_draft *ret_draft);
/* Ends the draft either way; on failure the draft is removed and the file at path stays as it was. */
MUST_CHECK enum status file_draft_commit(struct file_draft *draft);
void file_draft_abort(struct file_draft *draft);

/* Behind what was written to the stream, without a copy: for pieces of any number that are large together. */
MUST_CHECK enum status file_put_pieces(FILE *stream, const struct span *pieces, size_t n);
MUST_CHECK enum status file_write(const char *path, struct span bytes);
/* Reads at most limit bytes; ret_bytes->data is NUL-terminated beyond its n bytes. */
MUST_CHECK enum status file_read(const char *path, size_t limit, struct span *ret_bytes);

#endif
