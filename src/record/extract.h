/*
 * extract.h: exchange → record: the door where text stops.
 *
 * Model: one pass turns each text into a token stream (tokens.h: hash and class of every word, number, symbol,
 *   with quotes, URLs, code fences and numbers recognised); everything else (frames, slot, anchors, classifiers,
 *   language) is computed from the tokens, so that bytes are touched once.
 * Cost: 38000 instructions for 2 kB of text (bench_extract) and 4.1 microseconds on a slow core; 50000 and 5.9 where
 *   the text is real prompts, whose words are shorter. Repeated system prompts and tool sets cost one hash of
 *   their bytes (promptcache.h). Text beyond EXTRACT_TEXT_MAX bytes a part is not tokenised (sizes still count it).
 * Ownership: the extractor owns its scratch; one a thread.
 * Privacy: no output but the record.
 */
#ifndef RECORD_EXTRACT_H
#define RECORD_EXTRACT_H

#include "base/key.h"
#include "exchange/event.h"
#include "record/batch.h"
#include "record/record.h"

enum { EXTRACT_TEXT_MAX = 64 * 1024 };

struct extractor;

MUST_CHECK enum status extractor_new(const struct key *key, struct extractor **ret_extractor);
void extractor_free(struct extractor *extractor);

/* Fills one record from one event of any kind. Never fails: every event has a record. */
void extract_record(struct extractor *extractor, const struct event *event, struct record *ret_record);

/* extract_record into the batch, with the account's name. */
MUST_CHECK enum status extract_into(
    struct extractor *extractor, const struct event *event, struct record_batch *batch);

#endif
