/*
 * fuzz.h: what every fuzz target defines, how a target hands its input to a parser that reads files, and how it reads its
 *   input as a script of what is done to files that the code itself wrote.
 *
 * Model: the input lies in a file in memory, whose path stays the same for the whole run; folders are in memory where there
 *   is one. A script is letters, each with the bytes that it asks for, so that checksums stand in no mutation's way.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Path of a file with these bytes, valid until the next call. */
const char *fuzz_input_file(const uint8_t *data, size_t n);

enum { FUZZ_PATH = 128 };
/* Path of an empty folder, the same for the whole run; the next call empties it, whatever is in it. */
const char *fuzz_folder(void);

struct fuzz_script {
    const uint8_t *at, *end;
};
static inline bool fuzz_more(const struct fuzz_script *script)
{
    return script->at < script->end;
}
/* 0 behind the end. */
static inline uint8_t fuzz_byte(struct fuzz_script *script)
{
    return script->at < script->end ? *script->at++ : 0;
}
static inline uint32_t fuzz_number(struct fuzz_script *script)
{
    uint32_t low = fuzz_byte(script);
    return low | (uint32_t)fuzz_byte(script) << 8;
}

/* Damage: the byte at a place that is taken modulo the file's length; the file's end. */
void fuzz_flip(const char *path, uint64_t place, uint8_t mask);
void fuzz_cut(const char *path, uint64_t bytes);
/* n bytes of one place are copied to another, as by a disk that wrote them there. */
void fuzz_copy(const char *path, uint64_t from, uint64_t to, size_t n);
/* Each file under the other's name. */
void fuzz_swap(const char *path, const char *other);
uint64_t fuzz_file_bytes(const char *path);

#endif
