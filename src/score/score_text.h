/*
 * score_text.h: a score as tables for a terminal.
 *
 * Shapes: lines of at most 120 columns, unless names are long; "-" for what is not known and rates over nothing.
 * Errors: remembered by the buffer.
 */
#ifndef SCORE_SCORE_TEXT_H
#define SCORE_SCORE_TEXT_H

#include "base/buffer.h"
#include "score/score_json.h"

void score_text(struct buffer *buffer, const struct score *score, const struct score_input *input);

#endif
