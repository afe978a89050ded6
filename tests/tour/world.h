/*
 * world.h: a small log with one campaign in it, for the tour: people who know nothing of each other, and
 * accounts that one hand runs.
 *
 * Model: every hour of half a day each person writes now and then, each account of the campaign once (nine
 *   of them in the first two hours). The campaign's accounts put ever new tasks into one frame, pay from
 *   six cards, and one of them sends back what was issued to another.
 * Shapes: no randomness but a seeded generator: the same bytes every time.
 */
#ifndef TESTS_TOUR_WORLD_H
#define TESTS_TOUR_WORLD_H

#include "base/buffer.h"

/* The request id of the exchange that the tour follows. */
#define TOUR_EXCHANGE "req_k07_01"
#define TOUR_ACCOUNT "acct_k07"

/* Appends the log, one JSON line an event. */
void world_write(struct buffer *log);

#endif
