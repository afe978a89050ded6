#include "record/event_ids.h"

struct span event_account(const struct event *event)
{
    switch (event->kind) {
    case EVENT_EXCHANGE:
        return event->exchange.account;
    case EVENT_ACCOUNT:
        return event->account.account;
    case EVENT_ENFORCEMENT:
        return event->enforcement.account;
    default:
        return (struct span){ 0 };
    }
}

void event_ids(const struct event *event, const struct key *key, struct event_ids *ret_ids)
{
    struct span account = event_account(event), id = { 0 };
    if (event->kind == EVENT_EXCHANGE)
        id = event->exchange.id;
    *ret_ids = (struct event_ids){
        .time_ms = event->time_ms,
        .account = key_hash(key, KEY_ACCOUNT, account.data, account.n),
        .exchange = key_hash(key, KEY_EXCHANGE, id.data, id.n),
    };
}
