/*
 * blast.h: how large an organisation is, and how many of its accounts are contained.
 *
 * Model: distinct accounts seen; up to eight are listed, which is exact, then 64 HyperLogLog registers
 *   take the same room. Containing one more account is too much when it would exceed the share of an
 *   organisation that has at least the least number of accounts. An organisation of which only members of
 *   campaigns were seen counts those.
 * Source: Flajolet et al., "HyperLogLog", 2007 (sketch/hll.h). Standard error 13 % above eight accounts.
 * Memory: 80 bytes an organisation and its place in the map. Beyond the maximum new organisations are not
 *   counted and so treated as too small to be protected, counted in `refused`.
 */
#ifndef POLICY_BLAST_H
#define POLICY_BLAST_H

#include "base/map.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { BLAST_FEW = 8, BLAST_LOG2_REGISTERS = 6 };

struct blast_organization {
    union {
        uint64_t few[BLAST_FEW];
        uint8_t registers[1 << BLAST_LOG2_REGISTERS];
    };
    uint32_t contained;
    uint8_t n_few; /* BLAST_FEW + 1: registers */
};

struct blast {
    struct blast_organization *organizations;
    size_t n, capacity;
    struct u64_map index;
    uint64_t refused;
};

void blast_init(struct blast *blast, uint32_t organizations_max);
void blast_fini(struct blast *blast);
/* Counts the account as one of the organisation's. organization 0 is ignored. */
MUST_CHECK enum status blast_see(struct blast *blast, uint64_t organization, uint64_t account);
double blast_accounts(const struct blast *blast, uint64_t id);
/* Books one account more, or less, as contained. */
void blast_contain(struct blast *blast, uint64_t id, int change);
bool blast_exceeded(const struct blast *blast, uint64_t organization, double share, uint32_t least_accounts);
size_t blast_bytes(const struct blast *blast);

#endif
