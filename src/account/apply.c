#include "account/account_state.h"
#include "account/emit.h"
#include "account/list.h"
#include "account/measures.h"
#include "sketch/hll.h"

#include <assert.h>

/* What one record is applied with. */
struct application {
    struct account_table *table;
    struct account *account;
    const struct record *record;
    struct sighting_list *sightings;
    struct usage_list *usages;
};

static uint64_t known_payer(const struct account *account)
{
    return account_payer(account, 0);
}

/* Keeps the population right when an account's payer becomes known or another. */
static void payer_changed(struct account_table *table, const struct account *account, uint64_t before)
{
    uint64_t now = known_payer(account);
    if (now == before)
        return;
    if (before == 0)
        table->population.own_payers--;
    hll_add(table->population.payers, POPULATION_LOG2_PAYERS, object_key(OBJECT_PAYMENT, now));
}

static void set_country(struct account_table *table, struct account *account, uint16_t country)
{
    int before = population_country(account->country), now = population_country(country);
    if (before >= 0)
        table->population.countries[before]--;
    if (now >= 0)
        table->population.countries[now]++;
    account->country = country;
}

static void note_established(struct account_table *table, struct account *account, int64_t now_ms)
{
    if ((account->flags & ACCOUNT_STEADY) || !(account_adopter(account, now_ms) & ADOPTER_ESTABLISHED))
        return;
    account->flags |= ACCOUNT_STEADY;
    table->population.established++;
}

/* What the exchange says about who the account is; an account event may overrule the country. */
static void learn_identity(struct account_table *table, struct account *account, const struct record *record)
{
    const struct exchange_record *exchange = &record->exchange;
    if (exchange->organization && exchange->organization != account->organization) {
        uint64_t before = known_payer(account);
        account->organization = exchange->organization;
        payer_changed(table, account, before);
    }
    if (exchange->country && account->country == 0)
        set_country(table, account, exchange->country);
}

static void count_exchange(struct account_table *table, struct account *account, const struct moment *moment,
    const struct record *record)
{
    const struct exchange_record *exchange = &record->exchange;
    account->refused += status_is_limit(exchange->status);
    account->errors += exchange->status >= 400 && !status_is_limit(exchange->status);
    if (exchange->model && exchange->model == table->release_model && account->release != table->release) {
        int64_t lag_s = (moment->now_ms - table->release_ms) / 1000;
        account->release = table->release;
        account->release_lag_s = (uint32_t)(lag_s > 0 ? lag_s : 0);
    }
    account->last_ms = moment->now_ms;
    account->exchanges += account->exchanges < UINT32_MAX;
}

static enum status add_usage(const struct application *now)
{
    const struct exchange_record *exchange = &now->record->exchange;
    const struct account *account = now->account;
    if (!now->table->usage_all && account->organization == 0 && !(account->flags & ACCOUNT_MARKED))
        return STATUS_OK;
    if (status_is_refusal(exchange->status))
        return STATUS_OK;
    return usage_list_add(now->usages, &(struct usage){
                                           .account = now->record->account,
                                           .organization = account->organization,
                                           .model = exchange->model,
                                           .time_ms = now->record->time_ms,
                                           .input_tok = exchange->input_tok,
                                           .output_tok = exchange->output_tok,
                                       });
}

static enum status apply_exchange(struct application *now)
{
    struct account_table *table = now->table;
    struct account *account = now->account;
    const struct exchange_record *exchange = &now->record->exchange;
    struct moment moment = moment_of(account, now->record->time_ms);
    if (account->exchanges == 0)
        account->first_ms = moment.now_ms;
    learn_identity(table, account, now->record);
    note_established(table, account, moment.now_ms);
    account_baseline_apply(table, account, &moment);
    account_rate_apply(account, &moment, exchange);
    account_rhythm_apply(account, &moment);
    account_focus_apply(account, exchange);
    account_facets_apply(account, &moment, exchange);
    account_limits_apply(account, &moment, exchange);
    count_exchange(table, account, &moment, now->record);
    outage_count(&table->outage, now->record->time_ms, exchange->status >= 500);
    struct emission emission = emission_of(table, account, now->record, now->sightings);
    emit_exchange(&emission, &moment, exchange);
    return add_usage(now);
}

static void learn_facts(
    struct account_table *table, struct account *account, const struct account_record *facts)
{
    uint64_t before = known_payer(account);
    if (facts->tier && facts->tier < TIER_COUNT && facts->tier != account->tier) {
        account_cohort_leave(table, account);
        account->tier = facts->tier;
    }
    if (facts->created_ms >= 0)
        account->created_ms = facts->created_ms;
    if (facts->programme)
        account->programme = facts->programme;
    if (facts->organization)
        account->organization = facts->organization;
    if (facts->payment)
        account->payment = facts->payment;
    if (facts->reseller >= 0)
        account->reseller = facts->reseller;
    if (facts->country)
        set_country(table, account, facts->country);
    account->verified |= facts->verified;
    payer_changed(table, account, before);
}

static enum status apply_account(struct application *now)
{
    struct account *account = now->account;
    int64_t time_ms = now->record->time_ms;
    learn_facts(now->table, account, &now->record->account_facts);
    if (account->exchanges == 0 && time_ms > account->last_ms)
        account->last_ms = time_ms;
    note_established(now->table, account, time_ms);
    struct emission emission = emission_of(now->table, account, now->record, now->sightings);
    emit_facts(&emission, &now->record->account_facts);
    return STATUS_OK;
}

static enum status apply_enforcement(struct application *now)
{
    account_limits_enforced(now->account, now->record->time_ms, now->record->enforcement.action);
    return STATUS_OK;
}

static enum status (*const handlers[])(struct application *now) = {
    [RECORD_EXCHANGE] = apply_exchange,
    [RECORD_ACCOUNT] = apply_account,
    [RECORD_ENFORCEMENT] = apply_enforcement,
};

enum status account_apply(struct account_table *table, const struct record *record,
    struct sighting_list *sightings, struct usage_list *usages, uint64_t *ret_evicted)
{
    uint64_t evicted = 0;
    assert(record->kind < sizeof handlers / sizeof *handlers);
    if (ret_evicted)
        *ret_evicted = 0;
    if (record->account == 0)
        return STATUS_OK;
    enum status grown = sighting_list_reserve(sightings, EMIT_MAX);
    struct application now = {
        .table = table,
        .account = account_obtain(table, record->account, record->time_ms, &evicted),
        .record = record,
        .sightings = sightings,
        .usages = usages,
    };
    enum status st = handlers[record->kind](&now);
    if (ret_evicted)
        *ret_evicted = evicted;
    return grown != STATUS_OK ? grown : st;
}
