/*
 * linear.h: a linear model over the hashed 1- and 2-grams of a token sequence, for up to 16 classes at once.
 *
 * Model: feature → row of a table of 2^log2_rows rows of 16 signed bytes, one byte a class; score of a class
 * = bias + scale * (sum of w * its bytes) / sqrt(sum of w^2), w the weight of a feature. Softmax or logistic read-out by the
 * caller's choice. Source: Weinberger, Dasgupta, Langford, Smola, Attenberg, "Feature hashing for large scale
 * multitask learning", 2009. We leave out their sign hash: the weights are learned after hashing, so
 * collisions are fitted. exp is a table of 65 points, linear between them (error below 0.2 %). Shapes: tokens
 * are well-mixed 32-bit hashes. Scores are fixed point, 1/256 nat. Memory: 16 << log2_rows bytes a model,
 * constant; 72 bytes a running sum. Cost: two 16-byte rows a token; tests of time in docs/classifiers.md.
 * Errors: none. Sums of squares below 2^24 and weights below 2^8 cannot overflow; more is the caller's error.
 */
#ifndef SKETCH_LINEAR_H
#define SKETCH_LINEAR_H

#include <stddef.h>
#include <stdint.h>

enum { LINEAR_CLASSES = 16, LINEAR_ONE = 256 };

struct linear_model {
    const int8_t (*rows)[LINEAR_CLASSES]; /* aligned to 16 bytes */
    unsigned log2_rows;
    int32_t bias[LINEAR_CLASSES];
    int32_t scale[LINEAR_CLASSES]; /* of one unit of weight, in 1/65536 nat */
};

struct linear_sum {
    int32_t classes[LINEAR_CLASSES];
    uint32_t squares; /* of the weights of the features */
};

/* Rows of a token and of two adjacent ones. Part of the format of trained weights. */
static inline uint32_t linear_row_1(uint32_t token, unsigned log2_rows)
{
    return token * UINT32_C(0x9e3779b1) >> (32 - log2_rows);
}

static inline uint32_t linear_row_2(uint32_t first, uint32_t second, unsigned log2_rows)
{
    return (first * UINT32_C(0x85ebca6b) + second) * UINT32_C(0xc2b2ae35) >> (32 - log2_rows);
}

/* Adds the features of n tokens, each counted `weight` times; no 2-gram spans two calls. */
void linear_add(const struct linear_model *model, const uint32_t *tokens, size_t n, int32_t weight,
    struct linear_sum *sum);

void linear_scores(
    const struct linear_model *model, const struct linear_sum *sum, int32_t ret_scores[LINEAR_CLASSES]);

/* Shares 0..255 of n classes (1 to 16), about 255 in all. */
void linear_softmax(const int32_t *scores, unsigned n, uint8_t *ret_shares);
/* Probability 0..255. */
uint8_t linear_logistic(int32_t score);

#endif
