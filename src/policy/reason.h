/*
 * reason.h: the one sentence of a decision that a support engineer can read out.
 *
 * Shapes: English, ends with a full stop, below REASON_MAX bytes.
 * Privacy: names no signal, no value of one and no other account, so that reading it out teaches an
 *   attacker nothing.
 */
#ifndef POLICY_REASON_H
#define POLICY_REASON_H

#include "policy/decision.h"

enum cause {
    CAUSE_MEMBER,       /* of a confirmed campaign */
    CAUSE_SUSPECTED,    /* of a campaign that is only suspected */
    CAUSE_RENEWED,      /* as member, again after expiry */
    CAUSE_VOLUME,       /* the account's own limit */
    CAUSE_ORGANIZATION, /* its organisation's limit */
    CAUSE_CAMPAIGN,     /* its campaign's limit */
    CAUSE_EXPIRED,
    CAUSE_LEFT,
    CAUSE_COUNT
};

/* Why an account gets less than the ladder says. */
enum spared { SPARED_NOT, SPARED_ALLOWED, SPARED_VERIFIED, SPARED_SMALL, SPARED_ORGANIZATION, SPARED_BUDGET };

/* Which limit was crossed. */
enum excess {
    EXCESS_NONE,
    EXCESS_HOUR_REQUESTS,
    EXCESS_DAY_REQUESTS,
    EXCESS_INPUT,
    EXCESS_OUTPUT,
    EXCESS_COST
};

struct reason {
    enum cause cause;
    enum action action; /* for a release: what is lifted */
    enum spared spared;
    enum excess excess;
    uint32_t accounts; /* members of the campaign */
    uint8_t families;  /* bits */
};

void reason_write(const struct reason *reason, char ret_text[static REASON_MAX]);

#endif
