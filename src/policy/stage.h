/*
 * stage.h: from verdicts and usage to decisions: what is in force for whom, and until when?
 *
 * Model: each account has a *standing* (its latest verdict) and at most one action *in force*. A verdict
 *   that asks for more raises the action; one that asks for less leaves it until it expires. Leaving the
 *   campaign releases what was done for it. When an action expires it is renewed while the standing still
 *   asks for as much, else released. What an account is spared: all but `observe` on the allow-list; all
 *   above ladder.verified for verified businesses; all above `verify` for resellers, in campaigns below min_contain_accounts, beyond an
 *   organisation's blast radius and beyond the day's budget of containments; the last two are asked again
 *   every day. Volume alone throttles at most.
 * Order: decisions of a call by time, then account; `release` before what follows it.
 * Memory: 80 bytes an account with a verdict or over a limit, about 100 an organisation, 72 a volume
 *   window; all grow up to accounts_max. Full: an account with nothing in force makes room within a probe of
 *   64; if there is none the account is left alone and counted (fail-open).
 * Errors: STATUS_NOMEM leaves the items before the one that failed applied.
 * Cost: usage without any limit set costs one look-up for accounts in organisations, nothing for others.
 * Threads: one policy stage; no sharing. No clock: time comes with the items.
 */
#ifndef POLICY_STAGE_H
#define POLICY_STAGE_H

#include "policy/policy.h"

struct policy_stage;

/* Asked once an account and day, when account limits are set. A null function: every tier is unknown. */
struct policy_source {
    void *context;
    enum tier (*tier)(void *context, uint64_t account);
};

struct policy_stats {
    uint64_t accounts, organizations, campaigns, windows;
    uint64_t accounts_refused; /* decisions not taken because the table was full */
    uint64_t windows_evicted;
    uint64_t held_back; /* accounts now that wait for a person or for another day's budget */
    uint64_t state_bytes;
};

/* Borrows the policy, and the source's context. source may be NULL. */
MUST_CHECK enum status policy_stage_new(const struct policy *policy, uint32_t accounts_max,
    const struct policy_source *source, struct policy_stage **ret_stage);
void policy_stage_free(struct policy_stage *stage);
/*
 * Goes on under another policy, borrowed as the first. What is in force stays until it expires, as after a verdict that
 * asks for less; at the next tick everybody is asked again, so that more is done where more is asked for.
 */
void policy_stage_take(struct policy_stage *stage, const struct policy *policy);

/* Any order within a call: members first, then those that left, so that moving between campaigns releases
 * nothing. */
MUST_CHECK enum status policy_apply_verdicts(
    struct policy_stage *stage, const struct verdict *verdicts, size_t n, struct decision_list *decisions);
MUST_CHECK enum status policy_apply_usage(
    struct policy_stage *stage, const struct usage *usages, size_t n, struct decision_list *decisions);
/* Expires and renews; once a day asks again for those held back. */
MUST_CHECK enum status policy_tick(
    struct policy_stage *stage, int64_t now_ms, struct decision_list *decisions);

/*
 * Takes the next campaign all of whose members that are to be contained have become so; false when there is
 * none. Call until false after a tick. Never in shadow mode.
 */
bool policy_take_contained(struct policy_stage *stage, struct campaign_id *ret_campaign);

/* The action in force; ACTION_OBSERVE where there is none, and in shadow mode. */
enum action policy_in_force(const struct policy_stage *stage, uint64_t account, int64_t now_ms);
/* Whether anything is in force for the account, or it has a standing. */
bool policy_knows(const struct policy_stage *stage, uint64_t account);
void policy_stats(const struct policy_stage *stage, struct policy_stats *ret_stats);

#endif
