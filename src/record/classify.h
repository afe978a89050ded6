/*
 * classify.h: which capability does a prompt exercise, and what does it elicit?
 *
 * Model: two linear models over the hashed 1- and 2-grams of a prompt (sketch/linear.h), one row of weights a
 *   feature: a softmax over the capabilities, all but CAP_VISION, and an independent logistic score for each kind
 *   of elicitation. Weights are trained by `make train` and committed; docs/classifiers.md says on what, with
 *   which weak labels, and how they do on sets they did not see.
 *   Instructions stand at the beginning or end of a prompt, material between: the edges weigh more.
 * Shapes: token hashes in the order of the text, from record/tokens.h (tokens.hash). Of the user text about the
 *   first CLASSIFY_USER_HEAD and the last CLASSIFY_USER_TAIL tokens count, of the system prompt the first
 *   CLASSIFY_SYSTEM.
 * Privacy: token hashes in, sixteen numbers out; nothing is kept.
 * Benign: a researcher's "think step by step" asks for reasoning in the words a distiller uses. A score
 *   describes a text; only sightings over many exchanges and accounts say what the text is for.
 * Evasion: other wording, another language (the training data is English) or an instruction moved past the
 *   tokens that count.
 */
#ifndef RECORD_CLASSIFY_H
#define RECORD_CLASSIFY_H

#include <stddef.h>
#include <stdint.h>

#include "record/record.h"
#include "sketch/linear.h"

enum { CLASSIFY_USER_HEAD = 256, CLASSIFY_USER_TAIL = 24, CLASSIFY_SYSTEM = 128 };
/* What stands within this many tokens of an edge counts EDGE_WEIGHT times what stands between. */
enum { CLASSIFY_EDGE = 24, CLASSIFY_EDGE_WEIGHT = 4, CLASSIFY_RUNS = 5 };

struct classifier_input {
    const uint32_t *user; /* last user text; may be NULL when n_user is 0 */
    size_t n_user;
    const uint32_t *system;
    size_t n_system;
};

struct token_run {
    const uint32_t *tokens;
    size_t n;
    int32_t weight;
};

static inline size_t classifier_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The tokens that count, in runs that no 2-gram spans; some may be empty. */
static inline void classifier_runs(
    const struct classifier_input *in, struct token_run ret_runs[static CLASSIFY_RUNS])
{
    size_t head = classifier_least(in->n_user, CLASSIFY_EDGE);
    size_t tail = classifier_least(in->n_user - head, CLASSIFY_USER_TAIL);
    size_t middle = classifier_least(in->n_user - head - tail, CLASSIFY_USER_HEAD - CLASSIFY_EDGE);
    size_t system = classifier_least(in->n_system, CLASSIFY_SYSTEM);
    size_t opening = classifier_least(system, CLASSIFY_EDGE);
    const struct token_run runs[CLASSIFY_RUNS] = {
        { in->user, head, CLASSIFY_EDGE_WEIGHT },
        { middle > 0 ? in->user + head : NULL, middle, 1 },
        { tail > 0 ? in->user + in->n_user - tail : NULL, tail, CLASSIFY_EDGE_WEIGHT },
        { in->system, opening, CLASSIFY_EDGE_WEIGHT },
        { system > opening ? in->system + opening : NULL, system - opening, 1 },
    };
    for (unsigned i = 0; i < CLASSIFY_RUNS; i++)
        ret_runs[i] = runs[i];
}

/* Shares that sum to about 255 (CAP_VISION is 0), and probabilities 0..255. All 0 when there is no token. */
void classify_tokens(const struct classifier_input *in, uint8_t ret_capability[CAP_COUNT],
    uint8_t ret_elicitation[ELICIT_COUNT]);

/* The same in two steps, so that what a system prompt adds is kept with it: sums of parts of an input, then the rest. */
void classify_sum(const struct classifier_input *in, struct linear_sum *sum);
void classify_scores(
    const struct linear_sum *sum, uint8_t ret_capability[CAP_COUNT], uint8_t ret_elicitation[ELICIT_COUNT]);

#endif
