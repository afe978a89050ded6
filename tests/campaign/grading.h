/* grading.h: ten accounts that show one frame, for the tests of who of them is tied and who is held. */
#ifndef TESTS_CAMPAIGN_GRADING_H
#define TESTS_CAMPAIGN_GRADING_H

#include "campaign/tied.h"
#include "fixture.h"

static struct graph graph;
static struct group group;
static struct rings rings;
static uint8_t inside[200], tied[200];
static uint32_t count[200], shown[200];
static struct recall recall;
static bool merged, idle; /* the group; accounts 20 to 99 */
static uint64_t members;  /* of the group: accounts 1 to so many */
static enum family found_by;
static const unsigned identity = 1U << FAMILY_IDENTITY;

/* What the objects' partition says of the group's frame, another of it and the prompt of accounts 1 to 4. */
static struct object_profile the_frame, another_frame, their_prompt;
enum { PROMPT = 77 };

static inline enum status object_of(void *context, uint64_t object, struct object_profile *ret_profile)
{
    (void)context;
    *ret_profile = object == object_key(OBJECT_SYSTEM, 1)   ? the_frame
                   : object == object_key(OBJECT_SYSTEM, 9) ? another_frame
                                                            : their_prompt;
    return STATUS_OK;
}

static const struct campaign_source source = { .object = object_of };

/* Accounts 1 to 10 show one frame; firm, all of them. */
static inline int set_up(void **state)
{
    (void)state;
    merged = idle = false;
    found_by = FAMILY_CONTENT;
    the_frame = another_frame = their_prompt = (struct object_profile){ 0 };
    group = (struct group){ 0 };
    members = 10;
    fixture_init(&graph);
    rings_init(&rings, FAMILY_IDENTITY);
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 10);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    group_free(&group);
    graph_fini(&graph);
    rings_fini(&rings);
    return 0;
}

static inline bool is_active(void *context, uint32_t account)
{
    (void)context;
    uint64_t number = graph.accounts[account].account;
    return !(idle && number >= 20 && number < 100);
}

static inline struct grade_input grading(void)
{
    recall_init(&recall, &source);
    recall_begin(&recall, T0);
    return (struct grade_input){ .graph = &graph,
        .group = &group,
        .identity = &rings,
        .tied = tied,
        .inside = inside,
        .count = count,
        .shown = shown,
        .recall = &recall,
        .active = is_active,
        .accounts = 1000 };
}

/* The families that carry the group. */
static inline size_t tie_up(unsigned families)
{
    assert_ok(graph_build(&graph));
    group = group_of(&graph, found_by, 1, members);
    group.merged = merged;
    for (size_t i = 0; i < graph.n_objects; i++)
        if (graph.objects[i].kind == OBJECT_SYSTEM)
            group.objects[group.n_objects++] = (uint32_t)i;
    rings_fini(&rings);
    rings_init(&rings, FAMILY_IDENTITY);
    assert_ok(rings_update(&rings, &graph, true));
    const struct grade_input input = grading();
    return tied_mark(&input, families);
}

static inline bool is_tied(uint64_t account)
{
    return tied[graph_find_account(&graph, account)];
}

#endif
