/*
 * handoffs.h: does a task that failed with one account turn up with another, who has nothing to do with it?
 *
 * Model: whoever divides one queue among accounts sends what was refused, or failed, with one of them from the next. Such
 *   a hand-off is a direct tie of kind OBJECT_REFUSED: the same task, which hardly anybody else sends, within minutes
 *   (object/refused.h). An account *hands on* if it hangs in one with an account of another hand (hands.h); those of a
 *   declared organisation or an open team do not, nor does a tie with one count, nor one of a queue that is no larger than a
 *   firm (queues.h). Null:
 *   who uses a frame hands on no more often than half as many again as the accounts outside, and one in fifty
 *   besides. It is the group's share that is tested; to whom a task went does not matter, because a queue has more frames
 *   than the one by which the group was found. An account is *dispatched* if it is one of three or more among whom tasks go
 *   round: two are one person with two accounts.
 * Source: our own; Vovk, Wang, "E-values: calibration, combination and applications", 2021, for the test.
 * Cost: the account's strong direct ties.
 * Benign look-alikes: a gateway that fails over between more than nine accounts of different payers, of which nobody says that they are
 *   one firm's; people who do the same exercise while the provider fails (account/outage.h keeps that out).
 * Evasion: what failed stays with its account, or waits for more than ten minutes: throughput lost.
 */
#ifndef CAMPAIGN_HANDOFFS_H
#define CAMPAIGN_HANDOFFS_H

#include "campaign/rings.h"

/* Somebody of another hand, not `except`, whom a task came from or went to; MAP_NONE: nobody. */
uint32_t handoffs_partner(
    const struct graph *graph, struct rings *identity, uint32_t account, uint32_t except);
bool handoffs_dispatched(const struct graph *graph, struct rings *identity, uint32_t account);

#endif
