/*
 * extraction.h: when each exchange that serves the extraction was, and by which account.
 *
 * Model: either a table with account and time of each (extraction.csv), or the ids alone (extraction.ids) joined with
 *   the log that has them, as JSON or as records. Reading the log also tells when each account was first seen, and
 *   from when to when the log goes. An id that the log has twice counts once.
 * Shapes: extraction.csv has a line `exchange,account,time_ms` first; nothing is quoted: the first comma ends the
 *   exchange, the last begins the time.
 * Memory: 16 bytes an exchange; 9 more an id while it is joined, 24 an event of the chunks that are read.
 * Ownership: the caller's struct, its items. A zeroed one may be given to extraction_fini.
 * Errors: diag has file, line and reason; STATUS_NOT_FOUND where there is no such file. Bad lines of a log are passed
 *   over and counted; a damaged or cut log is an error.
 * Cost: bound by parsing the log (exchange/log.h); 0.24 us a line of a table.
 */
#ifndef SCORE_EXTRACTION_H
#define SCORE_EXTRACTION_H

#include "base/key.h"
#include "base/map.h"
#include "exchange/log.h"
#include "score/score.h"

struct extraction {
    struct score_extraction *items;
    size_t n, capacity;
    uint64_t missing;          /* ids that the log does not have */
    uint64_t of_unknown;       /* events of accounts that the truth does not know */
    int64_t first_ms, last_ms; /* of the log; first > last: none was read */
    uint64_t bad_lines;        /* of logs, passed over */
    struct diag first_bad;
};

/* Whose accounts they are; since_ms INT64_MAX is set to the first event of the account. */
struct extraction_accounts {
    const struct key *key;
    const struct u64_map *index;
    struct score_account *items;
};

MUST_CHECK enum status extraction_read_table(
    const char *path, const struct key *key, struct extraction *extraction, struct diag *diag);
MUST_CHECK enum status extraction_read_logs(const char *ids_path, const char *const *logs, size_t n_logs,
    unsigned n_threads, const struct extraction_accounts *accounts, struct extraction *extraction,
    struct diag *diag);
void extraction_fini(struct extraction *extraction);

#endif
