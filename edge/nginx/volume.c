/* How much may pass: one counter for each scope and unit, charged before and settled after. */
#include "stillwatch.h"

#include "base/mix.h"

#include <assert.h>
#include <math.h>

/* Beside the units of the rules: exchanges that are recorded with their text, and those of a sample. */
enum { TEXT_UNIT = RATE_UNITS, SAMPLE_UNIT };
static_assert((int)SAMPLE_UNIT < (int)GCRA_UNITS, "each has its counter");

/* Reserved for an answer whose size was not asked for. */
static const double usual_output_tok = 1024;
static const double bytes_a_tok = 4;

static int64_t now_us(void)
{
    return (int64_t)ngx_current_msec * 1000;
}

static struct gcra_slot *slot_of(uint64_t id)
{
    return gcra_slot_of(sw_worker.counters, id, now_us());
}

/* NULL: not limited. */
static const struct rules_rate *rate_of(const sw_ctx_t *ctx, const struct rules *rules, unsigned scope)
{
    switch (scope) {
    case SW_SCOPE_KEY:
        return &rules->key;
    case SW_SCOPE_ACCOUNT:
        return &rules->tiers[sw_tier(ctx)].rate;
    case SW_SCOPE_ORGANIZATION:
        return &rules->organization;
    case SW_SCOPE_CAMPAIGN:
        return &rules->campaign;
    default:
        return ctx->ruling.throttle ? &rules->throttle : NULL;
    }
}

/* Who is counted, as a hash; 0: nobody. Accounts and the throttle of accounts are counted apart. */
static uint64_t who_of(const sw_ctx_t *ctx, const struct key *key, unsigned scope)
{
    struct span name = { 0 };
    switch (scope) {
    case SW_SCOPE_KEY:
        name = ctx->caller.key.id;
        break;
    case SW_SCOPE_ORGANIZATION:
        name = ctx->caller.has_account ? ctx->caller.account.organization : name;
        break;
    case SW_SCOPE_CAMPAIGN:
        return ctx->ruling.campaign;
    default:
        return ctx->account_hash;
    }
    return key_hash(key, KEY_IDENTITY, name.data, name.n);
}

static uint64_t id_of(const sw_ctx_t *ctx, const struct key *key, unsigned scope)
{
    uint64_t who = who_of(ctx, key, scope);
    uint64_t id = who ? mix_fold(who, scope + UINT64_C(0x9e3779b97f4a7c15)) : 0;
    return who && id == 0 ? 1 : id;
}

static bool limits(const struct rules_rate *rate)
{
    for (unsigned unit = 0; unit < RATE_UNITS; unit++)
        if (rate->of[unit].us_a_unit > 0)
            return true;
    return false;
}

static void give_back(sw_ctx_t *ctx, unsigned from, unsigned to)
{
    for (unsigned scope = 0; scope < SW_SCOPES; scope++) {
        sw_charge_t *c = &ctx->charges[scope];
        struct gcra_slot *slot = c->is_taken ? slot_of(c->id) : NULL;
        for (unsigned unit = from; slot && unit <= to; unit++)
            if (c->is_taken & 1u << unit)
                gcra_settle(slot, unit, &c->rate->of[unit], -c->taken[unit], now_us());
        c->is_taken &= ~((2u << to) - (1u << from));
    }
}

/* No more than a counter takes, so that no more comes back. */
static double at_most(const struct gcra_rate *rate, double n)
{
    const double most_us = 1e6 * GCRA_DEBT_S;
    return n * rate->us_a_unit > most_us ? most_us / rate->us_a_unit : n;
}

static bool charge(sw_ctx_t *ctx, sw_charge_t *c, struct gcra_slot *slot, unsigned unit, double n)
{
    const struct gcra_rate *rate = &c->rate->of[unit];
    n = at_most(rate, n);
    struct gcra_state state = gcra_take(slot, unit, rate, n, now_us());
    if (unit == RATE_REQUESTS && c == &ctx->charges[SW_SCOPE_ACCOUNT]) {
        ctx->shown = state;
        ctx->is_shown = true;
    }
    if (!state.allowed) {
        ctx->retry_s = (ngx_uint_t)((state.retry_us + 999999) / 1000000);
        ctx->retry_s = ctx->retry_s ? ctx->retry_s : 1;
        return false;
    }
    c->taken[unit] = n;
    c->is_taken |= 1u << unit;
    return true;
}

/* Who is counted, of all scopes at once. */
static void name_subjects(sw_ctx_t *ctx, const sw_main_conf_t *conf)
{
    for (unsigned scope = 0; scope < SW_SCOPES; scope++) {
        sw_charge_t *c = &ctx->charges[scope];
        if (c->rate)
            continue;
        c->rate = rate_of(ctx, conf->rules, scope);
        c->id = c->rate && limits(c->rate) ? id_of(ctx, &conf->key, scope) : 0;
        gcra_expect(sw_worker.counters, c->id);
    }
}

/* The units of one scope; a subject gets a slot only when something of it is counted. */
static bool charge_scope(
    sw_ctx_t *ctx, sw_charge_t *c, unsigned from, unsigned to, const double units[RATE_UNITS])
{
    struct gcra_slot *slot = NULL;
    for (unsigned unit = from; c->id != 0 && unit <= to; unit++) {
        if (!(c->rate->of[unit].us_a_unit > 0))
            continue;
        slot = slot ? slot : slot_of(c->id);
        if (!charge(ctx, c, slot, unit, units[unit]))
            return false;
    }
    return true;
}

/* All scopes or none: what passed in one is given back if another refuses. */
static void charge_all(
    sw_ctx_t *ctx, const sw_main_conf_t *conf, unsigned from, unsigned to, const double units[RATE_UNITS])
{
    name_subjects(ctx, conf);
    for (unsigned scope = 0; scope < SW_SCOPES; scope++)
        if (!charge_scope(ctx, &ctx->charges[scope], from, to, units)) {
            give_back(ctx, ctx->dry ? from : 0, to);
            ctx->ruling.kind = RULING_RATE;
            return;
        }
}

void sw_volume_requests(sw_ctx_t *ctx, sw_main_conf_t *conf)
{
    if (sw_worker.counters && ctx->has_key)
        charge_all(ctx, conf, RATE_REQUESTS, RATE_REQUESTS, (const double[RATE_UNITS]){ 1, 0, 0, 0 });
}

void sw_volume_tokens(sw_ctx_t *ctx, sw_main_conf_t *conf)
{
    const struct ask *ask = &ctx->ask;
    if (!sw_worker.counters || !ctx->has_key || ctx->body_skipped)
        return;
    double input = (double)ask->body_bytes / bytes_a_tok;
    double output = (double)ask->output_tok;
    if (output < 0 || ask->sizes_due)
        output = fmax(output, usual_output_tok); /* a size by another API's name may be passed over */
    if (ctx->ruling.output_cap > 0)
        output = fmin(output, (double)ctx->ruling.output_cap);
    output *= (double)ask->prompts * (ctx->ruling.restricted ? 1 : (double)ask->choices);
    if (ask->no_output)
        output = 0;
    double cost = rules_cost(conf->rules, ask->model, input, output);
    charge_all(ctx, conf, RATE_INPUT_TOK, RATE_COST, (const double[RATE_UNITS]){ 0, input, output, cost });
}

void sw_volume_settle(
    sw_ctx_t *ctx, sw_main_conf_t *conf, double input_tok, double output_tok, struct span model)
{
    double cost = rules_cost(conf->rules, model, input_tok, output_tok);
    const double used[RATE_UNITS] = { 1, input_tok, output_tok, cost };
    unsigned last = output_tok < 0 ? RATE_INPUT_TOK : RATE_COST;
    for (sw_charge_t *c = ctx->charges; c < ctx->charges + SW_SCOPES; c++) {
        struct gcra_slot *slot = c->is_taken ? slot_of(c->id) : NULL;
        for (unsigned unit = RATE_INPUT_TOK; unit <= last; unit++)
            if (c->is_taken & 1u << unit)
                gcra_settle(slot, unit, &c->rate->of[unit], used[unit] - c->taken[unit], now_us());
        c->is_taken = 0;
    }
}

/*
 * What the service takes of an account's texts is bounded an hour (account/emit.h), and texts are what records cost: of
 * those beyond, one in eight as often again, then one in 64, by a hash of the request's id that nobody outside knows, so
 * that no hour has a blind end.
 */
bool sw_volume_text(const sw_ctx_t *ctx, const sw_main_conf_t *conf)
{
    const struct gcra_rate *rate = &ctx->conf->text_rate;
    const uint64_t some = 8, few = 64;
    if (ctx->conf->text_per_hour == 0 || !sw_worker.counters)
        return true;
    struct gcra_slot *slot = slot_of(id_of(ctx, &conf->key, SW_SCOPE_ACCOUNT));
    if (gcra_take(slot, TEXT_UNIT, rate, 1, now_us()).allowed)
        return true;
    return ctx->case_id % some == 0 &&
           (ctx->case_id % few == 0 || gcra_take(slot, SAMPLE_UNIT, rate, 1, now_us()).allowed);
}

/* ngx_sprintf does it too, at every request some 400 instructions dearer (docs/results.md, "The edge"). */
static u_char *put_number(u_char *at, int64_t number)
{
    u_char digits[NGX_INT64_LEN], *first = digits + sizeof digits;
    uint64_t rest = number > 0 ? (uint64_t)number : 0;
    do
        *--first = (u_char)('0' + rest % 10);
    while (rest /= 10);
    return ngx_cpymem(at, first, (size_t)(digits + sizeof digits - first));
}

#define PUT_TEXT(at, text) ngx_cpymem(at, text, sizeof(text) - 1)

/* The account's own rate of requests, and no other: a campaign's would tell what is known. */
ngx_int_t sw_volume_headers(sw_ctx_t *ctx, const sw_main_conf_t *conf)
{
    enum { LIMIT_MAX = sizeof "\"account\";r=;t=" + 2 * NGX_INT64_LEN };
    ngx_http_request_t *r = ctx->request;
    const struct rules_rate *rate = ctx->charges[SW_SCOPE_ACCOUNT].rate;
    if (!ctx->is_shown)
        return NGX_OK;
    u_char *limit = ngx_pnalloc(r->pool, LIMIT_MAX);
    if (!limit)
        return NGX_ERROR;
    u_char *end = PUT_TEXT(limit, "\"account\";r=");
    end = put_number(end, (int64_t)gcra_remaining(&rate->of[RATE_REQUESTS], &ctx->shown));
    end = put_number(PUT_TEXT(end, ";t="), (ctx->shown.reset_us + 999999) / 1000000);
    if (sw_add_header(r, "RateLimit-Policy", conf->policies[sw_tier(ctx)]) != NGX_OK)
        return NGX_ERROR;
    return sw_add_header(r, "RateLimit", (ngx_str_t){ (size_t)(end - limit), limit });
}

/* What RateLimit-Policy says of each tier. */
ngx_int_t sw_volume_policies(ngx_conf_t *cf, sw_main_conf_t *conf)
{
    enum { POLICY_MAX = sizeof "\"account\";q=;w=;qu=\"requests\"" + 2 * NGX_INT64_LEN };
    for (unsigned tier = 0; tier < TIER_COUNT; tier++) {
        const struct rules_rate *rate = &conf->rules->tiers[tier].rate;
        uint64_t burst_s = rate->burst_seconds ? rate->burst_seconds : 60;
        uint64_t quota = rate->requests_per_minute * burst_s / 60;
        u_char *text = ngx_pnalloc(cf->pool, POLICY_MAX);
        if (!text)
            return NGX_ERROR;
        u_char *end =
            ngx_sprintf(text, "\"account\";q=%uL;w=%uL;qu=\"requests\"", quota ? quota : 1, burst_s);
        conf->policies[tier] = (ngx_str_t){ (size_t)(end - text), text };
    }
    return NGX_OK;
}
