/*
 * examples.h: labelled prompts, as prepare.py writes them, turned into the tokens that the classifier sees.
 *
 * Memory: 4 bytes a token that counts, at most 448 a prompt. The text is dropped line by line.
 */
#ifndef TRAIN_EXAMPLES_H
#define TRAIN_EXAMPLES_H

#include "base/status.h"
#include "record/classify.h"

#include <stdbool.h>
#include <stdio.h>

enum { SET_NAME_MAX = 32, SETS_MAX = 160 };
enum target { TARGET_NO, TARGET_YES, TARGET_HALF, TARGET_UNKNOWN };

struct example {
    uint32_t *user, *system;
    uint32_t n_user, n_system;
    uint32_t bytes; /* of the user text */
    int8_t cap;     /* -1 unknown */
    uint8_t set;
    bool test;
    uint8_t target[ELICIT_COUNT]; /* enum target */
};

struct examples {
    struct example *at;
    size_t n, capacity;
    char sets[SETS_MAX][SET_NAME_MAX];
    unsigned n_sets;
};

MUST_CHECK enum status examples_read(FILE *file, struct examples *ret_examples);
void examples_fini(struct examples *examples);

#endif
