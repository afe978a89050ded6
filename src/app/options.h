/*
 * options.h: the command line, parsed once into a plain struct.
 *
 * Errors: options_parse prints what is wrong to standard error and returns the exit status to leave with, or
 *   EXIT_GO_ON.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses, as documented in README.md. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_BAD_INPUT = 3, EXIT_GO_ON = -1 };

enum command { COMMAND_REPLAY, COMMAND_EXPLAIN };
enum explain_what { EXPLAIN_ACCOUNT, EXPLAIN_EXCHANGE };

struct options {
    enum command command;
    enum explain_what what;
    const char *id; /* of the account or exchange to explain */
    const char *const *inputs;
    size_t n_inputs;
    const char *out, *records, *policy, *key_file;
    unsigned n_threads;
    uint32_t accounts_max;
    size_t issued_bytes, line_max_bytes;
    double bad_share; /* of lines that may be bad, 0..1 */
    bool print_memory, quiet;
};

int options_parse(int argc, char **argv, struct options *ret_options);

#endif
