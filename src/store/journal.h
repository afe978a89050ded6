/*
 * journal.h: every record that the service took, in the order in which it took them: its durable state.
 *
 * Model: segment files NNNNNNNN.journal, each a head and blocks. The end that counts is the one that the service commits
 *   elsewhere, together with what follows from the records (store/table.h); whatever lies behind it is cut off when the
 *   journal is opened. The engine decides the same over the same records, so reading the journal from its beginning
 *   makes the engine that was. docs/decisions/017-a-journal-instead-of-a-snapshot.md
 * Shapes: head: magic "STILLJNL", version u32, length of the segment before u32 (so that one that was cut where a block
 *   ends is known), key check u64, when it was begun in ms i64, XXH3 of these seeded with the number; little-endian. Block: {length u32, count
 *   u32, kind u32, 0, check u64} and the payload; the check is XXH3 of the payload seeded with XXH3 of the first 16
 *   bytes seeded with the block's place. A segment ends at JOURNAL_SEGMENT_BYTES or after a day.
 * Memory: one block a reader, none a writer.
 * Errors: STATUS_IO: the system's; a failed append leaves what was there. STATUS_BAD: damaged inside the committed part,
 *   or missing; STATUS_MISMATCH: made under another secret or version. diag names segment and byte.
 * Order of calls: journal_open with the committed place, (journal_append)*, journal_sync, then commit journal_end.
 * Threads: one. Privacy: records and account names, as in record/codec.h, and the policy's text.
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "base/diag.h"
#include "base/span.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    JOURNAL_SEGMENT_BYTES = 64 << 20,
    JOURNAL_BLOCK_MAX = 4 << 20, /* of payload */
};

enum journal_kind { JOURNAL_ITEMS = 1, JOURNAL_POLICY = 2 };

struct journal_place {
    uint32_t segment; /* 0: nothing was committed yet */
    uint64_t offset;
};

struct journal_block {
    enum journal_kind kind;
    uint32_t count; /* the caller's: records in it */
    struct span payload;
};

struct journal;
struct journal_reader;

/*
 * Cuts off what lies behind `committed`. With segment 0 the folder is made if it is missing, and must hold no journal
 * beyond an empty first segment: one that the table does not know is not thrown away.
 */
MUST_CHECK enum status journal_open(const char *folder, uint64_t key_check, struct journal_place committed,
    int64_t now_ms, struct journal **ret_journal, struct diag *diag);
/* What journal_open would refuse without a look at the blocks; nothing is touched. diag: reason only. */
MUST_CHECK enum status journal_check(
    const char *folder, uint64_t key_check, struct journal_place committed, struct diag *diag);
void journal_close(struct journal *journal);
/* Whether the next block should begin a new segment: then journal_turn first. */
bool journal_is_due(const struct journal *journal, int64_t now_ms);
MUST_CHECK enum status journal_turn(struct journal *journal, int64_t now_ms);
MUST_CHECK enum status journal_append(struct journal *journal, const struct journal_block *block);
/* All that was appended is on the disk. After a failure nobody knows what is: leave and open anew. */
MUST_CHECK enum status journal_sync(struct journal *journal);
struct journal_place journal_end(const struct journal *journal);
/* Removes segments that hold nothing younger than that; never the last. Returns how many. */
unsigned journal_drop_before(struct journal *journal, int64_t oldest_ms);
/* Bytes in all segments; the number of segments that are there. */
uint64_t journal_bytes(const struct journal *journal, unsigned *ret_segments);

/* a comes before b. */
bool journal_is_before(struct journal_place a, struct journal_place b);

/* From the oldest segment to `end`. */
MUST_CHECK enum status journal_reader_open(const char *folder, uint64_t key_check, struct journal_place end,
    struct journal_reader **ret_reader, struct diag *diag);
/* The payload borrows until the next call. STATUS_END: `end` is reached. */
MUST_CHECK enum status journal_reader_next(
    struct journal_reader *reader, struct journal_block *ret_block, struct diag *diag);
/* Behind the last block that was read; before the first, segment 0. */
struct journal_place journal_reader_place(const struct journal_reader *reader);
/* The journal grew while it was read. */
void journal_reader_extend(struct journal_reader *reader, struct journal_place end);
void journal_reader_free(struct journal_reader *reader);

#endif
