#include "policy/blast.h"

#include "sketch/hll.h"

#include <stdlib.h>
#include <string.h>

void blast_init(struct blast *blast, uint32_t organizations_max)
{
    *blast = (struct blast){ 0 };
    map_init(&blast->index, organizations_max);
}

void blast_fini(struct blast *blast)
{
    free(blast->organizations);
    map_fini(&blast->index);
    *blast = (struct blast){ 0 };
}

static enum status grow(struct blast *blast)
{
    if (blast->n < blast->capacity)
        return STATUS_OK;
    size_t capacity = blast->capacity ? blast->capacity * 2 : 64;
    struct blast_organization *bigger = realloc(blast->organizations, capacity * sizeof *bigger);
    if (!bigger)
        return STATUS_NOMEM;
    blast->organizations = bigger;
    blast->capacity = capacity;
    return STATUS_OK;
}

/* NULL with STATUS_OK where the table is full. */
static enum status find_or_add(struct blast *blast, uint64_t id, struct blast_organization **ret_organization)
{
    enum status st = STATUS_OK;
    uint32_t i = map_find(&blast->index, id);
    if (i == MAP_NONE) {
        TRY(grow(blast));
        st = map_put(&blast->index, id, (uint32_t)blast->n);
        if (st == STATUS_FULL) {
            blast->refused++;
            *ret_organization = NULL;
            return STATUS_OK;
        }
        REQUIRE(st == STATUS_OK, st);
        i = (uint32_t)blast->n++;
        blast->organizations[i] = (struct blast_organization){ .n_few = 0 };
    }
    *ret_organization = &blast->organizations[i];
fail:
    return st;
}

/* Account ids are keyed hashes, so they are as good as random bits. */
static void to_registers(struct blast_organization *organization)
{
    uint64_t few[BLAST_FEW];
    memcpy(few, organization->few, sizeof few);
    memset(organization->registers, 0, sizeof organization->registers);
    for (size_t i = 0; i < BLAST_FEW; i++)
        hll_add(organization->registers, BLAST_LOG2_REGISTERS, few[i]);
    organization->n_few = BLAST_FEW + 1;
}

enum status blast_see(struct blast *blast, uint64_t id, uint64_t account)
{
    enum status st = STATUS_OK;
    struct blast_organization *organization;
    if (id == 0)
        return STATUS_OK;
    TRY(find_or_add(blast, id, &organization));
    if (!organization)
        return STATUS_OK;
    for (size_t i = 0; i < organization->n_few && organization->n_few <= BLAST_FEW; i++) {
        if (organization->few[i] == account)
            return STATUS_OK;
    }
    if (organization->n_few == BLAST_FEW)
        to_registers(organization);
    if (organization->n_few < BLAST_FEW)
        organization->few[organization->n_few++] = account;
    else
        hll_add(organization->registers, BLAST_LOG2_REGISTERS, account);
fail:
    return st;
}

static const struct blast_organization *find(const struct blast *blast, uint64_t id)
{
    uint32_t i = map_find(&blast->index, id);
    return i == MAP_NONE ? NULL : &blast->organizations[i];
}

double blast_accounts(const struct blast *blast, uint64_t id)
{
    const struct blast_organization *organization = find(blast, id);
    if (!organization)
        return 0;
    if (organization->n_few <= BLAST_FEW)
        return organization->n_few;
    return hll_estimate(organization->registers, BLAST_LOG2_REGISTERS);
}

void blast_contain(struct blast *blast, uint64_t id, int change)
{
    uint32_t i = map_find(&blast->index, id);
    if (i != MAP_NONE)
        blast->organizations[i].contained += (uint32_t)change;
}

bool blast_exceeded(const struct blast *blast, uint64_t id, double share, uint32_t least_accounts)
{
    const struct blast_organization *organization = find(blast, id);
    double accounts = blast_accounts(blast, id);
    if (!organization || accounts < least_accounts)
        return false;
    return organization->contained + 1 > share * accounts + 1e-9;
}

size_t blast_bytes(const struct blast *blast)
{
    return blast->capacity * sizeof *blast->organizations + map_bytes(&blast->index);
}
