#include "gate/judge.h"

#include "support/test.h"

static struct rules rules;
static char *models[] = { "m-small", "m-free-*" }, *countries[] = { "XX" }, *networks[] = { "anonymiser" };
static struct key_row key;
static struct account_row account;
static struct decision_row decision;
static struct origin origin;

static struct judge_input setup(void)
{
    rules = (struct rules){ .version = 1 };
    rules.tiers[TIER_FREE] = (struct rules_tier){ .models = { models, 2 },
        .countries = { countries, 1 },
        .networks = { networks, 1 },
        .deny = USE_LOGPROBS,
        .choices = 2,
        .output_tokens = 1000,
        .body_bytes = 5000 };
    rules.verify.uses[0] = VERIFIED_CARD | VERIFIED_BUSINESS;
    key = (struct key_row){ SPAN("key_1"), SPAN("acct_1"), -1, false };
    account = (struct account_row){ .tier = TIER_FREE };
    decision = (struct decision_row){ .action = ACTION_OBSERVE, .mode = MODE_ENFORCED, .expires_ms = -1 };
    origin = (struct origin){ 0 };
    return (struct judge_input){ &rules, true, &key, &account, &decision, &origin, 1000 };
}

static enum ruling_kind asked(const struct judge_input *input, const struct ask *ask)
{
    struct ruling ruling = judge_caller(input);
    judge_ask(input, ask, &ruling);
    return ruling.kind;
}

static const struct ask plain = { .model = { "m-small", 7 }, .choices = 1, .output_tok = 100 };

static void a_good_key_passes(void **state)
{
    (void)state;
    struct judge_input input = setup();
    assert_int_equal(asked(&input, &plain), RULING_PASS);
    input.decision = NULL;
    assert_int_equal(asked(&input, &plain), RULING_PASS);
}

static void no_key_and_bad_keys_are_401(void **state)
{
    (void)state;
    struct judge_input input = setup();
    key.revoked = true;
    assert_int_equal(judge_caller(&input).kind, RULING_KEY_UNKNOWN);
    key.revoked = false;
    key.expires_ms = 1000;
    assert_int_equal(judge_caller(&input).kind, RULING_KEY_UNKNOWN);
    key.expires_ms = 1001;
    assert_int_equal(judge_caller(&input).kind, RULING_PASS);
    input.key = NULL;
    assert_int_equal(judge_caller(&input).kind, RULING_KEY_UNKNOWN);
    input.key_given = false;
    assert_int_equal(judge_caller(&input).kind, RULING_KEY_MISSING);
    assert_int_equal(ruling_status(RULING_KEY_MISSING), 401);
    assert_int_equal(ruling_status(RULING_KEY_UNKNOWN), 401);
}

static void decisions_are_carried_out(void **state)
{
    (void)state;
    struct judge_input input = setup();
    decision.action = ACTION_SUSPEND;
    assert_int_equal(judge_caller(&input).kind, RULING_SUSPENDED);
    decision.action = ACTION_VERIFY;
    assert_int_equal(judge_caller(&input).kind, RULING_VERIFY);
    decision.action = ACTION_THROTTLE;
    assert_int_equal(judge_caller(&input).kind, RULING_PASS);
    assert_true(judge_caller(&input).throttle);
    decision.action = ACTION_RESTRICT;
    struct ruling ruling = judge_caller(&input);
    assert_int_equal(ruling.kind, RULING_PASS);
    assert_true(ruling.restricted);
    assert_int_equal(ruling.output_cap, 512);
}

static void shadow_expired_and_released_decisions_bind_nobody(void **state)
{
    (void)state;
    struct judge_input input = setup();
    decision.action = ACTION_SUSPEND;
    decision.expires_ms = 1000;
    assert_int_equal(judge_caller(&input).kind, RULING_PASS);
    decision.expires_ms = -1;
    decision.mode = MODE_SHADOW;
    assert_int_equal(judge_caller(&input).kind, RULING_PASS);
    decision.mode = MODE_ENFORCED;
    decision.action = ACTION_RELEASE;
    assert_int_equal(judge_caller(&input).kind, RULING_PASS);
}

static void a_campaigns_limit_is_for_whom_a_decision_binds(void **state)
{
    (void)state;
    struct judge_input input = setup();
    decision.campaign = 7;
    assert_int_equal(judge_caller(&input).campaign, 7);
    decision.mode = MODE_SHADOW;
    assert_int_equal(judge_caller(&input).campaign, 0);
    decision.mode = MODE_ENFORCED;
    decision.expires_ms = 1000;
    assert_int_equal(judge_caller(&input).campaign, 0);
    decision.expires_ms = -1;
    decision.action = ACTION_RELEASE;
    assert_int_equal(judge_caller(&input).campaign, 0);
}

static void country_and_network_are_denied_by_tier(void **state)
{
    (void)state;
    struct judge_input input = setup();
    origin.country = SPAN("XX");
    assert_int_equal(judge_caller(&input).kind, RULING_COUNTRY);
    assert_int_equal(ruling_status(RULING_COUNTRY), 451);
    origin = (struct origin){ SPAN("DE"), SPAN("anonymiser") };
    assert_int_equal(judge_caller(&input).kind, RULING_NETWORK);
    account.tier = TIER_PAID;
    assert_int_equal(judge_caller(&input).kind, RULING_PASS);
}

static void models_uses_and_sizes_are_limited_by_tier(void **state)
{
    (void)state;
    struct judge_input input = setup();
    struct ask ask = plain;
    ask.model = SPAN("m-large");
    assert_int_equal(asked(&input, &ask), RULING_MODEL);
    ask.model = SPAN("m-free-2");
    assert_int_equal(asked(&input, &ask), RULING_PASS);
    ask.uses = USE_LOGPROBS;
    assert_int_equal(asked(&input, &ask), RULING_USE);
    ask.uses = 0;
    ask.choices = 3;
    assert_int_equal(asked(&input, &ask), RULING_TOO_MUCH);
    ask.choices = 2;
    ask.output_tok = 1001;
    assert_int_equal(asked(&input, &ask), RULING_TOO_MUCH);
    ask.output_tok = 1000;
    ask.body_bytes = 5001;
    assert_int_equal(asked(&input, &ask), RULING_BODY);
    account.tier = TIER_ENTERPRISE;
    assert_int_equal(asked(&input, &ask), RULING_PASS);
}

static void a_model_that_is_not_said_is_not_among_those_of_a_tier(void **state)
{
    (void)state;
    struct judge_input input = setup();
    struct ask ask = plain;
    ask.model = (struct span){ 0 };
    assert_int_equal(asked(&input, &ask), RULING_PASS); /* not every path has models */
    ask.model_due = true;
    assert_int_equal(asked(&input, &ask), RULING_MODEL);
    account.tier = TIER_ENTERPRISE;
    assert_int_equal(asked(&input, &ask), RULING_PASS);
}

static void a_request_that_names_no_output_size_gets_the_tiers(void **state)
{
    (void)state;
    struct judge_input input = setup();
    struct ask ask = plain;
    ask.output_tok = -1;
    struct ruling ruling = judge_caller(&input);
    judge_ask(&input, &ask, &ruling);
    assert_int_equal(ruling.kind, RULING_PASS);
    assert_int_equal(ruling.output_cap, 1000);
    ask.output_tok = 10;
    ask.output_open = true; /* and something else beside it that may be any */
    ruling = judge_caller(&input);
    judge_ask(&input, &ask, &ruling);
    assert_int_equal(ruling.output_cap, 1000);
    ask.output_open = false;
    ruling = judge_caller(&input);
    judge_ask(&input, &ask, &ruling);
    assert_int_equal(ruling.output_cap, 0);
}

static void a_use_may_ask_for_one_of_several_verifications(void **state)
{
    (void)state;
    struct judge_input input = setup();
    struct ask ask = plain;
    ask.uses = USE_REASONING;
    struct ruling ruling = judge_caller(&input);
    judge_ask(&input, &ask, &ruling);
    assert_int_equal(ruling.kind, RULING_VERIFY);
    assert_int_equal(ruling.verify, VERIFIED_CARD | VERIFIED_BUSINESS);
    assert_int_equal(ruling.use, USE_REASONING);
    account.verified = VERIFIED_EMAIL;
    assert_int_equal(asked(&input, &ask), RULING_VERIFY);
    account.verified = VERIFIED_BUSINESS;
    assert_int_equal(asked(&input, &ask), RULING_PASS);
}

static void what_a_restriction_takes_out_is_not_refused(void **state)
{
    (void)state;
    struct judge_input input = setup();
    struct ask ask = plain;
    decision.action = ACTION_RESTRICT;
    ask.uses = USE_LOGPROBS | USE_REASONING | USE_CHOICES;
    ask.choices = 8;
    ask.output_tok = 100000;
    assert_int_equal(asked(&input, &ask), RULING_PASS);
    ask.uses |= USE_BATCH;
    rules.tiers[TIER_FREE].deny |= USE_BATCH;
    assert_int_equal(asked(&input, &ask), RULING_USE);
}

static void batches_cannot_be_restricted_and_are_refused(void **state)
{
    (void)state;
    struct judge_input input = setup();
    struct ask ask = plain;
    ask.uses = USE_BATCH;
    assert_int_equal(asked(&input, &ask), RULING_PASS);
    decision.action = ACTION_RESTRICT;
    assert_int_equal(asked(&input, &ask), RULING_USE);
}

static void a_size_by_another_apis_name_is_none(void **state)
{
    (void)state;
    struct judge_input input = setup();
    struct ask ask = plain;
    ask.sizes_due = BODY_CHAT;
    struct ruling ruling = judge_caller(&input);
    judge_ask(&input, &ask, &ruling);
    assert_int_equal(ruling.output_cap, 1000);
}

static void an_account_that_the_table_lacks_is_of_the_unknown_tier(void **state)
{
    (void)state;
    struct judge_input input = setup();
    struct ask ask = plain;
    input.account = NULL;
    rules.tiers[TIER_UNKNOWN].deny = USE_REASONING;
    ask.uses = USE_REASONING;
    assert_int_equal(asked(&input, &ask), RULING_USE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_key_passes),
        cmocka_unit_test(no_key_and_bad_keys_are_401),
        cmocka_unit_test(decisions_are_carried_out),
        cmocka_unit_test(shadow_expired_and_released_decisions_bind_nobody),
        cmocka_unit_test(a_campaigns_limit_is_for_whom_a_decision_binds),
        cmocka_unit_test(country_and_network_are_denied_by_tier),
        cmocka_unit_test(models_uses_and_sizes_are_limited_by_tier),
        cmocka_unit_test(a_model_that_is_not_said_is_not_among_those_of_a_tier),
        cmocka_unit_test(a_request_that_names_no_output_size_gets_the_tiers),
        cmocka_unit_test(a_use_may_ask_for_one_of_several_verifications),
        cmocka_unit_test(what_a_restriction_takes_out_is_not_refused),
        cmocka_unit_test(batches_cannot_be_restricted_and_are_refused),
        cmocka_unit_test(a_size_by_another_apis_name_is_none),
        cmocka_unit_test(an_account_that_the_table_lacks_is_of_the_unknown_tier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
