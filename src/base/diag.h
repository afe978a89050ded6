/*
 * diag.h: where an input went wrong, for people.
 *
 * Shapes: line counts from 1 (0: not known); offset is a byte offset in the (uncompressed) file; column counts
 *   from 1 (0: not known). field and reason are NUL-terminated and never contain prompt or output text.
 * Ownership: file is borrowed.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdint.h>

struct diag {
    const char *file;
    uint64_t line;
    uint32_t column;
    uint64_t offset;
    char field[48];
    char reason[160];
};

/* Sets field and reason (printf style), truncated to fit, control characters replaced; leaves the position alone. diag may be NULL. */
void diag_set(struct diag *diag, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
