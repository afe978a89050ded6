#include "account/population.h"
#include "account/account_state.h"
#include "sketch/hll.h"

#include <math.h>

int population_country(uint16_t country)
{
    int high = (country >> 8) - 'A', low = (country & 255) - 'A';
    return high >= 0 && high < 26 && low >= 0 && low < 26 ? high * 26 + low : -1;
}

void population_merge(struct population_sketch *into, const struct population_sketch *from)
{
    into->accounts += from->accounts;
    into->established += from->established;
    into->own_payers += from->own_payers;
    hll_merge(into->payers, from->payers, POPULATION_LOG2_PAYERS);
    for (unsigned i = 0; i < POPULATION_COUNTRIES; i++)
        into->countries[i] += from->countries[i];
}

void account_population(const struct account_table *table, struct population_sketch *into)
{
    population_merge(into, &table->population);
}

static double entropy_bits(const uint32_t counts[static POPULATION_COUNTRIES])
{
    double total = 0, weighted = 0;
    for (unsigned i = 0; i < POPULATION_COUNTRIES; i++) {
        total += counts[i];
        if (counts[i] > 0)
            weighted += counts[i] * log2(counts[i]);
    }
    return total > 0 ? log2(total) - weighted / total : 0;
}

void population_estimate(const struct population_sketch *sketch, struct population *ret_population)
{
    struct population population = { .accounts = (double)sketch->accounts };
    if (sketch->accounts > 0) {
        double payers = (double)sketch->own_payers + hll_estimate(sketch->payers, POPULATION_LOG2_PAYERS);
        population.payer_ratio = fmin(1, payers / population.accounts);
        population.established_share = (double)sketch->established / population.accounts;
        population.country_entropy = entropy_bits(sketch->countries);
    }
    *ret_population = population;
}
