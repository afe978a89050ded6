/*
 * run_options.h: the options of every command that runs the engine over logs.
 *
 * Model: a table of rows for args.h; what only one command offers (records, print_memory) has its row there.
 */
#ifndef APP_RUN_OPTIONS_H
#define APP_RUN_OPTIONS_H

#include "app/args.h"

#include <stdbool.h>

struct run_options {
    const char *const *inputs;
    size_t n_inputs;
    const char *records, *policy, *key_file;
    unsigned n_threads;
    uint32_t accounts_max;
    size_t issued_bytes, line_max_bytes;
    double bad_share; /* of lines that may be bad, 0..1 */
    bool print_memory, quiet;
};

struct run_options run_options_default(void);
/* The group, where the command's struct has the options at offset. */
struct arg_group run_options_group(size_t offset);

#endif
