#include "rival/history.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 8 };

void history_fini(struct history *history)
{
    free(history->vectors);
    *history = (struct history){ 0 };
}

static enum status grow(struct history *history, uint32_t most)
{
    enum status st = STATUS_OK;
    uint32_t capacity = history->capacity ? 2 * history->capacity : FIRST_CAPACITY;
    capacity = capacity < most ? capacity : most;
    int8_t(*grown)[QUERY_DIMS] = realloc(history->vectors, capacity * sizeof *grown);
    REQUIRE(grown, STATUS_NOMEM);
    history->vectors = grown;
    history->capacity = capacity;
fail:
    return st;
}

enum status history_push(struct history *history, const int8_t vector[static QUERY_DIMS], uint32_t most)
{
    enum status st = STATUS_OK;
    uint32_t at = history->n;
    if (history->n == history->capacity && history->capacity < most)
        TRY(grow(history, most));
    if (history->n < history->capacity) {
        history->n++;
    } else {
        at = history->next;
        history->next = (history->next + 1) % history->n;
    }
    memcpy(history->vectors[at], vector, sizeof history->vectors[at]);
fail:
    return st;
}
