/*
 * geo.h: where traffic comes from: countries with their clocks, networks and their addresses.
 *
 * Model: a network class says who shares an address. Addresses lie in 240.0.0.0/4, which nobody has, and AS numbers in
 *   the private range from 4,200,000,000, so that a simulated log never names a real network. The class decides the
 *   AS number, which draws from the country's providers (home, office, mobile), or from hosting and VPN firms.
 * Shapes: country as two letters; zone in minutes east of UTC; weights sum to about 1.
 */
#ifndef LAB_GEO_H
#define LAB_GEO_H

#include "lab/dice.h"

enum network {
    NETWORK_HOME,        /* one household, the address changes every few days */
    NETWORK_OFFICE,      /* one address for the organisation (NAT) */
    NETWORK_CARRIER,     /* carrier NAT: a few thousand strangers an address */
    NETWORK_VPN,         /* a commercial VPN: some hundred addresses for all its customers */
    NETWORK_CLOUD,       /* hosting: one address for the program */
    NETWORK_RUNNERS,     /* hosting: another address for every job */
    NETWORK_RESIDENTIAL, /* a residential proxy: somebody's household, pinned to the account */
    NETWORK_ROTATING,    /* a residential proxy: another household for every session */
    NETWORK_COUNT
};

struct country {
    char code[3];
    int16_t zone_min;
    float weight; /* of benign customers */
};

enum { COUNTRY_COUNT = 20 };
extern const struct country countries[COUNTRY_COUNT];
/* COUNTRY_COUNT where there is none of that code. */
uint32_t country_find(const char *code);
uint32_t country_draw(struct dice *dice);

struct address {
    uint32_t ip; /* host order */
    uint32_t asn;
};
/* The address of a network's user: home is what stays the same (household or organisation), period what changes. */
struct address address_of(enum network network, uint32_t country, uint64_t home, uint64_t period);

#endif
