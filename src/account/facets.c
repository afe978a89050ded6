#include "account/measures.h"
#include "sketch/linear_count.h"

static uint16_t larger(uint16_t a, uint16_t b)
{
    return a > b ? a : b;
}

/* Sessions count within an hour (how many at once), the others within a day. */
static uint16_t day_facets(const struct account *account)
{
    uint16_t most = (uint16_t)__builtin_popcount(account->languages);
    for (unsigned i = FACET_END_USER; i < FACETS; i++)
        most = larger(most, linear_count_estimate(account->facets[i]));
    return most;
}

static void roll(struct account *account, const struct moment *moment)
{
    account->tenants_today =
        larger(account->tenants_today, linear_count_estimate(account->facets[FACET_SESSION]));
    account->facets[FACET_SESSION] = 0;
    if (!moment->new_day)
        return;
    account->tenants_before = larger(account->tenants_today, day_facets(account));
    account->tenants_today = 0;
    account->languages = 0;
    for (unsigned i = FACET_END_USER; i < FACETS; i++)
        account->facets[i] = 0;
}

/* Countries are not hashes: spread them. */
static uint64_t spread(uint16_t country)
{
    return country * UINT64_C(0x9E3779B97F4A7C15);
}

void account_facets_apply(
    struct account *account, const struct moment *moment, const struct exchange_record *exchange)
{
    if (moment->new_hour)
        roll(account, moment);
    if (exchange->session)
        linear_count_add(&account->facets[FACET_SESSION], exchange->session);
    if (exchange->end_user)
        linear_count_add(&account->facets[FACET_END_USER], exchange->end_user);
    if (exchange->client)
        linear_count_add(&account->facets[FACET_CLIENT], exchange->client);
    if (exchange->country)
        linear_count_add(&account->facets[FACET_COUNTRY], spread(exchange->country));
    if (exchange->language != LANG_UNKNOWN && exchange->language < 16)
        account->languages = (uint16_t)(account->languages | 1u << exchange->language);
}

uint16_t account_tenants(const struct account *account)
{
    uint16_t today = larger(day_facets(account), linear_count_estimate(account->facets[FACET_SESSION]));
    return larger(larger(account->tenants_before, account->tenants_today), today);
}
