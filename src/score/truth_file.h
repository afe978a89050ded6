/*
 * truth_file.h: the truth as the simulator writes it, from a folder.
 *
 * Model: truth.jsonl names every account with its population and campaign; costs.jsonl, if it is there, what each
 *   campaign cost its operator; period.json, if it is there, from when to when the traffic goes. The exchanges come
 *   from extraction.csv where no log is given, else from extraction.ids and the log: the ones given, or log.jsonl,
 *   .gz or .zst, or records.swr in the folder. docs/formats.md has the tables.
 *   An account counts since `since`, or its first event in the log, or the start of the period.
 * Memory: 80 bytes an account, and what extraction.h says. At most 2^31 accounts.
 * Ownership: paths and key are borrowed until truth_file_free; the truth is borrowed from the file, and so is
 *   diag.file, also after a failure.
 * Errors: diag has file, line and reason. STATUS_NOT_FOUND: a file that is needed is not there.
 * Order of calls: new, read once, free.
 * Privacy: account ids are hashed as they are read; names of populations and campaigns are kept.
 */
#ifndef SCORE_TRUTH_FILE_H
#define SCORE_TRUTH_FILE_H

#include "score/extraction.h"

struct truth_options {
    const char *dir;
    const char *const *logs; /* none: what is in dir */
    size_t n_logs;
    const struct key *key;
    unsigned n_threads;
};

struct truth_file;

MUST_CHECK enum status truth_file_new(const struct truth_options *options, struct truth_file **ret_file);
MUST_CHECK enum status truth_file_read(struct truth_file *file, struct diag *diag);
void truth_file_free(struct truth_file *file);

const struct score_truth *truth_file_truth(const struct truth_file *file);
/* What reading the log met. */
const struct extraction *truth_file_extraction(const struct truth_file *file);

/* The hash of an account as it is written: its id, or #0123456789abcdef where a run no longer knew the id. */
uint64_t truth_account_hash(const struct key *key, struct span account);

#endif
