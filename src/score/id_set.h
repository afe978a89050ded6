/*
 * id_set.h: a set of hashes that is filled once and then asked, each answer given once.
 *
 * Memory: 9 bytes an id (a hash map takes 16 to 32).
 * Cost: a binary search an id.
 * Threads: id_set_find is pure.
 */
#ifndef SCORE_ID_SET_H
#define SCORE_ID_SET_H

#include "base/key.h"
#include "score/lines.h"

#include <stdbool.h>

struct id_set {
    uint64_t *ids;  /* ascending, distinct */
    uint8_t *taken; /* of each */
    size_t n, capacity;
    size_t n_taken;
};

/* One id a line. */
MUST_CHECK enum status id_set_read(
    const char *path, const struct key *key, struct id_set *set, struct diag *diag);
void id_set_fini(struct id_set *set);
/* Its place, or SIZE_MAX. */
size_t id_set_find(const struct id_set *set, uint64_t id);
/* True the first time. */
bool id_set_take(struct id_set *set, size_t place);

#endif
