/*
 * run.h: logs and records into an engine, the part that all commands share.
 *
 * Model: opens policy and key, reads every input in turn (a record file by its first bytes, anything else as a log),
 *   feeds the engine, writes records on the side.
 * Errors: printed to standard error where they are handled; run_init and run_feed return an exit status or
 *   EXIT_GO_ON.
 */
#ifndef APP_RUN_H
#define APP_RUN_H

#include "app/progress.h"
#include "app/run_options.h"
#include "engine/engine.h"
#include "exchange/log.h"
#include "policy/policy.h"
#include "record/codec.h"

struct run {
    const struct run_options *options;
    struct key key;
    struct policy *policy;
    struct engine *engine;
    struct record_writer *records; /* NULL: none asked for */
    struct log_stats log;          /* summed over inputs */
    struct progress progress;
    bool reported; /* the failure of an input, by name */
    bool finished; /* everything readable went through the engine */
    bool damaged;  /* some input could not be read to its end */
};

int run_init(struct run *run, const struct run_options *options, const struct engine_sink *sink);
/* Reads all inputs and finishes the engine. EXIT_BAD_INPUT when too many lines were bad. */
int run_feed(struct run *run);
void run_fini(struct run *run);

#endif
