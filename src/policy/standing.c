#include "policy/standing.h"

#include <stdlib.h>

enum { PROBE = 64 };

static enum action at_most(enum action action, enum action most)
{
    return action < most ? action : most;
}

bool standing_wants(const struct policy *policy, const struct standing *standing, enum action *ret_action,
    enum spared *ret_spared)
{
    const struct ladder *ladder = &policy->ladder;
    const enum action rungs[] = {
        [MEMBER_HALO] = ladder->halo,
        [MEMBER_LIKELY] = ladder->likely,
        [MEMBER_CORE] = ladder->core,
    };
    if (standing->campaign.value == 0 || standing->membership == MEMBER_NONE)
        return false;
    enum action full = standing->confirmed ? rungs[standing->membership] : ladder->suspected;
    enum action action = full;
    enum spared spared = SPARED_NOT;
    if (policy_allows(policy, standing->account, standing->organization)) {
        action = ACTION_OBSERVE;
        spared = SPARED_ALLOWED;
    } else if (standing->reseller || standing->verified) {
        action = at_most(full, standing->reseller ? ACTION_VERIFY : ladder->verified);
        spared = SPARED_VERIFIED;
    } else if (standing->accounts < policy->campaign.min_contain_accounts) {
        action = at_most(full, ACTION_VERIFY);
        spared = SPARED_SMALL;
    }
    *ret_action = action;
    *ret_spared = action < full ? spared : SPARED_NOT;
    return true;
}

bool standing_is_contained(const struct standing *standing)
{
    return standing->in_force && (standing->action == ACTION_RESTRICT || standing->action == ACTION_SUSPEND);
}

struct standing *standing_find(const struct policy_stage *stage, uint64_t account)
{
    uint32_t i = map_find(&stage->index, account);
    return i == MAP_NONE ? NULL : &stage->standings[i];
}

/* An account with nothing in force and in no campaign, else one that is only watched; MAP_NONE: neither near.
 */
static uint32_t victim(struct policy_stage *stage)
{
    uint32_t watched = MAP_NONE;
    for (size_t step = 0; step < PROBE && step < stage->n; step++) {
        size_t i = (stage->hand + step) % stage->n;
        const struct standing *standing = &stage->standings[i];
        if (!standing->in_force && standing->campaign.value == 0)
            return (uint32_t)i;
        if (watched == MAP_NONE && (!standing->in_force || standing->action == ACTION_OBSERVE))
            watched = (uint32_t)i;
    }
    return watched;
}

static enum status grow(struct policy_stage *stage)
{
    if (stage->n < stage->capacity)
        return STATUS_OK;
    size_t capacity = stage->capacity ? stage->capacity * 2 : 64;
    struct standing *bigger = realloc(stage->standings, capacity * sizeof *bigger);
    if (!bigger)
        return STATUS_NOMEM;
    stage->standings = bigger;
    stage->capacity = capacity;
    return STATUS_OK;
}

static enum status replace(struct policy_stage *stage, uint64_t account, uint32_t *ret_i)
{
    uint32_t i = victim(stage);
    stage->hand = (stage->hand + PROBE) % stage->n;
    *ret_i = i;
    if (i == MAP_NONE)
        return STATUS_OK;
    standing_begin(stage, &stage->standings[i]);
    map_remove(&stage->index, stage->standings[i].account);
    return map_put(&stage->index, account, i); /* takes the place just left: cannot fail */
}

enum status standing_add(
    struct policy_stage *stage, uint64_t account, uint64_t organization, struct standing **ret_standing)
{
    enum status st = STATUS_OK;
    uint32_t i = MAP_NONE;
    if (stage->n > 0 && stage->n >= stage->index.n_max) {
        TRY(replace(stage, account, &i));
    } else {
        TRY(grow(stage));
        TRY(map_put(&stage->index, account, (uint32_t)stage->n));
        i = (uint32_t)stage->n++;
    }
    if (i == MAP_NONE) {
        stage->refused++;
        *ret_standing = NULL;
        return STATUS_OK;
    }
    stage->standings[i] =
        (struct standing){ .account = account, .organization = organization, .expires_ms = -1 };
    *ret_standing = &stage->standings[i];
fail:
    return st;
}

enum status standing_prepare(struct policy_stage *stage, struct campaign_id campaign)
{
    enum status st = STATUS_OK;
    if (campaign.value == 0 || map_find(&stage->tally_index, campaign.value) != MAP_NONE)
        return STATUS_OK;
    if (stage->n_tallies == stage->tallies_capacity) {
        size_t capacity = stage->tallies_capacity ? stage->tallies_capacity * 2 : 16;
        struct campaign_tally *bigger = realloc(stage->tallies, capacity * sizeof *bigger);
        REQUIRE(bigger, STATUS_NOMEM);
        stage->tallies = bigger;
        stage->tallies_capacity = capacity;
    }
    st = map_put(&stage->tally_index, campaign.value, (uint32_t)stage->n_tallies);
    if (st == STATUS_FULL)
        return STATUS_OK; /* decided as any other, but never reported as contained */
    REQUIRE(st == STATUS_OK, st);
    stage->tallies[stage->n_tallies++] = (struct campaign_tally){ .id = campaign };
fail:
    return st;
}

static void count(struct policy_stage *stage, const struct standing *standing, int change)
{
    enum action wanted = ACTION_OBSERVE;
    enum spared spared = SPARED_NOT;
    bool contained = standing_is_contained(standing);
    if (contained)
        blast_contain(&stage->blast, standing->organization, change);
    if (standing->spared == SPARED_ORGANIZATION || standing->spared == SPARED_BUDGET)
        stage->held_back += (uint64_t)change;
    uint32_t i = map_find(&stage->tally_index, standing->campaign.value);
    if (i == MAP_NONE || !standing_wants(stage->policy, standing, &wanted, &spared) ||
        wanted < ACTION_RESTRICT)
        return;
    stage->tallies[i].wanted += (uint32_t)change;
    if (contained)
        stage->tallies[i].contained += (uint32_t)change;
}

void standing_begin(struct policy_stage *stage, const struct standing *standing)
{
    count(stage, standing, -1);
}

void standing_end(struct policy_stage *stage, const struct standing *standing)
{
    count(stage, standing, 1);
}
