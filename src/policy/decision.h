/*
 * decision.h: what is done to whom, why, until when.
 *
 * Source: What Stillwatch writes, version 1 (decisions.jsonl).
 * Shapes: reason is one sentence that a support engineer can read out; it names no signal value that would
 *   teach an attacker, and no text of a prompt.
 */
#ifndef POLICY_DECISION_H
#define POLICY_DECISION_H

#include "campaign/campaign.h"

enum action {
    ACTION_OBSERVE,
    ACTION_VERIFY,
    ACTION_THROTTLE,
    ACTION_RESTRICT,
    ACTION_SUSPEND,
    ACTION_RELEASE,
    ACTION_COUNT
};
enum mode { MODE_SHADOW, MODE_ENFORCED };
const char *action_name(enum action action);
const char *mode_name(enum mode mode);

enum { REASON_MAX = 320 };

struct decision {
    int64_t time_ms, expires_ms; /* expires -1: does not */
    uint64_t account;
    struct campaign_id campaign; /* 0: rests on the account alone */
    enum action action;
    enum mode mode;
    float confidence;
    uint8_t families; /* bit for each enum family */
    char reason[REASON_MAX];
};

struct decision_list {
    struct decision *items;
    size_t n, capacity;
};
void decision_list_fini(struct decision_list *list);
/* Makes room for so many more. */
MUST_CHECK enum status decision_list_reserve(struct decision_list *list, size_t more);
/* Orders the items from that index on by time, then account; a release before what follows it. */
void decision_list_sort(struct decision_list *list, size_t from);

#endif
