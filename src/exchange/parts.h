/*
 * parts.h: collects the parts and tools of one exchange while its JSON is read in whatever order it comes.
 *
 * Model: four lists, one a section; the history is a ring, so that of an endless conversation the newest
 *   parts stay. A system part that falls out of the ring is pinned. parts_gather lays the lists one behind
 *   the other, so that the order of keys in the JSON does not change the order of parts.
 * Memory: 56 bytes a part, at most 2 x EXCHANGE_PARTS_MAX of them; kept for the next exchange.
 * Ownership: borrows all text.
 */
#ifndef EXCHANGE_PARTS_H
#define EXCHANGE_PARTS_H

#include "base/status.h"
#include "exchange/exchange.h"

enum section {
    SECTION_SYSTEM,  /* system and instructions keys: at most 256, the first ones */
    SECTION_PINNED,  /* system parts fallen out of the history: at most 256, the first ones */
    SECTION_HISTORY, /* messages and input: at most 3072, the newest ones */
    SECTION_ISSUED,  /* the response: at most 512, the first ones */
    SECTION_COUNT
};

enum { ROLE_UNSET = 255 }; /* until the end of the message tells */

struct part_list {
    struct part *items;
    uint32_t cap;
    uint64_t n; /* pushed since the last clear; those that are kept are the last or the first `limit` */
};

struct parts {
    struct part_list lists[SECTION_COUNT];
    struct part *all;
    uint32_t all_cap;
    uint32_t n_tools;
    uint32_t tools_cap;
    uint32_t tools_dropped;
    struct tool *tools;
};

void parts_fini(struct parts *parts);
void parts_clear(struct parts *parts);
void parts_clear_section(struct parts *parts, enum section section);
void parts_clear_tools(struct parts *parts);

MUST_CHECK enum status parts_push(struct parts *parts, enum section section, const struct part *part);
MUST_CHECK enum status parts_push_tool(struct parts *parts, const struct tool *tool);

/* The part pushed as number i (from 0); NULL when it was dropped. */
struct part *parts_at(struct parts *parts, enum section section, uint64_t i);

/* Lays out everything and writes parts, tools and parts_dropped of the exchange. Messages are numbered anew
 * from 0. */
MUST_CHECK enum status parts_gather(struct parts *parts, struct exchange *exchange);

#endif
