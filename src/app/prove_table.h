/*
 * prove_table.h: the runs of `stillwatch prove`: one table for people, one line a run for machines.
 *
 * Model: the first kind of detector is nobody, unless nobody attacks: what is taken then is what leaks are a share of. Over the seeds the median and the worst case of each figure; false containments are summed, with the exact 95 %
 *   upper bound of the rate. A campaign that was never detected counts as worst.
 * Shapes: runs.jsonl: one object a run: scenario, scale, detector, seed, exchanges, accounts, wall_s, detector_s,
 *   state_bytes, operators (one a campaign), score (as score.json).
 */
#ifndef APP_PROVE_TABLE_H
#define APP_PROVE_TABLE_H

#include "base/buffer.h"
#include "base/json_writer.h"
#include "lab/prove.h"

enum { PROVE_SEEDS_MAX = 1000, PROVE_KINDS_MAX = 32, PROVE_ACCOUNTS_MAX = 1000000 };

struct proof_run {
    const struct detector_kind *kind;
    uint64_t seed;
    struct prove_result result;
};

struct proofs {
    const struct scenario *scenario;
    double scale;
    const struct detector_kind *kinds[PROVE_KINDS_MAX];
    size_t n_kinds;
    struct proof_run *runs; /* seed by seed, within one kind by kind */
    size_t n_runs;
};

void proofs_table(const struct proofs *proofs, struct buffer *out);
void proofs_json(const struct proofs *proofs, struct json_writer *out);
void proofs_fini(struct proofs *proofs);

#endif
