#include "rival/reference.h"

#include "base/mix.h"

#include <math.h>
#include <stdlib.h>

enum {
    DISTANCES = 4 * QUERY_LENGTH * QUERY_LENGTH + 8192
}; /* of vectors a little longer than they should be */

enum status reference_init(struct reference *reference)
{
    enum status st = STATUS_OK;
    *reference = (struct reference){ .random = UINT64_C(0x2545f4914f6cdd1d) };
    reference->vectors = calloc(REFERENCE_MOST, sizeof *reference->vectors);
    REQUIRE(reference->vectors, STATUS_NOMEM);
fail:
    return st;
}

void reference_fini(struct reference *reference)
{
    free(reference->vectors);
    *reference = (struct reference){ 0 };
}

/* wyrand */
static uint64_t next_random(struct reference *reference)
{
    reference->random += UINT64_C(0xa0761d6478bd642f);
    return mix_fold(reference->random, reference->random ^ UINT64_C(0xe7037ed1a0b428db));
}

size_t reference_draw(struct reference *reference, size_t n)
{
    return (size_t)(next_random(reference) % n);
}

bool reference_add(struct reference *reference, int64_t time_ms, const int8_t vector[static QUERY_DIMS])
{
    size_t at = reference->n;
    if (reference->complete)
        return true;
    if (reference->seen == 0)
        reference->first_ms = time_ms;
    if (time_ms - reference->first_ms >= REFERENCE_MS && reference->seen >= REFERENCE_LEAST) {
        reference->complete = true;
        return true;
    }
    reference->seen++;
    if (reference->n < REFERENCE_MOST)
        reference->n++;
    else
        at = reference_draw(reference, reference->seen);
    if (at < REFERENCE_MOST)
        memcpy(reference->vectors[at], vector, sizeof reference->vectors[at]);
    return false;
}

enum status reference_pair_quantile(const struct reference *reference, double share, uint32_t *ret_distance)
{
    enum status st = STATUS_OK;
    uint32_t *counts = calloc(DISTANCES, sizeof *counts);
    uint64_t pairs = (uint64_t)reference->n * (reference->n - (reference->n > 0)) / 2, below = 0;
    uint32_t distance = 0;
    REQUIRE(counts, STATUS_NOMEM);
    for (size_t i = 1; i < reference->n; i++)
        for (size_t j = 0; j < i; j++) {
            distance = query_distance(reference->vectors[i], reference->vectors[j]);
            counts[distance < DISTANCES ? distance : DISTANCES - 1]++;
        }
    uint64_t wanted = (uint64_t)floor(share * (double)pairs);
    for (distance = 0; distance + 1 < DISTANCES && below + counts[distance] <= wanted; distance++)
        below += counts[distance];
    *ret_distance = distance > 0 && pairs > 0 ? distance - 1 : 0;
fail:
    free(counts);
    return st;
}
