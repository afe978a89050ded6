/*
 * event_ids.h: of an event only when, whose and which: for whoever needs no features of it.
 *
 * Shapes: the hashes that extract.h puts into the record of the same event; 0 where the event has none.
 * Privacy: the name is borrowed text of the event.
 */
#ifndef RECORD_EVENT_IDS_H
#define RECORD_EVENT_IDS_H

#include "base/key.h"
#include "exchange/event.h"

struct event_ids {
    int64_t time_ms;
    uint64_t account, exchange;
};

void event_ids(const struct event *event, const struct key *key, struct event_ids *ret_ids);
/* The account's id as the provider writes it; empty for a release. */
struct span event_account(const struct event *event);

#endif
