/*
 * run_file.h: what a run decided and reported, from the folder that it wrote.
 *
 * Model: decisions.jsonl and campaigns.json as outputs.md and docs/formats.md have them, from Stillwatch or from any
 *   other program that writes the same. Decisions in shadow mode took no effect and are only counted, unless asked for.
 * Shapes: campaigns.json up to 512 MiB. Of decisions time, account, action, campaign and mode are read; of campaigns
 *   id, detected and the accounts with their confidence (1 where none is given).
 * Memory: 32 bytes a decision, 16 a member; six times the size of campaigns.json while it is read.
 * Ownership, errors, order of calls: as truth_file.h.
 */
#ifndef SCORE_RUN_FILE_H
#define SCORE_RUN_FILE_H

#include "base/key.h"
#include "score/score.h"

struct run_file;

MUST_CHECK enum status run_file_new(
    const char *dir, const struct key *key, bool shadow, struct run_file **ret_file);
MUST_CHECK enum status run_file_read(struct run_file *file, struct diag *diag);
void run_file_free(struct run_file *file);

const struct score_run *run_file_run(const struct run_file *file);
/* Decisions in shadow mode that were left out. */
uint64_t run_file_shadow(const struct run_file *file);

#endif
