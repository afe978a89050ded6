/*
 * classify.h: which capability does a prompt exercise, and what does it elicit?
 *
 * Model: two linear models over the hashed 1- and 2-grams of a prompt (sketch/linear.h), one row of weights a
 *   feature: a softmax over the capabilities, all but CAP_VISION, and an independent logistic score for each kind
 *   of elicitation. Weights are trained by `make train` and committed; docs/classifiers.md says on what, with
 *   which weak labels, and how they do on sets they did not see.
 * Shapes: token hashes in the order of the text, unkeyed, from record/tokens.h. Of the user text the first
 *   CLASSIFY_USER_HEAD and the last CLASSIFY_USER_TAIL tokens count, of the system prompt the first
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

enum { CLASSIFY_USER_HEAD = 256, CLASSIFY_USER_TAIL = 64, CLASSIFY_SYSTEM = 128 };

struct classifier_input {
    const uint32_t *user; /* last user text; may be NULL when n_user is 0 */
    size_t n_user;
    const uint32_t *system;
    size_t n_system;
};

/* Shares that sum to about 255 (CAP_VISION is 0), and probabilities 0..255. All 0 when there is no token. */
void classify_tokens(const struct classifier_input *in, uint8_t ret_capability[CAP_COUNT],
                     uint8_t ret_elicitation[ELICIT_COUNT]);

#endif
