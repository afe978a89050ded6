#include "gate/rules.h"

#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum status load(const char *yaml, struct rules **ret_rules, struct diag *diag)
{
    char path[] = "/tmp/stillwatch-rules-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, yaml, strlen(yaml)), strlen(yaml));
    close(fd);
    *diag = (struct diag){ 0 };
    enum status st = rules_load(path, ret_rules, diag);
    unlink(path);
    return st;
}

static struct rules *loaded(const char *yaml)
{
    struct rules *rules = NULL;
    struct diag diag;
    enum status st = load(yaml, &rules, &diag);
    if (st != STATUS_OK)
        fail_msg("line %d: %s: %s", (int)diag.line, diag.field, diag.reason);
    return rules;
}

static void the_default_file_limits_nothing_but_decisions(void **state)
{
    (void)state;
    char path[512];
    struct rules *rules;
    struct diag diag = { 0 };
    snprintf(path, sizeof path, "%s/config/edge.yaml", getenv("STILLWATCH_SOURCE"));
    assert_ok(rules_load(path, &rules, &diag));
    for (unsigned tier = 0; tier < TIER_COUNT; tier++) {
        assert_int_equal(rules->tiers[tier].deny, 0);
        assert_int_equal(rules->tiers[tier].models.n, 0);
        assert_int_equal(rules->tiers[tier].rate.requests_per_minute, 0);
    }
    assert_int_equal(rules->throttle.requests_per_minute, 6);
    assert_int_equal(rules->restrict_output_tokens, 512);
    rules_free(rules);
}

static void every_key_reaches_its_place(void **state)
{
    (void)state;
    struct rules *rules =
        loaded("version: 1\n"
               "step_up_url: https://example.com/verify\n"
               "tiers:\n"
               "  free: {models: [a, b-*], deny: [logprobs, batch], choices: 1, output_tokens: 100,\n"
               "    body_bytes: 5, deny_countries: [XX], deny_networks: [anonymiser],\n"
               "    requests_per_minute: 2, input_tokens_per_minute: 3, output_tokens_per_minute: 4,\n"
               "    cost_per_hour: 1.5, burst_seconds: 9}\n"
               "verify: {reasoning: [card, business]}\n"
               "limits: {campaign: {requests_per_minute: 7}, key: {burst_seconds: 8}}\n"
               "prices: [{model: a-*, input_per_million: 2, output_per_million: 10}]\n");
    const struct rules_tier *tier = &rules->tiers[TIER_FREE];
    assert_string_equal(rules->step_up_url, "https://example.com/verify");
    assert_int_equal(tier->models.n, 2);
    assert_int_equal(tier->deny, USE_LOGPROBS | USE_BATCH);
    assert_int_equal(tier->choices, 1);
    assert_int_equal(tier->output_tokens, 100);
    assert_int_equal(tier->body_bytes, 5);
    assert_string_equal(tier->countries.items[0], "XX");
    assert_string_equal(tier->networks.items[0], "anonymiser");
    assert_int_equal(tier->rate.requests_per_minute, 2);
    assert_int_equal(tier->rate.input_tokens_per_minute, 3);
    assert_int_equal(tier->rate.output_tokens_per_minute, 4);
    assert_true(tier->rate.cost_per_hour == 1.5);
    assert_int_equal(tier->rate.burst_seconds, 9);
    assert_int_equal(rules->verify.uses[0], VERIFIED_CARD | VERIFIED_BUSINESS);
    assert_int_equal(rules->campaign.requests_per_minute, 7);
    assert_int_equal(rules->key.burst_seconds, 8);
    assert_int_equal(rules->tiers[TIER_PAID].deny, 0);
    assert_true(rules_cost(rules, SPAN("a-1"), 1e6, 1e5) == 3);
    assert_true(rules_cost(rules, SPAN("b"), 1e6, 1e5) == 0);
    rules_free(rules);
}

static void a_name_matches_whole_or_by_its_beginning(void **state)
{
    (void)state;
    char *items[] = { "m-large", "x-*" };
    const struct rules_names names = { items, 2 };
    assert_true(rules_match(&names, SPAN("m-large")));
    assert_true(rules_match(&names, SPAN("x-1")));
    assert_true(rules_match(&names, SPAN("x-")));
    assert_false(rules_match(&names, SPAN("m-large-2")));
    assert_false(rules_match(&names, SPAN("M-LARGE")));
    assert_false(rules_match(&names, SPAN("x")));
    assert_false(rules_match(&names, (struct span){ 0 }));
}

static void mistakes_are_told_with_line_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        unsigned line;
        const char *reason;
    } mistakes[] = {
        { "version: 2\n", 1, "must be 1" },
        { "version: 1\ntiers:\n  gold: {}\n", 3, "unknown key" },
        { "version: 1\ntiers: {free: {deny: [thoughts]}}\n", 2, "words" },
        { "version: 1\nthrottle:\n  requests_per_minute: 6x\n", 3, "whole number" },
        { "version: 1\nthrottle:\n  requests_per_minute: -6\n", 3, "whole number" },
        { "version: 1\ntiers:\n  free:\n    cost_per_hour: -1\n", 4, "between" },
        { "version: 1\ntiers:\n  free:\n    cost_per_hour: "
          "1.00000000000000000000000000000000000000000000000000000000000000000000e300\n",
            4, "between" },
        { "version: 1\ntiers:\n  free:\n    deny_countries: [de]\n", 4, "capital" },
        { "version: 1\nstep_up_url: javascript:alert(1)\n", 2, "https" },
        { "version: 1\nversion: 1\n", 2, "twice" },
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct rules *rules = NULL;
        struct diag diag;
        assert_int_equal(load(mistakes[i].yaml, &rules, &diag), STATUS_BAD);
        if (diag.line != mistakes[i].line || !strstr(diag.reason, mistakes[i].reason))
            fail_msg("%s: line %d, %s, %s", mistakes[i].yaml, (int)diag.line, diag.field, diag.reason);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_file_limits_nothing_but_decisions),
        cmocka_unit_test(every_key_reaches_its_place),
        cmocka_unit_test(a_name_matches_whole_or_by_its_beginning),
        cmocka_unit_test(mistakes_are_told_with_line_and_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
