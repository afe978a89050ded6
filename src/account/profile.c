#include "account/account_state.h"
#include "account/emit.h"
#include "account/measures.h"

#include <math.h>

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static void profile_identity(
    const struct account *account, uint64_t id, int64_t now_ms, struct account_profile *out)
{
    out->account = id;
    out->organization = account->organization;
    out->payer = account_payer(account, id);
    out->created_ms = account->created_ms;
    out->first_seen_ms = account->first_ms;
    out->last_seen_ms = account->last_ms;
    out->tier = account->tier;
    out->programme = account->programme;
    out->verified = account->verified;
    out->reseller = account->reseller;
    out->country = account->country;
    out->adopter = account_adopter(account, now_ms);
    out->marked = (account->flags & ACCOUNT_MARKED) != 0;
}

static void profile_volume(const struct account_table *table, const struct account *account, int64_t now_ms,
    struct account_profile *out)
{
    struct rates rates = account_rates(account, now_ms);
    out->exchanges = account->exchanges;
    out->refused = account->refused;
    out->errors = account->errors;
    out->input_tok = account->input_tok;
    out->output_tok = account->output_tok;
    out->per_hour = rates.hour;
    out->per_day = rates.day;
    out->per_week = rates.week;
    out->tokens_per_day = rates.tokens_day;
    out->cohort_use = account_cohort_use(table, account, rates.day);
    out->ramp_hours = account->exchanges ? account->ramp_s / 3600.0 : NAN;
    out->active_days = account->active_days;
    out->own_deviation = account_own_deviation(account);
}

static void profile_behaviour(
    const struct account_table *table, const struct account *account, struct account_profile *out)
{
    double reactions = account->retried + account->silenced + account->moved;
    out->quiet_gap_hours = account->exchanges > 1 ? account->quiet_gap_s / 3600.0 : NAN;
    out->night_share = account_night_share(account);
    out->weekend_share = account_weekend_share(account);
    out->gap_cv = gap_histogram_cv(account->gaps);
    out->focus = account_focus(account);
    out->top_frame = account->top_frame;
    out->novelty = account_novelty(account);
    out->follow_up = share(account->follow_ups, account->with_text);
    out->top_model_share = account_top_model_share(account);
    out->release_lag_hours =
        table->release && account->release == table->release ? account->release_lag_s / 3600.0 : NAN;
    out->tenants = account->exchanges ? account_tenants(account) : NAN;
    out->retry_share = share(account->retried, reactions);
    out->silence_share = share(account->silenced, reactions);
    for (unsigned i = 0; i < CAP_COUNT; i++)
        out->capability[i] = account->n_traits ? account->traits[i] / (255.0 * 256) : NAN;
    for (unsigned i = 0; i < ELICIT_COUNT; i++)
        out->elicitation[i] = account->n_traits ? account->traits[CAP_COUNT + i] / (255.0 * 256) : NAN;
}

enum status account_profile(
    const struct account_table *table, uint64_t id, int64_t now_ms, struct account_profile *ret_profile)
{
    const struct account *account = account_at(table, id);
    if (account == NULL)
        return STATUS_NOT_FOUND;
    *ret_profile = (struct account_profile){ 0 };
    profile_identity(account, id, now_ms, ret_profile);
    profile_volume(table, account, now_ms, ret_profile);
    profile_behaviour(table, account, ret_profile);
    return STATUS_OK;
}

enum status account_brief(const struct account_table *table, uint64_t id, struct account_brief *ret_brief)
{
    const struct account *account = account_at(table, id);
    if (account == NULL)
        return STATUS_NOT_FOUND;
    *ret_brief = (struct account_brief){
        .organization = account->organization,
        .exchanges = account->exchanges,
        .with_text = account->with_text,
        .first_seen_ms = account->exchanges > 0 ? account->first_ms : -1,
        .last_seen_ms = account->last_ms,
    };
    return STATUS_OK;
}
