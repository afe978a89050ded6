/*
 * places.h: where each setting of a YAML file stands, so that an error can name line and column.
 *
 * Model: one pass over libyaml's events lists every mapping value and list entry with its path, such as
 *   "limits.account.free.action" or "prices[2].model".
 * Memory: 240 bytes a setting, for PLACES_MAX of them at most.
 * Ownership: the caller's struct, the list's memory.
 * Errors: STATUS_BAD with diag for what is not one YAML document, nests deeper than 8, has more settings, or uses
 *   aliases.
 */
#ifndef BASE_PLACES_H
#define BASE_PLACES_H

#include "base/diag.h"
#include "base/span.h"
#include "base/status.h"

enum { PLACE_PATH = 128, PLACE_TEXT = 64, PLACES_MAX = 1 << 18 };

struct place {
    char path[PLACE_PATH];         /* cut short when longer */
    char text[PLACE_TEXT];         /* of a scalar, cut short when longer; else empty */
    uint32_t key_line, key_column; /* of the key, or of the entry of a list */
    uint32_t line, column;         /* of the value */
};

struct places {
    struct place *items;
    size_t n, capacity;
};

MUST_CHECK enum status places_read(struct span yaml, struct places *ret_places, struct diag *diag);
void places_fini(struct places *places);

/* NULL where the file does not have it. */
const struct place *places_find(const struct places *places, const char *path);
/* The value that begins exactly there. */
const struct place *places_at(const struct places *places, uint32_t line, uint32_t column);
/* The first at or after a position whose last key is name. */
const struct place *places_key_after(
    const struct places *places, const char *name, uint32_t line, uint32_t column);

#endif
