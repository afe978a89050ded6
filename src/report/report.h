/*
 * report.h: what a run found, for machines (campaigns.json, summary.json) and for people (report/index.html).
 *
 * Model: borrows everything from the run through plain callbacks, so that the offline replay and the service write
 *   the same files.
 * Source: What Stillwatch writes, version 1.
 * Ownership: borrows all inputs for the call.
 * Errors: STATUS_IO with diag->file the folder given and field the file; files that were there stay whole.
 * Privacy: account ids as the provider gave them, objects as short keyed ids, never a prompt or an output.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/diag.h"
#include "engine/engine.h"
#include "exchange/log.h"
#include "report/decision_tally.h"

/* What the run was and what it cost. */
struct report_run {
    const char *version, *policy; /* policy: what the operator calls it, such as a path; "default" */
    enum mode mode;
    unsigned n_threads;
    const struct log_stats *log; /* NULL: not read from a log */
    struct engine_stats engine;
    double wall_s;
    uint64_t peak_memory_bytes;
};

struct report_source {
    void *context;
    const struct campaign *const *campaigns; /* as they are to be listed (listed.h) */
    size_t n_campaigns;
    /* The provider's id of an account; empty where it is not known any more. */
    struct span (*name)(void *context, uint64_t account);
    const struct timeline *(*timeline)(void *context, struct campaign_id campaign); /* may return NULL */
    enum action (*in_force)(void *context, uint64_t account);
};

struct report_input {
    struct report_run run;
    struct report_source source;
    const struct decision_tally *decisions;
};

/* Makes the folders dir and dir/report where they are missing, and writes the three files. */
MUST_CHECK enum status report_write(const char *dir, const struct report_input *input, struct diag *diag);

#endif
