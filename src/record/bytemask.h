/*
 * bytemask.h: bytes → one bit a byte for each class that the tokeniser asks about, 64 bytes a block.
 *
 * Model: bit i tells of byte i of a block. AVX-512 or AVX2 where the processor has it; the portable twin gives the
 *   same bits and is their oracle.
 * Shapes: a text of n bytes has ceil(n / 64) blocks; it counts as standing between blanks.
 * Cost: with AVX2 about 130 operations a block, 60 for MASKS_WORDS; fewer with AVX-512, 2 ns a byte without either.
 */
#ifndef RECORD_BYTEMASK_H
#define RECORD_BYTEMASK_H

#include <stddef.h>
#include <stdint.h>

enum { MASK_BLOCK = 64 };

struct byte_masks {
    uint64_t word; /* ASCII letters and digits, '_', bytes above 0x7f */
    uint64_t digit;
    uint64_t high;  /* above 0x7f */
    uint64_t blank; /* 0..0x20 but for the line feed, and 0x7f */
    uint64_t line;  /* line feed */
    uint64_t point; /* '.' and ',' */
    uint64_t tick;  /* ' */
    uint64_t quote; /* " and ` */
    uint64_t colon;
    uint64_t slash;
    uint64_t w;    /* w and W */
    uint64_t same; /* equal to the byte before */
};

/* What the processor offers; each includes the ones before. */
enum byte_level { BYTES_PORTABLE, BYTES_AVX2, BYTES_AVX512 };
enum byte_level byte_level_best(void);

/* Of MASKS_WORDS only word, digit, high, point and tick mean something. */
enum mask_set { MASKS_WORDS, MASKS_ALL };

/* Writes the masks of all blocks; returns how many these are. No byte outside the text is read. */
size_t byte_masks_fill(
    enum byte_level level, enum mask_set set, const uint8_t *text, size_t n, struct byte_masks *ret_masks);

#endif
