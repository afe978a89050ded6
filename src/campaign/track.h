/*
 * track.h: campaigns through time: the same id through growth, merge and split.
 *
 * Model: a group belongs to the campaign that holds most of its firm members, if these are at least 30 % of the
 *   smaller of the two. Of two campaigns that share a group the older lives on and takes the members. A second
 *   group of the same epoch that matches a campaign which was only suspected splits off under a new id; members of
 *   a confirmed campaign stay. A group whose campaign was closed starts a new one, successor of the old.
 */
#ifndef CAMPAIGN_TRACK_H
#define CAMPAIGN_TRACK_H

#include "campaign/find.h"
#include "campaign/members.h"

struct tracker {
    struct campaign **items; /* in the order of their finding */
    size_t n, n_max;
    struct u64_map member_of; /* account → index of the campaign it is an active member of */
};

enum { TRACK_SHARE_PERCENT = 30 };

MUST_CHECK enum status tracker_init(struct tracker *tracker, size_t campaigns_max, size_t accounts_max);
void tracker_fini(struct tracker *tracker);

/* The living campaign that the group continues, MAP_NONE if it is a new one. ret_closed: a closed one it follows. */
uint32_t tracker_match(const struct tracker *tracker, const struct graph *graph, const struct group *group,
    struct campaign_id *ret_closed);
/* STATUS_FULL when campaigns_max is reached. */
MUST_CHECK enum status tracker_create(struct tracker *tracker, const struct graph *graph,
    const struct group *group, int64_t now_ms, struct campaign_id successor_of, uint32_t *ret_index);
/* Makes the group's accounts members; those of a suspected campaign that are not in the group leave. */
MUST_CHECK enum status tracker_update(struct tracker *tracker, uint32_t index, const struct graph *graph,
    const struct group *group, int64_t now_ms);
void tracker_close(struct tracker *tracker, uint32_t index, int64_t now_ms);

#endif
