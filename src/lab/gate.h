/*
 * gate.h: the provider's side of an exchange: what status a request gets.
 *
 * Model: in this order: 403 for accounts that are suspended (by the detector under test or by another desk) or have not passed an
 *   identity check they were asked for; 429 over the tier's rate (GCRA) or, for throttled accounts, for three requests
 *   in four; 503 for a third of requests in an outage; rare errors; else 200. A restricted account gets 200 with
 *   nothing of value, visibly.
 * Shapes: tiers allow 5, 60, 120 and 2,000 requests a minute with bursts of 20, 120, 240 and 4,000.
 */
#ifndef LAB_GATE_H
#define LAB_GATE_H

#include "lab/world_state.h"

struct gate_answer {
    uint16_t status;
    bool restricted;
};

/* Sends the next turn of what the account is in the middle of; the exchange is among the happenings. */
MUST_CHECK enum status gate_send(
    struct world *world, uint32_t account, int64_t now_ms, struct gate_answer *ret_answer);

#endif
