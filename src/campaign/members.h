/*
 * members.h: the accounts of one campaign, and what policy was told of them.
 *
 * Shapes: members ascend by account; one entry an account for ever, until_ms says whether it is active.
 * Errors: STATUS_NOMEM leaves the list as it was.
 */
#ifndef CAMPAIGN_MEMBERS_H
#define CAMPAIGN_MEMBERS_H

#include "campaign/campaign.h"

struct campaign_member *member_find(const struct campaign *campaign, uint64_t account);
/* Adds the account, or returns the entry it has; its since_ms is now_ms if it is new or comes back. */
MUST_CHECK enum status member_join(
    struct campaign *campaign, uint64_t account, int64_t now_ms, struct campaign_member **ret_member);
void member_leave(struct campaign *campaign, struct campaign_member *member, int64_t now_ms);

/* Appends a verdict for every member whose standing changed since policy was last told. */
MUST_CHECK enum status members_tell(struct campaign *campaign, int64_t now_ms,
    enum status (*look_up)(
        void *context, uint64_t account, int64_t now_ms, struct account_profile *ret_profile),
    void *context, struct verdict_list *verdicts);

#endif
