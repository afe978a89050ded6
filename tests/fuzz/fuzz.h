/*
 * fuzz.h: what every fuzz target defines, and how a target hands its input to a parser that reads files.
 *
 * Model: the input lies in a file in memory, whose path stays the same for the whole run.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Path of a file with these bytes, valid until the next call. */
const char *fuzz_input_file(const uint8_t *data, size_t n);

#endif
