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
    phrases->n_parts = phrases->message = 0;
    phrases->begin = 0;
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
    if (phrases->text.n == phrases->begin && kind != PART_TOOL_CALL)
        return STATUS_OK;
    if (phrases->n_parts == phrases->capacity) {
        uint32_t capacity = phrases->capacity ? 2 * phrases->capacity : 64;
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

struct span phrases_at(const struct phrases *phrases, struct span taken)
{
    if (taken.n == 0)
        return (struct span){ NULL, 0 };
    return (struct span){ phrases->text.data + (uintptr_t)taken.data, taken.n };
}

void phrases_settle(struct phrases *phrases)
{
    for (uint32_t i = 0; i < phrases->n_parts; i++) {
        struct part *part = &phrases->parts[i];
        part->text = phrases_at(phrases, part->text);
        part->name = phrases_at(phrases, part->name);
        part->id = phrases_at(phrases, part->id);
    }
}
