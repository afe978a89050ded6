/*
 * checks.h: the benign explanations, each with the measurement that speaks for or against it.
 *
 * Model: a check holds when its measurement is at or beyond its threshold; a group with a check that holds is never
 *   confirmed. Shares are over firm members.
 * Source: look-alikes and discriminators are our own, after published reports of campaigns.
 */
#ifndef CAMPAIGN_CHECKS_H
#define CAMPAIGN_CHECKS_H

#include "campaign/links.h"

struct check_input {
    const struct account_profile *members;
    size_t n;
    double tasks; /* distinct tasks sent with the frame that had most; NAN: no frame */
    size_t tied;  /* members that are tied: tied.h */
    struct openness open;
};

void checks_run(const struct check_input *input, struct check ret_checks[static CHECK_COUNT]);
bool checks_hold(const struct check checks[static CHECK_COUNT]);
/* Whether one holds that ends a confirmed campaign: those that a member cannot bring about by how it behaves. */
bool checks_release(const struct check checks[static CHECK_COUNT]);

/* What the members are mostly there for. */
enum campaign_kind checks_kind(const struct account_profile *members, size_t n);

#endif
