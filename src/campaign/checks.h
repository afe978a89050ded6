/*
 * checks.h: the benign explanations, each with the measurement that speaks for or against it.
 *
 * Model: a check holds when its measurement is at or beyond its threshold; a group with a check that holds is never
 *   confirmed. Shares are over firm members.
 * Source: look-alikes and discriminators are our own, after published reports of campaigns.
 */
#ifndef CAMPAIGN_CHECKS_H
#define CAMPAIGN_CHECKS_H

#include "campaign/campaign.h"

struct check_input {
    const struct account_profile *members;
    size_t n;
    double tasks;     /* distinct tasks sent with the frame that had most; NAN: no frame */
    bool public_frame;
    double open_team;            /* largest share of members with one mail domain that is rare elsewhere */
};

void checks_run(const struct check_input *input, struct check ret_checks[static CHECK_COUNT]);
bool checks_hold(const struct check checks[static CHECK_COUNT]);

/* What the members are mostly there for. */
enum campaign_kind checks_kind(const struct account_profile *members, size_t n);

#endif
