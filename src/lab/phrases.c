#include "lab/phrases.h"

#include <stdlib.h>

void phrases_fini(struct phrases *phrases)
{
    buffer_fini(&phrases->text);
    free(phrases->parts);
}

void phrases_reset(struct phrases *phrases)
{
    buffer_reset(&phrases->text);
    phrases->n_parts = phrases->n_settled = phrases->message = 0;
    phrases->begin = 0;
}

struct phrases_mark phrases_here(const struct phrases *phrases)
{
    return (struct phrases_mark){ phrases->text.n, phrases->n_parts, phrases->message };
}

void phrases_cut(struct phrases *phrases, const struct phrases_mark *mark)
{
    phrases->text.n = mark->text;
    phrases->n_parts = mark->n_parts;
    phrases->message = mark->message;
    if (phrases->n_settled > mark->n_parts)
        phrases->n_settled = mark->n_parts;
}

void phrases_begin(struct phrases *phrases)
{
    phrases->begin = phrases->text.n;
}

struct span phrases_taken(const struct phrases *phrases)
{
    /* NULL plus an offset: not dereferenced before it is settled. */
    return (struct span){ (const char *)(uintptr_t)phrases->begin, phrases->text.n - phrases->begin };
}

enum status phrases_part(struct phrases *phrases, enum role role, enum part_kind kind)
{
    if (phrases->text.status != STATUS_OK)
        return phrases->text.status;
    if (phrases->text.n == phrases->begin && kind != PART_TOOL_CALL && role != ROLE_SYSTEM)
        return STATUS_OK;
    if (phrases->n_parts == phrases->capacity) {
        uint32_t capacity = phrases->capacity ? 2 * phrases->capacity : 16;
        void *grown = realloc(phrases->parts, capacity * sizeof *phrases->parts);
        if (!grown)
            return STATUS_NOMEM;
        phrases->parts = grown;
        phrases->capacity = capacity;
    }
    phrases->parts[phrases->n_parts++] = (struct part){
        .role = (uint8_t)role,
        .kind = (uint8_t)kind,
        .message = phrases->message,
        .text = phrases_taken(phrases),
    };
    return STATUS_OK;
}

/* From offsets behind `old` to addresses behind `now`. */
static inline void move(struct span *span, uintptr_t old, uintptr_t now)
{
    span->data = span->n > 0 ? (const char *)((uintptr_t)span->data - old + now) : NULL;
}

static void move_parts(struct part *parts, uint32_t n, uintptr_t old, uintptr_t now)
{
    for (uint32_t i = 0; i < n; i++) {
        move(&parts[i].text, old, now);
        move(&parts[i].name, old, now);
        move(&parts[i].id, old, now);
    }
}

void phrases_settle(struct phrases *phrases)
{
    uintptr_t now = (uintptr_t)phrases->text.data;
    if (phrases->base != now)
        move_parts(phrases->parts, phrases->n_settled, phrases->base, now);
    move_parts(phrases->parts + phrases->n_settled, phrases->n_parts - phrases->n_settled, 0, now);
    phrases->n_settled = phrases->n_parts;
    phrases->base = now;
}
