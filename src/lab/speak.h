/*
 * speak.h: an ask → the exchange, or any other event, as a provider's log would have it, with all its texts.
 *
 * Model: every text is said again from its seeds: the question with its frame, the answers of earlier turns, tool
 *   calls and their results, reasoning signatures. So a conversation that goes on from another account carries the same
 *   history, word for word. Parts are numbered into messages as the API that is spoken writes them (wire.h writes the
 *   same exchange as JSON, and reading that gives the same parts).
 * Ownership: one speaker a thread; what it returns is valid until its next call.
 * Memory: as dialogue.h.
 * Errors: STATUS_NOMEM.
 * Cost: see bench/lab_bench.c.
 */
#ifndef LAB_SPEAK_H
#define LAB_SPEAK_H

#include "lab/world.h"

struct speaker;

MUST_CHECK enum status speaker_new(
    const struct world *world, const struct corpus *corpus, struct speaker **ret_speaker);
void speaker_free(struct speaker *speaker);
MUST_CHECK enum status speak(
    struct speaker *speaker, const struct happening *happening, struct event *ret_event);

#endif
