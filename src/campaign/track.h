/*
 * track.h: campaigns through time: the same id through growth, merge and split.
 *
 * Model: a group *covers* a campaign that has half its active firm members in the group (those whom no group ever had left out), and lies *within* a campaign
 *   that holds half the group's. It continues the campaign with most of its members that it covers or lies
 *   within; only a group that covers the campaign may change its evidence, only one view with it may end it. Of
 *   two campaigns, both suspected or both confirmed, that a group holds nearly all of the older lives on and takes
 *   the members, those of a confirmed one all; a confirmed campaign is never absorbed by a suspected one. A second
 *   group of the same epoch that matches a campaign which was only suspected splits off under a new id; members of
 *   a confirmed campaign stay. Campaigns that were one until their operators were told apart (divide.h) know that by the
 *   id of that one, their pool, and never absorb each other. A group whose campaign was closed starts a new one, successor of the old.
 */
#ifndef CAMPAIGN_TRACK_H
#define CAMPAIGN_TRACK_H

#include "campaign/find.h"
#include "campaign/members.h"

struct tracker {
    struct campaign **items; /* in the order of their finding, but for places that were taken again */
    size_t n, n_max;
    uint64_t made;            /* campaigns, ever */
    size_t n_parted;          /* campaigns that were made by telling operators apart, ever */
    struct u64_map member_of; /* account → index of the campaign it is an active member of */
    uint32_t *shared;         /* scratch by campaign */
};

struct track_match {
    uint32_t index; /* MAP_NONE: the group is a new campaign */
    bool covers;    /* the group covers the campaign */
    bool within;    /* the group lies within the campaign; both: they are one view */
};

MUST_CHECK enum status tracker_init(struct tracker *tracker, size_t campaigns_max, size_t accounts_max);
void tracker_fini(struct tracker *tracker);

struct track_match tracker_match(
    const struct tracker *tracker, const struct graph *graph, const struct group *group);
/* The youngest closed campaign that a new group follows: it covers it or lies within it; value 0: none. */
struct campaign_id tracker_before(
    const struct tracker *tracker, const struct graph *graph, const struct group *group);
/* STATUS_FULL when campaigns_max is reached and no campaign that was only suspected has lost all its members. */
MUST_CHECK enum status tracker_create(struct tracker *tracker, const struct graph *graph,
    const struct group *group, int64_t now_ms, struct campaign_id successor_of, uint32_t *ret_index);
/* Makes the group's accounts members; those of a suspected campaign that are not in the group leave. */
MUST_CHECK enum status tracker_update(struct tracker *tracker, uint32_t index, const struct graph *graph,
    const struct group *group, int64_t now_ms);
/* How many accounts are likely or core members. */
size_t tracker_firm(const struct tracker *tracker, uint32_t index);
/* The campaign ends, and its members join the other confirmed campaign that holds most of the group, two accounts at least:
 * ret_to, the campaign's own index if none does. */
MUST_CHECK enum status tracker_hand_over(struct tracker *tracker, uint32_t index, const struct graph *graph,
    const struct group *group, int64_t now_ms, uint32_t *ret_to);
/* Accounts that no group has join with this grade. */
MUST_CHECK enum status tracker_take_others(struct tracker *tracker, uint32_t index, const struct graph *graph,
    const uint32_t *accounts, size_t n, enum membership grade, int64_t now_ms);
/* Accounts that the campaign holds become a campaign of their own: whatever it is, they are. STATUS_FULL as tracker_create. */
MUST_CHECK enum status tracker_divide(struct tracker *tracker, uint32_t index, const uint64_t *accounts,
    size_t n, const struct campaign_parting *parting, int64_t now_ms);
/* Those of the accounts that the campaign holds become members of the other as they are, and no trace of them is left:
 * policy is told anew. */
MUST_CHECK enum status tracker_move(
    struct tracker *tracker, uint32_t index, uint32_t to, const uint64_t *accounts, size_t n, int64_t now_ms);
/* The campaign that was told apart from others and holds most of the group's firm members; MAP_NONE: there is none. */
uint32_t tracker_parted(const struct tracker *tracker, const struct graph *graph, const struct group *group);
/* Whether two campaigns are operators that were told apart. */
bool tracker_are_parted(const struct tracker *tracker, uint32_t a, uint32_t b);
void tracker_close(struct tracker *tracker, uint32_t index, int64_t now_ms);

#endif
