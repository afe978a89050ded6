/*
 * weights.h: the trained weights of the classifier (weights.c, written by `make train`; see docs/classifiers.md).
 *
 * Shapes: columns 0..CAP_VISION-1 are the capabilities, CAP_COUNT.. the kinds of elicitation; the rest is 0.
 */
#ifndef RECORD_WEIGHTS_H
#define RECORD_WEIGHTS_H

#include "sketch/linear.h"

extern const struct linear_model classifier_weights;

#endif
