/* measure.h: words of texts, and what tests count over them. */
#ifndef TESTS_CORPUS_MEASURE_H
#define TESTS_CORPUS_MEASURE_H

#include "base/buffer.h"
#include "base/mix.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

enum { WORDS_MAX = 20000 };

/* The hash of every word: runs of letters and digits, case folded, bytes beyond ASCII as letters. */
static inline size_t measure_words(struct span text, uint64_t *ret_words)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n && n < WORDS_MAX;) {
        uint64_t hash = UINT64_C(0x9e3779b97f4a7c15);
        size_t start = i;
        for (; i < text.n; i++) {
            unsigned char c = (unsigned char)text.data[i];
            if (!isalnum(c) && c < 128)
                break;
            hash = mix_fold(hash ^ (uint64_t)tolower(c), UINT64_C(0xe7037ed1a0b428db));
        }
        if (i > start)
            ret_words[n++] = hash;
        else
            i++;
    }
    return n;
}

static inline uint64_t measure_run(const uint64_t *words, size_t n)
{
    uint64_t hash = n;
    for (size_t i = 0; i < n; i++)
        hash = mix_fold(hash ^ words[i], UINT64_C(0xa0761d6478bd642f)) + i;
    return hash;
}

/* The first three words, or as many as there are. */
static inline uint64_t measure_opening(struct span text)
{
    static uint64_t words[WORDS_MAX];
    size_t n = measure_words(text, words);
    return measure_run(words, n < 3 ? n : 3);
}

static inline int measure_by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts, drops repetitions, returns how many are left. */
static inline size_t measure_distinct(uint64_t *values, size_t n)
{
    size_t kept = 0;
    qsort(values, n, sizeof *values, measure_by_value);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || values[kept - 1] != values[i])
            values[kept++] = values[i];
    return kept;
}

/* Entropy of the values over that of n different ones. Sorts them. */
static inline double measure_entropy(uint64_t *values, size_t n)
{
    double entropy = 0;
    qsort(values, n, sizeof *values, measure_by_value);
    for (size_t i = 0, run; i < n; i += run) {
        for (run = 1; i + run < n && values[i + run] == values[i];)
            run++;
        double share = (double)run / (double)n;
        entropy -= share * log(share);
    }
    return entropy / log((double)n);
}

/* Jaccard coefficient of the sets of runs of three words. */
static inline double measure_jaccard(struct span a, struct span b)
{
    static uint64_t words[WORDS_MAX], x[WORDS_MAX], y[WORDS_MAX];
    size_t n_x = 0, n_y = 0, both = 0, n = measure_words(a, words);
    for (size_t i = 0; i + 3 <= n; i++)
        x[n_x++] = measure_run(words + i, 3);
    n = measure_words(b, words);
    for (size_t i = 0; i + 3 <= n; i++)
        y[n_y++] = measure_run(words + i, 3);
    n_x = measure_distinct(x, n_x);
    n_y = measure_distinct(y, n_y);
    for (size_t i = 0, k = 0; i < n_x && k < n_y;) {
        both += x[i] == y[k];
        size_t i_old = i;
        i += x[i] <= y[k];
        k += x[i_old] >= y[k];
    }
    return n_x + n_y > both ? (double)both / (double)(n_x + n_y - both) : 1;
}

#endif
