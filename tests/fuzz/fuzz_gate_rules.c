/*
 * A file of the gateway's rules: it loads within the bounds that the gate counts on, the same twice, or it is refused with a
 * place. What it makes of a request ends in a ruling, and each refusal is one JSON object.
 */
#include "fuzz.h"

#include "exchange/json.h"
#include "gate/answer.h"
#include "gate/judge.h"
#include "gate/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_bounded(double value)
{
    return value >= 0 && value <= 1e9;
}

static void check_rate(const struct rules_rate *rate)
{
    const uint64_t most = UINT64_C(1000000000000000);
    if (rate->requests_per_minute >= most || rate->input_tokens_per_minute >= most ||
        rate->output_tokens_per_minute >= most || rate->burst_seconds >= most ||
        !is_bounded(rate->cost_per_hour))
        abort();
}

static void check_rules(const struct rules *rules)
{
    check_rate(&rules->key);
    check_rate(&rules->organization);
    check_rate(&rules->campaign);
    check_rate(&rules->throttle);
    for (unsigned i = 0; i < TIER_COUNT; i++)
        check_rate(&rules->tiers[i].rate);
    for (uint32_t i = 0; i < rules->n_prices; i++)
        if (!is_bounded(rules->prices[i].input_per_million) ||
            !is_bounded(rules->prices[i].output_per_million))
            abort();
    if (rules->version != 1 || !is_bounded(rules_cost(rules, SPAN("gpt-x"), 1e3, 1e3) / 2e3))
        abort();
}

static void check_answer(const struct answer_facts *facts)
{
    static struct json *json;
    struct json_value root;
    struct span raw;
    struct buffer body = { 0 };
    if (!json && json_new(&json) != STATUS_OK)
        abort();
    answer_body(facts, &body);
    if (body.status != STATUS_OK || !buffer_reserve(&body, JSON_PADDING))
        abort();
    memset(body.data + body.n, 0, JSON_PADDING);
    if (json_root(json, buffer_span(&body), &root) != STATUS_OK || root.type != JSON_OBJECT ||
        json_raw(&root, &raw) != STATUS_OK || json_at_end(json) != STATUS_OK)
        abort();
    buffer_fini(&body);
}

/* Every tier with everything that can be asked for. */
static void judge_all(const struct rules *rules)
{
    const struct key_row key = { SPAN("k"), SPAN("a"), -1, false };
    const struct decision_row decision = {
        .action = ACTION_RESTRICT, .mode = MODE_ENFORCED, .expires_ms = -1
    };
    const struct origin origin = { SPAN("DE"), SPAN("hosting") };
    const struct ask ask = { .model = SPAN("gpt-x"),
        .model_due = true,
        .uses = (1U << USES) - 1,
        .choices = 5,
        .output_tok = 100000,
        .body_bytes = 1 << 20 };
    for (unsigned i = 0; i < 2U * (TIER_COUNT + 1); i++) {
        struct account_row account = { .tier = (uint8_t)(i / 2), .verified = (uint8_t)i };
        struct judge_input input = { .now_ms = 1,
            .key_given = true,
            .key = &key,
            .account = &account,
            .decision = i % 2 ? &decision : NULL,
            .origin = &origin,
            .rules = rules };
        struct ruling ruling = judge_caller(&input);
        judge_ask(&input, &ask, &ruling);
        if (ruling.kind >= RULING_KINDS || ruling.output_cap < 0 || (i % 2 && ruling.kind == RULING_TOO_MUCH))
            abort();
        struct answer_facts facts = { &ruling, (enum api)(i % API_COUNT), i, rules->step_up_url };
        if (ruling.kind != RULING_PASS)
            check_answer(&facts);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *path = fuzz_input_file(data, n);
    struct rules *rules = NULL;
    struct diag diag = { 0 };
    enum status st = rules_load(path, &rules, &diag);
    if (st == STATUS_BAD && diag.reason[0] == '\0')
        abort();
    if (st == STATUS_OK) {
        check_rules(rules);
        judge_all(rules);
        rules_match(&rules->tiers[TIER_FREE].models, (struct span){ (const char *)data, n });
    }
    rules_free(rules);
    return 0;
}
