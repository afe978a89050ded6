/*
 * lab_options.h: the options that simulate and prove share, and what they open: scenario, populations, texts, key.
 *
 * Ownership: lab_open allocates, lab_close frees; a lab that was not opened may be closed.
 */
#ifndef APP_LAB_OPTIONS_H
#define APP_LAB_OPTIONS_H

#include "app/args.h"
#include "base/key.h"
#include "corpus/corpus.h"
#include "lab/scenario.h"

#include <stdbool.h>

struct lab_options {
    const char *scenario, *data, *key_file, *out;
    double scale; /* 0: the scenario's own */
    unsigned n_threads;
    bool quiet;
};

struct lab {
    struct scenario *scenario;
    struct customer_kinds kinds;
    struct corpus *corpus;
    struct key key;
};

struct lab_options lab_options_default(void);
struct arg_group lab_options_group(size_t offset);
/* Says what is wrong; EXIT_GO_ON, or the status to leave with. */
int lab_open(const struct lab_options *options, struct lab *ret_lab);
void lab_close(struct lab *lab);
/* Makes the output folder unless it is there. */
int lab_make_dir(const char *dir);

#endif
