#include "object/public.h"

#include "account/sighting.h"

#include <math.h>

static const double COMMON_SHARE = 0.05; /* of the active population */
static const double SIGMAS = 3;
static const double LACK = 0.1;        /* of the payer ratio, that must be excluded */
static const double RATIO_MAX = 0.995; /* a family a hundred accounts is always possible */

static double wilson_lower(double hits, double n, double sigmas)
{
    double share = hits / n, zz = sigmas * sigmas;
    double half = sigmas * sqrt(share * (1 - share) / n + zz / (4 * n * n));
    return (share + zz / (2 * n) - half) / (1 + zz / n);
}

static bool payers_diverse(const struct adopters *adopters, double ratio)
{
    double n = adopters->accounts, payers = adopters->payers;
    ratio = fmin(fmax(ratio, 0), RATIO_MAX);
    if (payers - n * ratio <= -SIGMAS * sqrt(n * ratio * (1 - ratio)) && ratio > 0)
        return false;
    return wilson_lower(payers, n, SIGMAS) >= ratio - LACK;
}

static bool countries_diverse(const struct adopters *adopters, double entropy)
{
    return adopters_located(adopters) < PUBLIC_LOCATED || adopters_entropy(adopters) >= entropy / 2;
}

/* A tenth of the adopters is held by campaigns: what these use is theirs until it is far more widely used. */
static bool is_held(const struct adopters *adopters)
{
    return adopters->marked >= PUBLIC_MARKED && adopters->marked * 10 >= adopters->accounts;
}

static bool aged(const struct adopters *adopters, double established_share)
{
    return adopters->established >= adopters->accounts * established_share / 2;
}

static bool is_young(double accounts, int64_t age_ms)
{
    return accounts < PUBLIC_YOUNG_ACCOUNTS && age_ms < PUBLIC_YOUNG_HOURS * INT64_C(3600000);
}

bool object_public(uint8_t kind, double accounts, int64_t age_ms, const struct adopters *adopters,
    const struct population *population)
{
    if (object_kind_info[kind].family == FAMILY_NETWORK && accounts > PUBLIC_NETWORK_ACCOUNTS)
        return true;
    if (!population || population->accounts < 1 || adopters->accounts == 0)
        return false;
    if (object_kind_info[kind].family == FAMILY_CONTENT &&
        (is_held(adopters) || accounts < PUBLIC_ACCOUNTS || is_young(accounts, age_ms)))
        return false;
    bool old = adopters->established_payers >= PUBLIC_PAYERS;
    bool common = accounts >= PUBLIC_COMMON_ACCOUNTS && accounts > COMMON_SHARE * population->accounts;
    return (old || common) && aged(adopters, population->established_share) &&
           payers_diverse(adopters, population->payer_ratio) &&
           countries_diverse(adopters, population->country_entropy);
}

bool object_concentrated(uint8_t kind, double accounts, double payers, const struct population *population)
{
    const double lack = 0.28;
    if (object_kind_info[kind].family != FAMILY_CONTENT || !population || accounts < CONCENTRATED_ACCOUNTS)
        return false;
    return payers < accounts * population->payer_ratio * (1 - lack);
}
