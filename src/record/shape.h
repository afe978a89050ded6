/*
 * shape.h: the skeleton of a request: what remains when every text and name is taken out.
 *
 * Model: a hash over API, which parameters are present, their values, whether there are a system prompt and tools, the
 *   pattern of roles and the kinds of parts. Relay and pipeline software is recognised by it across accounts.
 * Benign: every user of one program shares its shape; it weighs only together with rarer things.
 * Evasion: jitter in the parameters.
 */
#ifndef RECORD_SHAPE_H
#define RECORD_SHAPE_H

#include "base/key.h"
#include "exchange/exchange.h"

enum role_pattern { PATTERN_NONE, PATTERN_SINGLE, PATTERN_DIALOGUE, PATTERN_TOOLS, PATTERN_PREFILL };

enum role_pattern role_pattern(const struct exchange *exchange);
/* 0 for metadata only. */
uint64_t shape_of(const struct key *key, const struct exchange *exchange);

#endif
