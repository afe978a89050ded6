/*
 * value.h: what a JSON value as it is written says, read by what a lenient model server may take it for.
 *
 * Shapes: a value without white space around it, of whose inner order nothing is known. Nothing that is read lies outside it.
 */
#ifndef GATE_VALUE_H
#define GATE_VALUE_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

static const int64_t VALUE_MOST = INT64_C(1000000000000000); /* of a number */

bool value_says_nothing(struct span value);
/* It asks for reasoning: a part of it, keys aside, is no way to say no. An escape could spell any word. */
bool value_reasons(struct span value);
/* A number of JSON in whichever form, rounded up: 1e3 is a thousand to a model server. -1: none, or below 0. */
int64_t value_number(struct span value);
/* Of a list the texts, or lists of tokens, that it has; else, and at least, 1. */
int64_t value_texts(struct span value);

#endif
