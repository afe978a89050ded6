/*
 * texts.h: texts that many exchanges have in common: system prompts, tool sets, frames.
 *
 * Model: said once and kept by their number, direct mapped: a newcomer replaces whoever is there.
 * Memory: TEXTS_KEPT of each, as long as they are.
 * Ownership: what is returned is borrowed until the next call.
 * Errors: STATUS_NOMEM.
 */
#ifndef LAB_TEXTS_H
#define LAB_TEXTS_H

#include "lab/ask.h"

enum { TEXTS_KEPT = 512, TOOLS_MAX = 32 };

struct kept_system {
    uint64_t number;
    struct buffer text;
};

struct kept_tools {
    uint64_t number;
    struct buffer text;
    struct tool tools[TOOLS_MAX];
    uint32_t n;
};

struct kept_frame {
    uint64_t number;
    struct buffer before, after;
};

struct texts {
    const struct corpus *corpus;
    struct kept_system *systems;
    struct kept_tools *tools;
    struct kept_frame *frames;
    struct buffer name, description, schema; /* scratch */
};

MUST_CHECK enum status texts_init(struct texts *texts, const struct corpus *corpus);
void texts_fini(struct texts *texts);
MUST_CHECK enum status texts_system(struct texts *texts, const struct style *style, struct span *ret_text);
MUST_CHECK enum status texts_tools(
    struct texts *texts, uint64_t toolset, const struct tool **ret_tools, uint32_t *ret_n);
/* The frame of a talk, which has one. */
MUST_CHECK enum status texts_frame(
    struct texts *texts, const struct talk *talk, const struct kept_frame **ret_frame);

#endif
