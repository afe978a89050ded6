/*
 * idle.h: takes out of the graph what nobody repeats, so that there is room for what campaigns say.
 *
 * Model: a content object is announced while it is new, when nothing can be told yet (object/recur.h). One that turns out to be
 *   what many happened to say once founds no group; it leaves the graph, and comes back with all its members if they say it
 *   again. What a confirmed campaign is known by stays. A piece of an output that came back once, from somebody else,
 *   is forgotten after IDLE_ECHO_MS: quoted sources do that as well, and only many of a group at a time are evidence. Each epoch
 *   looks at a part of the graph, in turn.
 * Why: of what 46,000 accounts left in the graph in four days 97 % of the content and 95 % of the direct ties were of this
 *   kind (docs/decisions/024).
 * Cost: one look-up in an object table for each object that is looked at; of one that leaves, the length of its list.
 */
#ifndef CAMPAIGN_IDLE_H
#define CAMPAIGN_IDLE_H

#include "campaign/campaign.h"
#include "campaign/graph.h"

#define IDLE_ECHO_MS (INT64_C(48) * 3600 * 1000)
enum { IDLE_EPOCHS = 36 }; /* in which everything is looked at */

/* Where the last look ended; 0 at first. */
struct idle {
    size_t object, direct;
};

MUST_CHECK enum status idle_take_out(
    struct idle *idle, struct graph *graph, const struct campaign_source *source, int64_t now_ms);

#endif
