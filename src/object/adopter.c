#include "object/adopter.h"

#include "account/sighting.h"

#include <math.h>

static void add_country(struct adopters *adopters, uint16_t country)
{
    for (unsigned i = 0; i < ADOPTER_COUNTRIES; i++) {
        if (adopters->country[i] && adopters->country[i] != country)
            continue;
        adopters->country[i] = country;
        adopters->in_country[i]++;
        return;
    }
    adopters->other_countries++;
}

void adopters_add(struct adopters *adopters, uint8_t adopter, uint16_t country)
{
    adopters->accounts++;
    adopters->verified = (uint16_t)(adopters->verified + !!(adopter & ADOPTER_VERIFIED));
    adopters->education = (uint16_t)(adopters->education + !!(adopter & ADOPTER_EDUCATION));
    adopters->reseller = (uint16_t)(adopters->reseller + !!(adopter & ADOPTER_RESELLER));
    if (country)
        add_country(adopters, country);
}

uint32_t adopters_located(const struct adopters *adopters)
{
    uint32_t n = adopters->other_countries;
    for (unsigned i = 0; i < ADOPTER_COUNTRIES; i++)
        n += adopters->in_country[i];
    return n;
}

static double surprise(double count, double total)
{
    return count > 0 ? -count / total * log2(count / total) : 0;
}

double adopters_entropy(const struct adopters *adopters)
{
    double total = adopters_located(adopters);
    double bits = surprise(adopters->other_countries, total);
    for (unsigned i = 0; i < ADOPTER_COUNTRIES; i++)
        bits += surprise(adopters->in_country[i], total);
    return bits;
}
