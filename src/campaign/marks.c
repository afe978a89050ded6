#include "campaign/marks.h"

#include <stdlib.h>
#include <string.h>

void marks_fini(struct marks *marks)
{
    free(marks->words);
    *marks = (struct marks){ 0 };
}

enum status marks_widen(struct marks *marks, size_t n)
{
    enum status st = STATUS_OK;
    size_t words = n / 64 + 1;
    if (words <= marks->n_words)
        return STATUS_OK;
    words += words / 16;
    uint64_t *grown = realloc(marks->words, words * sizeof *grown);
    REQUIRE(grown, STATUS_NOMEM);
    memset(grown + marks->n_words, 0, (words - marks->n_words) * sizeof *grown);
    marks->words = grown;
    marks->n_words = words;
fail:
    return st;
}

void marks_clear(struct marks *marks)
{
    if (marks->n_words > 0)
        memset(marks->words, 0, marks->n_words * sizeof *marks->words);
}

size_t marks_next(const struct marks *marks, size_t i)
{
    size_t word = i / 64;
    if (word >= marks->n_words)
        return SIZE_MAX;
    uint64_t bits = marks->words[word] & UINT64_MAX << i % 64;
    while (bits == 0) {
        if (++word == marks->n_words)
            return SIZE_MAX;
        bits = marks->words[word];
    }
    return word * 64 + (size_t)__builtin_ctzll(bits);
}

size_t marks_bytes(const struct marks *marks)
{
    return marks->n_words * sizeof *marks->words;
}
