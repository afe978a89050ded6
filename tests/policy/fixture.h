/*
 * fixture.h: a policy stage with the default policy, verdicts and usage made by hand.
 */
#ifndef TESTS_POLICY_FIXTURE_H
#define TESTS_POLICY_FIXTURE_H

#include "policy/stage.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY INT64_C(86400000)
#define START (20000 * DAY) /* the first millisecond of a UTC day */

struct fixture {
    struct policy *policy;
    struct policy_stage *stage;
    struct decision_list decisions;
};

static inline void fixture_init(struct fixture *f)
{
    *f = (struct fixture){ 0 };
    assert_ok(policy_default(NULL, &f->policy));
}

/* After the policy is as the test wants it. */
static inline void fixture_start(struct fixture *f, uint32_t accounts_max)
{
    assert_ok(policy_stage_new(f->policy, accounts_max, NULL, &f->stage));
}

static inline void fixture_fini(struct fixture *f)
{
    policy_stage_free(f->stage);
    policy_free(f->policy);
    decision_list_fini(&f->decisions);
}

/* A member of campaign 7, which is confirmed and has 50 accounts. */
static inline struct verdict member(uint64_t account, enum membership membership, int64_t time_ms)
{
    return (struct verdict){
        .campaign = { 7 },
        .account = account,
        .time_ms = time_ms,
        .confidence = 0.9f,
        .membership = (uint8_t)membership,
        .families = 1 << FAMILY_IDENTITY | 1 << FAMILY_CONTENT,
        .confirmed = true,
        .accounts = 50,
    };
}

static inline void tell(struct fixture *f, struct verdict verdict)
{
    assert_ok(policy_apply_verdicts(f->stage, &verdict, 1, &f->decisions));
}

static inline void use(struct fixture *f, uint64_t account, uint64_t organization, int64_t time_ms)
{
    struct usage usage = { .account = account,
        .organization = organization,
        .time_ms = time_ms,
        .input_tok = 100,
        .output_tok = 10 };
    assert_ok(policy_apply_usage(f->stage, &usage, 1, &f->decisions));
}

static inline void tick(struct fixture *f, int64_t now_ms)
{
    assert_ok(policy_tick(f->stage, now_ms, &f->decisions));
}

/* The decisions since the last look: "3 suspend, 4 verify". Forgets them. */
static inline void expect_decisions(struct fixture *f, const char *want)
{
    char got[512] = "";
    size_t at = 0;
    for (size_t i = 0; i < f->decisions.n && at < sizeof got; i++) {
        const struct decision *d = &f->decisions.items[i];
        at += (size_t)snprintf(got + at, sizeof got - at, "%s%llu %s", i ? ", " : "",
            (unsigned long long)d->account, action_name(d->action));
    }
    assert_string_equal(got, want);
    f->decisions.n = 0;
}

#endif
