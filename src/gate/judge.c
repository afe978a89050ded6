#include "gate/judge.h"

static const int64_t restrict_output_tok = 512;

static const struct rules_tier *tier_of(const struct judge_input *input)
{
    unsigned tier = input->account && input->account->tier < TIER_COUNT ? input->account->tier : TIER_UNKNOWN;
    return &input->rules->tiers[tier];
}

const struct decision_row *decision_in_force(const struct decision_row *decision, int64_t now_ms)
{
    bool binds = decision && decision->mode == MODE_ENFORCED && decision->action != ACTION_RELEASE &&
                 (decision->expires_ms < 0 || decision->expires_ms > now_ms);
    return binds ? decision : NULL;
}

static enum ruling_kind judge_key(const struct judge_input *input)
{
    const struct key_row *key = input->key;
    if (!input->key_given)
        return RULING_KEY_MISSING;
    if (!key || key->revoked || (key->expires_ms >= 0 && key->expires_ms <= input->now_ms))
        return RULING_KEY_UNKNOWN;
    return RULING_PASS;
}

static void judge_decision(const struct judge_input *input, struct ruling *ruling)
{
    const struct decision_row *decision = decision_in_force(input->decision, input->now_ms);
    ruling->campaign = decision ? decision->campaign : 0;
    switch (decision ? decision->action : ACTION_OBSERVE) {
    case ACTION_SUSPEND:
        ruling->kind = RULING_SUSPENDED;
        break;
    case ACTION_VERIFY:
        ruling->kind = RULING_VERIFY;
        break;
    case ACTION_RESTRICT:
        ruling->restricted = true;
        ruling->output_cap = input->rules->restrict_output_tokens
                                 ? (int64_t)input->rules->restrict_output_tokens
                                 : restrict_output_tok;
        break;
    case ACTION_THROTTLE:
        ruling->throttle = true;
        break;
    default:
        break;
    }
}

struct ruling judge_caller(const struct judge_input *input)
{
    struct ruling ruling = { .kind = judge_key(input) };
    const struct rules_tier *tier = tier_of(input);
    if (ruling.kind != RULING_PASS)
        return ruling;
    judge_decision(input, &ruling);
    if (ruling.kind != RULING_PASS)
        return ruling;
    if (input->origin->country.n > 0 && rules_match(&tier->countries, input->origin->country))
        ruling.kind = RULING_COUNTRY;
    else if (input->origin->network.n > 0 && rules_match(&tier->networks, input->origin->network))
        ruling.kind = RULING_NETWORK;
    return ruling;
}

static void judge_uses(const struct judge_input *input, const struct ask *ask, struct ruling *ruling)
{
    const struct rules_tier *tier = tier_of(input);
    uint32_t verified = input->account ? input->account->verified : 0;
    for (unsigned i = 0; i < USES; i++) {
        uint32_t use = UINT32_C(1) << i, needed = input->rules->verify.uses[i];
        /* What is taken out before the request is served is not used. */
        if (!(ask->uses & use) || (ruling->restricted && use <= USE_CHOICES))
            continue;
        ruling->use = use;
        if (tier->deny & use ||
            (ruling->restricted && use == USE_BATCH)) /* whose requests are in a file, or nested */
            ruling->kind = RULING_USE;
        else if (needed && !(verified & needed))
            ruling->kind = RULING_VERIFY, ruling->verify = needed;
        if (ruling->kind != RULING_PASS)
            return;
    }
    ruling->use = 0;
}

static bool model_allowed(const struct rules_tier *tier, const struct ask *ask)
{
    if (tier->models.n == 0)
        return true;
    return ask->model.n > 0 ? rules_match(&tier->models, ask->model) : !ask->model_due;
}

void judge_ask(const struct judge_input *input, const struct ask *ask, struct ruling *ruling)
{
    const struct rules_tier *tier = tier_of(input);
    if (ruling->kind != RULING_PASS)
        return;
    if (tier->body_bytes && ask->body_bytes > tier->body_bytes) {
        ruling->kind = RULING_BODY;
        return;
    }
    if (!model_allowed(tier, ask)) {
        ruling->kind = RULING_MODEL;
        return;
    }
    judge_uses(input, ask, ruling);
    if (ruling->kind != RULING_PASS)
        return;
    bool choices = tier->choices && ask->choices > (int64_t)tier->choices && !ruling->restricted;
    bool tokens =
        tier->output_tokens && ask->output_tok > (int64_t)tier->output_tokens && !ruling->restricted;
    if (choices || tokens)
        ruling->kind = RULING_TOO_MUCH;
    else if (tier->output_tokens && !ruling->restricted &&
             (ask->output_tok < 0 || ask->output_open || ask->sizes_due))
        ruling->output_cap =
            (int64_t)tier->output_tokens; /* not asked for: the model's own most may be more */
}

unsigned ruling_status(enum ruling_kind kind)
{
    static const unsigned short statuses[RULING_KINDS] = {
        [RULING_PASS] = 200,
        [RULING_KEY_MISSING] = 401,
        [RULING_KEY_UNKNOWN] = 401,
        [RULING_SUSPENDED] = 403,
        [RULING_VERIFY] = 403,
        [RULING_COUNTRY] = 451,
        [RULING_NETWORK] = 403,
        [RULING_MODEL] = 403,
        [RULING_USE] = 403,
        [RULING_TOO_MUCH] = 403,
        [RULING_BODY] = 413,
        [RULING_RATE] = 429,
        [RULING_BAD_REQUEST] = 400,
        [RULING_UNAVAILABLE] = 503,
    };
    return statuses[kind];
}
