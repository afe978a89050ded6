/* held.h: a graph with accounts that a confirmed campaign holds, for the tests of what is done about others. */
#ifndef TESTS_CAMPAIGN_HELD_H
#define TESTS_CAMPAIGN_HELD_H

#include "campaign/arrivals.h"
#include "fixture.h"

static struct graph graph;
static struct tracker tracker;

/* Builds the graph and holds accounts first to last in one more campaign, which was tested by cards; its index. */
static inline uint32_t hold(uint64_t first, uint64_t last)
{
    uint32_t index;
    fixture_build(&graph);
    struct group group = group_of(&graph, FAMILY_CONTENT, first, last);
    assert_ok(tracker_create(&tracker, &graph, &group, T0, (struct campaign_id){ 0 }, &index));
    tracker.items[index]->confirmed = true;
    tracker.items[index]->evidence[FAMILY_IDENTITY].strong = true;
    assert_ok(tracker_update(&tracker, index, &graph, &group, T0));
    for (size_t i = 0; i < group.n_members; i++)
        arrivals_watch(&graph, group.members[i].account);
    group_free(&group);
    return index;
}

static inline void watch_frame(enum object_kind kind, uint64_t number)
{
    graph.objects[object_index(&graph, kind, number)].watched = true;
}

static inline void held_init(void)
{
    fixture_init(&graph);
    assert_ok(tracker_init(&tracker, 8, 1000));
}

static inline int held_fini(void **state)
{
    (void)state;
    tracker_fini(&tracker);
    graph_fini(&graph);
    return 0;
}

#endif
