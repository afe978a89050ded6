/*
 * emit.h: happenings → lines of a log, or records, on several threads.
 *
 * Model: each account's happenings are spoken by the same hand (speak.h), which remembers its conversations; then lines or
 *   records are laid together in the order of the happenings. So the number of threads shows in nothing that
 *   comes out.
 * Ownership: what an emission holds is valid until the next emit.
 * Memory: a speaker, an extractor and the bytes or records of its share for each of EMIT_HANDS hands, and everything
 *   once more in order.
 * Errors: STATUS_NOMEM, STATUS_FULL for a batch of more than EMIT_MAX happenings.
 * Threads: one caller at a time; n_threads inside.
 */
#ifndef LAB_EMIT_H
#define LAB_EMIT_H

#include "lab/speak.h"
#include "record/batch.h"
#include "rival/query.h"

enum { EMIT_HANDS = 8, EMIT_MAX = BATCH_RECORDS_MAX };

enum emit_what { EMIT_LOG = 1, EMIT_RECORDS = 2, EMIT_QUERIES = 4 };

struct emitter;

struct emission {
    struct span log;
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

MUST_CHECK enum status emitter_new(const struct emit_config *config, struct emitter **ret_emitter);
void emitter_free(struct emitter *emitter);
MUST_CHECK enum status emit(
    struct emitter *emitter, const struct happening *happenings, size_t n, struct emission *ret_emission);

#endif
