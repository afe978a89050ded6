#include "exchange/parts.h"

#include <stdlib.h>

static const uint32_t limits[SECTION_COUNT] = { 256, 256, 3072, 512 };
_Static_assert(256 + 256 + 3072 + 512 == EXCHANGE_PARTS_MAX, "the sections fill the limit");

void parts_fini(struct parts *parts)
{
    for (int i = 0; i < SECTION_COUNT; i++)
        free(parts->lists[i].items);
    free(parts->all);
    free(parts->tools);
    *parts = (struct parts){ 0 };
}

void parts_clear(struct parts *parts)
{
    for (int i = 0; i < SECTION_COUNT; i++)
        parts->lists[i].n = 0;
    parts_clear_tools(parts);
}

void parts_clear_section(struct parts *parts, enum section section)
{
    parts->lists[section].n = 0;
    if (section == SECTION_HISTORY)
        parts->lists[SECTION_PINNED].n = 0;
}

void parts_clear_tools(struct parts *parts)
{
    parts->n_tools = 0;
    parts->tools_dropped = 0;
}

/* Makes room for item n of an array that doubles up to its limit. */
static enum status grow(void **items, uint32_t *cap, uint64_t n, uint32_t limit, size_t size)
{
    if (n < *cap)
        return STATUS_OK;
    uint32_t larger = *cap ? *cap * 2 : 16;
    while (larger <= n)
        larger *= 2;
    larger = larger < limit ? larger : limit;
    void *moved = realloc(*items, larger * size);
    if (!moved)
        return STATUS_NOMEM;
    *items = moved;
    *cap = larger;
    return STATUS_OK;
}

static bool keeps_newest(enum section section)
{
    return section == SECTION_HISTORY;
}

enum status parts_push(struct parts *parts, enum section section, const struct part *part)
{
    struct part_list *list = &parts->lists[section];
    uint32_t limit = limits[section];
    if (list->n >= limit && !keeps_newest(section)) {
        list->n++;
        return STATUS_OK;
    }
    if (list->n >= limit) {
        struct part *oldest = &list->items[list->n % limit];
        enum status st = oldest->role == ROLE_SYSTEM ? parts_push(parts, SECTION_PINNED, oldest) : STATUS_OK;
        if (st != STATUS_OK)
            return st;
        *oldest = *part;
        list->n++;
        return STATUS_OK;
    }
    enum status st = grow((void **)&list->items, &list->cap, list->n, limit, sizeof *part);
    if (st != STATUS_OK)
        return st;
    list->items[list->n++] = *part;
    return STATUS_OK;
}

enum status parts_push_tool(struct parts *parts, const struct tool *tool)
{
    if (parts->n_tools == EXCHANGE_TOOLS_MAX) {
        parts->tools_dropped++;
        return STATUS_OK;
    }
    enum status st =
        grow((void **)&parts->tools, &parts->tools_cap, parts->n_tools, EXCHANGE_TOOLS_MAX, sizeof *tool);
    if (st != STATUS_OK)
        return st;
    parts->tools[parts->n_tools++] = *tool;
    return STATUS_OK;
}

static uint64_t first_kept(const struct parts *parts, enum section section)
{
    uint64_t n = parts->lists[section].n;
    return keeps_newest(section) && n > limits[section] ? n - limits[section] : 0;
}

struct part *parts_at(struct parts *parts, enum section section, uint64_t i)
{
    struct part_list *list = &parts->lists[section];
    if (i < first_kept(parts, section) || i >= list->n || (i >= limits[section] && !keeps_newest(section)))
        return NULL;
    return &list->items[i < limits[section] ? i : i % limits[section]];
}

/* Appends a section; `message` counts on where the one before stopped. */
static uint32_t gather_section(struct parts *parts, enum section section, uint32_t n, uint32_t *message)
{
    uint32_t last = UINT32_MAX;
    for (uint64_t i = first_kept(parts, section);; i++) {
        const struct part *part = parts_at(parts, section, i);
        if (!part)
            return n;
        *message += n > 0 && part->message != last;
        last = part->message;
        parts->all[n] = *part;
        parts->all[n].issued = section == SECTION_ISSUED;
        parts->all[n].message = *message;
        n++;
    }
}

enum status parts_gather(struct parts *parts, struct exchange *exchange)
{
    uint64_t pushed = 0;
    uint32_t kept = 0;
    for (int i = 0; i < SECTION_COUNT; i++) {
        pushed += parts->lists[i].n;
        kept += parts->lists[i].n < limits[i] ? (uint32_t)parts->lists[i].n : limits[i];
    }
    if (kept > 0) {
        enum status st =
            grow((void **)&parts->all, &parts->all_cap, kept - 1, EXCHANGE_PARTS_MAX, sizeof *parts->all);
        if (st != STATUS_OK)
            return st;
    }
    uint32_t n = 0, message = 0;
    for (int i = 0; i < SECTION_COUNT; i++)
        n = gather_section(parts, (enum section)i, n, &message);
    exchange->parts = parts->all;
    exchange->n_parts = n;
    exchange->tools = parts->tools;
    exchange->n_tools = parts->n_tools;
    /* A pinned part was pushed twice, but is one part. */
    uint64_t lost = pushed - parts->lists[SECTION_PINNED].n - n + parts->tools_dropped;
    exchange->parts_dropped = lost < UINT32_MAX ? (uint32_t)lost : UINT32_MAX;
    return STATUS_OK;
}
