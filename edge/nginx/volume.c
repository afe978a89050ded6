/* How much may pass: one counter for each scope and unit, charged before and settled after. */
#include "stillwatch.h"

#include "base/mix.h"

#include <math.h>

enum scope {
    SCOPE_KEY,
    SCOPE_ACCOUNT,
    SCOPE_ORGANIZATION,
    SCOPE_CAMPAIGN,
    SCOPE_THROTTLE,
    SCOPES,
    SCOPE_TEXT = SCOPES
};

/* Reserved for an answer whose size was not asked for. */
static const double usual_output_tok = 1024;
static const double bytes_a_tok = 4;

static int64_t now_us(void)
{
    return (int64_t)ngx_current_msec * 1000;
}

static const struct rules_rate *rate_of(const sw_ctx_t *ctx, const struct rules *rules, enum scope scope)
{
    static const struct rules_rate none;
    unsigned tier = ctx->has_account && ctx->account.tier < TIER_COUNT ? ctx->account.tier : TIER_UNKNOWN;
    switch (scope) {
    case SCOPE_KEY:
        return &rules->key;
    case SCOPE_ACCOUNT:
        return &rules->tiers[tier].rate;
    case SCOPE_ORGANIZATION:
        return &rules->organization;
    case SCOPE_CAMPAIGN:
        return &rules->campaign;
    default:
        return ctx->ruling.throttle ? &rules->throttle : &none;
    }
}

/* Who is counted, as a hash; 0: nobody. */
static uint64_t id_of(const sw_ctx_t *ctx, const struct key *key, enum scope scope, enum rate_unit unit)
{
    uint64_t who = 0;
    if (!ctx->has_key)
        return 0;
    if (scope == SCOPE_KEY)
        who = key_hash(key, KEY_IDENTITY, ctx->key.id.data, ctx->key.id.n);
    else if (scope == SCOPE_ORGANIZATION)
        who = ctx->has_account
                  ? key_hash(key, KEY_IDENTITY, ctx->account.organization.data, ctx->account.organization.n)
                  : 0;
    else if (scope == SCOPE_CAMPAIGN)
        who = ctx->has_decision ? ctx->decision.campaign : 0;
    else
        who = key_hash(key, KEY_ACCOUNT, ctx->key.account.data, ctx->key.account.n);
    uint64_t id = who ? mix_fold(who, (uint64_t)scope * RATE_UNITS + unit + 0x9e3779b97f4a7c15) : 0;
    return who && id == 0 ? 1 : id;
}

static struct gcra_rate gcra_of(const struct rules_rate *rate, enum rate_unit unit)
{
    static const double seconds[RATE_UNITS] = { 60, 60, 60, 3600 };
    const double units[RATE_UNITS] = { (double)rate->requests_per_minute,
        (double)rate->input_tokens_per_minute, (double)rate->output_tokens_per_minute, rate->cost_per_hour };
    double per_second = units[unit] / seconds[unit];
    double burst = per_second * (double)(rate->burst_seconds ? rate->burst_seconds : 60);
    return (struct gcra_rate){ per_second, unit == RATE_REQUESTS ? fmax(burst, 1) : burst };
}

static void give_back(sw_ctx_t *ctx, ngx_uint_t from)
{
    while (ctx->n_charges > from) {
        const sw_charge_t *charge = &ctx->charges[--ctx->n_charges];
        gcra_settle(sw_worker.counters, charge->id, &charge->rate, -charge->taken, now_us());
    }
}

static bool charge(sw_ctx_t *ctx, const sw_main_conf_t *conf, enum scope scope, enum rate_unit unit, double n)
{
    const struct rules_rate *limits = rate_of(ctx, conf->rules, scope);
    const struct gcra_rate rate = gcra_of(limits, unit);
    if (!(rate.per_second > 0))
        return true;
    uint64_t id = id_of(ctx, &conf->key, scope, unit);
    n = fmin(
        n, rate.per_second * GCRA_DEBT_S); /* what the counter takes at most, so that no more comes back */
    struct gcra_state state = gcra_take(sw_worker.counters, id, &rate, n, now_us());
    if (scope == SCOPE_ACCOUNT && unit == RATE_REQUESTS) {
        ctx->shown = state;
        ctx->shown_rate = *limits;
    }
    if (!state.allowed) {
        ctx->retry_s = (ngx_uint_t)((state.retry_us + 999999) / 1000000);
        ctx->retry_s = ctx->retry_s ? ctx->retry_s : 1;
        return false;
    }
    if (id != 0 && ctx->n_charges < SW_CHARGES)
        ctx->charges[ctx->n_charges++] = (sw_charge_t){ id, rate, n, unit };
    return true;
}

/* All scopes or none: what passed in one is given back if another refuses. */
static void charge_all(sw_ctx_t *ctx, const sw_main_conf_t *conf, enum rate_unit from, enum rate_unit to,
    const double units[RATE_UNITS])
{
    ngx_uint_t before = ctx->n_charges;
    for (unsigned scope = 0; scope < SCOPES; scope++)
        for (unsigned unit = from; unit <= to; unit++)
            if (!charge(ctx, conf, scope, unit, units[unit])) {
                give_back(ctx, ctx->dry ? before : 0);
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
    double output = ask->output_tok >= 0 ? (double)ask->output_tok : usual_output_tok;
    if (ctx->ruling.output_cap > 0)
        output = fmin(output, (double)ctx->ruling.output_cap);
    output *= ctx->ruling.restricted ? 1 : (double)ask->choices;
    double cost = rules_cost(conf->rules, ask->model, input, output);
    charge_all(ctx, conf, RATE_INPUT_TOK, RATE_COST, (const double[RATE_UNITS]){ 0, input, output, cost });
}

void sw_volume_settle(
    sw_ctx_t *ctx, sw_main_conf_t *conf, double input_tok, double output_tok, struct span model)
{
    double cost = rules_cost(conf->rules, model, input_tok, output_tok);
    const double used[RATE_UNITS] = { 1, input_tok, output_tok, cost };
    for (ngx_uint_t i = 0; i < ctx->n_charges; i++) {
        const sw_charge_t *c = &ctx->charges[i];
        if (output_tok < 0 && (c->unit == RATE_OUTPUT_TOK || c->unit == RATE_COST))
            continue;
        if (c->unit != RATE_REQUESTS && sw_worker.counters)
            gcra_settle(sw_worker.counters, c->id, &c->rate, used[c->unit] - c->taken, now_us());
    }
    ctx->n_charges = 0;
}

/*
 * What the service takes of an account's texts is bounded an hour (account/emit.h), and texts are what records cost: of
 * those beyond, one in eight, by a hash of the request's id that nobody outside knows, so that no hour has a blind end.
 */
bool sw_volume_text(sw_ctx_t *ctx, sw_main_conf_t *conf)
{
    const uint64_t one_in = 8;
    double n = (double)ctx->conf->text_per_hour;
    if (ctx->conf->text_per_hour == 0 || !sw_worker.counters)
        return true;
    const struct gcra_rate rate = { n / 3600, n };
    uint64_t id = id_of(ctx, &conf->key, SCOPE_TEXT, RATE_REQUESTS);
    return gcra_take(sw_worker.counters, id, &rate, 1, now_us()).allowed || ctx->case_id % one_in == 0;
}

/* The account's own rate of requests, and no other: a campaign's would tell what is known. */
ngx_int_t sw_volume_headers(sw_ctx_t *ctx)
{
    ngx_http_request_t *r = ctx->request;
    if (ctx->shown_rate.requests_per_minute == 0)
        return NGX_OK;
    u_char *policy = ngx_pnalloc(r->pool, 160), *limit = policy ? policy + 96 : NULL;
    if (!policy)
        return NGX_ERROR;
    uint64_t burst_s = ctx->shown_rate.burst_seconds ? ctx->shown_rate.burst_seconds : 60;
    uint64_t quota = ctx->shown_rate.requests_per_minute * burst_s / 60;
    u_char *end =
        ngx_snprintf(policy, 96, "\"account\";q=%uL;w=%uL;qu=\"requests\"", quota ? quota : 1, burst_s);
    ngx_str_t first = { (size_t)(end - policy), policy };
    end = ngx_snprintf(limit, 64, "\"account\";r=%L;t=%L", (int64_t)ctx->shown.remaining,
        (ctx->shown.reset_us + 999999) / 1000000);
    ngx_str_t second = { (size_t)(end - limit), limit };
    if (sw_add_header(r, "RateLimit-Policy", first) != NGX_OK)
        return NGX_ERROR;
    return sw_add_header(r, "RateLimit", second);
}
