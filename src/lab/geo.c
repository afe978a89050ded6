#include "lab/geo.h"

#include <string.h>

/* Weights: this project's choice of an international API's customers. */
const struct country countries[COUNTRY_COUNT] = {
    { "US", -300, 0.24F },
    { "IN", 330, 0.12F },
    { "GB", 0, 0.07F },
    { "DE", 60, 0.06F },
    { "BR", -180, 0.06F },
    { "JP", 540, 0.06F },
    { "FR", 60, 0.05F },
    { "CA", -300, 0.04F },
    { "KR", 540, 0.04F },
    { "SG", 480, 0.04F },
    { "AU", 600, 0.03F },
    { "ES", 60, 0.03F },
    { "NL", 60, 0.03F },
    { "ID", 420, 0.03F },
    { "MX", -360, 0.02F },
    { "PL", 60, 0.02F },
    { "VN", 420, 0.02F },
    { "TW", 480, 0.02F },
    { "IT", 60, 0.01F },
    { "TR", 180, 0.01F },
};

uint32_t country_find(const char *code)
{
    for (uint32_t i = 0; i < COUNTRY_COUNT; i++)
        if (strcmp(countries[i].code, code) == 0)
            return i;
    return COUNTRY_COUNT;
}

uint32_t country_draw(struct dice *dice)
{
    float weights[COUNTRY_COUNT];
    for (uint32_t i = 0; i < COUNTRY_COUNT; i++)
        weights[i] = countries[i].weight;
    return dice_pick(dice, weights, COUNTRY_COUNT);
}

enum { ASN_FIRST = 0, PROVIDERS = 5, CARRIERS = 2, HOSTERS = 24, VPN_FIRMS = 8, VPN_ADDRESSES = 192 };
enum { ASN_HOSTERS = 1000, ASN_VPN = 2000 };

static struct address in_block(uint32_t block, uint32_t host)
{
    /* Sixteen thousand addresses a block; blocks follow each other from 240.0.0.0. */
    return (struct address){ UINT32_C(0xf0000000) + (block % 16384) * 16384 + host % 16384,
        UINT32_C(4200000000) + block };
}

/* A provider's network is eight blocks, so that neighbours in a /24 are rare. */
static struct address provider(uint32_t country, uint32_t firm, uint64_t host)
{
    uint32_t asn = country * 8 + firm;
    struct address at = in_block(asn * 8 + (uint32_t)(host >> 40) % 8, (uint32_t)host);
    at.asn = UINT32_C(4200000000) + ASN_FIRST + asn;
    return at;
}

static struct address hosting(uint64_t host)
{
    uint32_t firm = (uint32_t)(dice_mix(host) % HOSTERS);
    struct address at = in_block(4096 + firm * 16 + (uint32_t)(host >> 40) % 16, (uint32_t)host);
    at.asn = UINT32_C(4200000000) + ASN_HOSTERS + firm;
    return at;
}

struct address address_of(enum network network, uint32_t country, uint64_t home, uint64_t period)
{
    uint64_t moving = dice_hash(home, period);
    uint32_t firm = (uint32_t)(home % PROVIDERS);
    struct address at;
    switch (network) {
    case NETWORK_HOME:
    case NETWORK_RESIDENTIAL:
        return provider(country, firm, dice_hash(home, period / 96));
    case NETWORK_OFFICE:
        return provider(country, firm, dice_mix(home));
    case NETWORK_CARRIER:
        return provider(country, PROVIDERS + firm % CARRIERS, dice_mix(moving % 64));
    case NETWORK_VPN:
        at = in_block(8192 + (uint32_t)(home % VPN_FIRMS), (uint32_t)(moving % VPN_ADDRESSES));
        at.asn = UINT32_C(4200000000) + ASN_VPN + (uint32_t)(home % VPN_FIRMS);
        return at;
    case NETWORK_CLOUD:
        return hosting(dice_mix(home));
    case NETWORK_RUNNERS:
        return hosting(moving);
    default:
        return provider(country, (uint32_t)(moving % PROVIDERS), moving);
    }
}
