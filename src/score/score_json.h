/*
 * score_json.h: a score as JSON (score.json; docs/formats.md).
 *
 * Shapes: the same bytes for the same score. What is not known, and a rate over nothing, is null.
 */
#ifndef SCORE_SCORE_JSON_H
#define SCORE_SCORE_JSON_H

#include "base/json_writer.h"
#include "score/score.h"

/* What was met while truth and run were read; all 0 where neither came from files. */
struct score_input {
    uint64_t shadow_decisions;   /* left out */
    uint64_t extraction_missing; /* ids that the log does not have */
    uint64_t events_of_unknown;  /* of accounts that the truth does not know */
    uint64_t bad_lines;          /* of the log */
};

void score_json(struct json_writer *writer, const struct score *score, const struct score_input *input);

#endif
