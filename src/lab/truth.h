/*
 * truth.h: writes the truth beside a simulated log: who is what, and which exchanges serve an extraction.
 *
 * Source: What Stillwatch writes, version 1, "Truth and score". Beside its two files: extraction.csv (exchange, account,
 *   time_ms) and period.json, so that scoring needs no log, and costs.jsonl, what each campaign cost its operator
 *   (docs/formats.md).
 * Ownership: truth_close frees; without it nothing is left behind.
 * Errors: STATUS_IO with errno, STATUS_NOMEM, STATUS_TOO_BIG for a path that is too long.
 */
#ifndef LAB_TRUTH_H
#define LAB_TRUTH_H

#include "lab/world.h"

struct truth_writer;

MUST_CHECK enum status truth_open(
    const char *dir, const struct world *world, struct truth_writer **ret_writer);
/* Notes an exchange if it serves an extraction and was answered. */
MUST_CHECK enum status truth_note(struct truth_writer *writer, const struct happening *happening);
/* Writes the accounts and the costs, and moves all files into place. */
MUST_CHECK enum status truth_commit(struct truth_writer *writer, const struct scenario *scenario);
void truth_close(struct truth_writer *writer);
/* Whether it is an answered exchange that serves an extraction. */
bool truth_is_extraction(const struct happening *happening);

#endif
