/*
 * standing.h: the policy stage's tables: how each account stands, what is in force for it, and what that
 * makes of its campaign and its organisation.
 *
 * Model: a change of an account goes standing_begin, change, standing_end, so that the counts of its
 *   campaign (members to be contained, members contained) and of its organisation (contained) follow.
 * Memory: see stage.h.
 */
#ifndef POLICY_STANDING_H
#define POLICY_STANDING_H

#include "policy/blast.h"
#include "policy/reason.h"
#include "policy/stage.h"
#include "policy/volume.h"

struct standing {
    uint64_t account, organization;
    struct campaign_id campaign;  /* of the latest verdict; 0: of none */
    struct campaign_id acted_for; /* what the action in force rests on; 0: the account alone */
    int64_t expires_ms;           /* of the action in force; -1: never */
    uint32_t accounts;            /* members of the campaign */
    float confidence;
    uint8_t families;
    uint8_t membership; /* enum membership */
    uint8_t action;     /* enum action in force */
    uint8_t spared;     /* enum spared, of the latest look */
    bool in_force, confirmed, verified, reseller;
};

struct campaign_tally {
    struct campaign_id id;
    uint32_t wanted, contained; /* members to be contained; those of them that are */
    bool told;                  /* that all are contained */
};

struct policy_stage {
    const struct policy *policy;
    struct policy_source source;
    struct standing *standings;
    size_t n, capacity, hand;
    struct u64_map index;
    struct campaign_tally *tallies;
    size_t n_tallies, tallies_capacity, next_tally;
    struct u64_map tally_index;
    struct blast blast;
    struct volume volume;
    int64_t next_expiry_ms;   /* no action expires before */
    int64_t day;              /* that contained_today counts */
    int64_t reconsidered_day; /* when those held back were last asked again */
    uint32_t contained_today;
    uint64_t refused, held_back;
    bool taken_anew; /* another policy, and not asked everybody again yet */
    bool limits_accounts, limits_organizations, limits_campaigns, protects_organizations;
};

/* What the ladder and the standing ask for, before blast radius and budget. false: nothing. */
bool standing_wants(const struct policy *policy, const struct standing *standing, enum action *ret_action,
    enum spared *ret_spared);

bool standing_is_contained(const struct standing *standing);
struct standing *standing_find(const struct policy_stage *stage, uint64_t account);
/* NULL with STATUS_OK where the table is full of accounts with something in force. */
MUST_CHECK enum status standing_add(
    struct policy_stage *stage, uint64_t account, uint64_t organization, struct standing **ret_standing);
/* Makes the campaign's tally, so that standing_end cannot fail. */
MUST_CHECK enum status standing_prepare(struct policy_stage *stage, struct campaign_id campaign);
void standing_begin(struct policy_stage *stage, const struct standing *standing);
void standing_end(struct policy_stage *stage, const struct standing *standing);

#endif
