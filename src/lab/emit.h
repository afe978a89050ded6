/*
 * emit.h: happenings → lines of a log, or records, on several threads.
 *
 * Model: each account's happenings are spoken by the same hand (speak.h), which remembers its conversations; what comes out
 *   is in the order of the happenings. So the number of threads shows in nothing that comes out. Something else, such as
 *   writing what was emitted before, can be done beside on one of the threads.
 * Ownership: pieces are valid until the next but one emit, records and queries until the next.
 * Memory: a speaker, an extractor and the bytes or records of its share, twice, for each of EMIT_HANDS hands.
 * Errors: STATUS_NOMEM, STATUS_FULL for a batch of more than EMIT_MAX happenings; whatever is done beside returns.
 * Threads: one caller at a time; n_threads inside.
 */
#ifndef LAB_EMIT_H
#define LAB_EMIT_H

#include "lab/speak.h"
#include "record/batch.h"
#include "rival/query.h"

enum { EMIT_HANDS = 16, EMIT_MAX = BATCH_RECORDS_MAX };

/* Lines, or records as items of a record file (record/codec.h), or records in memory. Not lines and items at once. */
enum emit_what { EMIT_LOG = 1, EMIT_RECORDS = 2, EMIT_QUERIES = 4, EMIT_ITEMS = 8 };

struct emitter;

struct emission {
    const struct span *pieces; /* one a happening: its line, or its items */
    size_t n_pieces;
    const struct record_batch *records; /* one a happening */
    const struct query *queries;        /* one a record */
};

struct emit_config {
    const struct world *world;
    const struct corpus *corpus;
    const struct key *key;
    unsigned n_threads;
    unsigned what; /* EMIT_ bits */
};

/* What is done beside; function NULL: nothing. */
struct emit_beside {
    enum status (*function)(void *context);
    void *context;
};

MUST_CHECK enum status emitter_new(const struct emit_config *config, struct emitter **ret_emitter);
void emitter_free(struct emitter *emitter);
MUST_CHECK enum status emit(
    struct emitter *emitter, const struct happening *happenings, size_t n, struct emission *ret_emission);
MUST_CHECK enum status emit_beside(struct emitter *emitter, const struct happening *happenings, size_t n,
    const struct emit_beside *beside, struct emission *ret_emission);

#endif
