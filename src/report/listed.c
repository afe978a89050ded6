#include "report/listed.h"

#include <stdlib.h>

static bool is_listed(const struct campaign *campaign)
{
    return campaign->status != CAMPAIGN_SUSPECTED || campaign->n_members > 0;
}

static int by_strength(const void *a, const void *b)
{
    const struct campaign *x = *(const struct campaign *const *)a, *y = *(const struct campaign *const *)b;
    if (x->log10_e > y->log10_e || x->log10_e < y->log10_e)
        return x->log10_e > y->log10_e ? -1 : 1;
    return (x->id.value > y->id.value) - (x->id.value < y->id.value);
}

size_t listed_choose(const struct campaign **io_campaigns, size_t n)
{
    size_t listed = 0, confirmed = 0;
    for (size_t i = 0; i < n; i++)
        if (is_listed(io_campaigns[i]))
            io_campaigns[listed++] = io_campaigns[i];
    for (size_t i = 0; i < listed; i++) {
        const struct campaign *campaign = io_campaigns[i];
        if (campaign->status == CAMPAIGN_SUSPECTED)
            continue;
        for (size_t j = i; j > confirmed; j--)
            io_campaigns[j] = io_campaigns[j - 1];
        io_campaigns[confirmed++] = campaign;
    }
    qsort(io_campaigns + confirmed, listed - confirmed, sizeof(void *), by_strength);
    return listed;
}
