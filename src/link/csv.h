/*
 * csv.h: sightings from a CSV file: account, object, time and perhaps kind.
 *
 * Model: the first line names the columns, in any order; further ones are passed over. Lines come in any order. Fields may stand
 *   in double quotes, with two for one; no field has a line break. At most 64 columns, and no line has more fields. Times: seconds or milliseconds since 1970 (from 1e11 on they
 *   are milliseconds; seconds may have a fraction), or ISO 8601: "2026-05-05T08:00:00Z", with a zone or without (then UTC), a
 *   space for the T, a date alone. Plain, gzip, zstd; "-" is standard input.
 * Memory: score/lines.h.
 * Errors: the diag names file, line and field. A line that cannot be read or is too long is counted and passed over as long as there
 *   are at most bad_max, with the first of each reason kept. STATUS_BAD beyond, and for a header without a column.
 */
#ifndef LINK_CSV_H
#define LINK_CSV_H

#include "base/diag.h"
#include "link/acts.h"

enum { CSV_REASONS = 10 };

struct csv_counts {
    uint64_t rows, bad;
    struct csv_reason {
        struct diag first;
        uint64_t n;
    } reasons[CSV_REASONS]; /* why lines were bad, in the order met */
    size_t n_reasons;
};

/* ret_counts is always written. */
MUST_CHECK enum status csv_read(
    const char *path, uint64_t bad_max, struct acts *acts, struct csv_counts *ret_counts, struct diag *diag);
/* STATUS_BAD for what is no time. */
MUST_CHECK enum status csv_time(struct span text, int64_t *ret_ms);

#endif
