/* weighing.h: a graph and one group of it, weighed, for the tests of evidence. */
#ifndef TESTS_CAMPAIGN_WEIGHING_H
#define TESTS_CAMPAIGN_WEIGHING_H

#include "campaign/evidence.h"
#include "fixture.h"

enum { POPULATION = 10000, SILENT_FROM = 5000 };

static struct rings identity_rings, provenance_rings;
static struct hands hands;
static struct graph graph;
static struct group group;
static struct evidence evidence[FAMILY_COUNT];

static inline int set_up(void **state)
{
    (void)state;
    fixture_init(&graph);
    rings_init(&identity_rings, FAMILY_IDENTITY);
    rings_init(&provenance_rings, FAMILY_PROVENANCE);
    memset(evidence, 0, sizeof evidence);
    group = (struct group){ 0 };
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    rings_fini(&identity_rings);
    rings_fini(&provenance_rings);
    graph_fini(&graph);
    group_free(&group);
    return 0;
}

/* Accounts from SILENT_FROM on have not sent enough. */
static inline bool is_active(void *context, uint32_t account)
{
    (void)context;
    return graph.accounts[account].account < SILENT_FROM;
}

static inline struct evidence_input input_of(void)
{
    static uint8_t inside[1000];
    static uint32_t count[1000];
    memset(inside, 0, sizeof inside);
    memset(count, 0, sizeof count);
    assert_true(graph.n_rows <= 1000 && graph.n_columns <= 1000);
    static uint32_t words[2][1000];
    struct hands_mass population;
    assert_ok(rings_update(&identity_rings, &graph, true));
    assert_ok(rings_update(&provenance_rings, &graph, true));
    hands_note_firms(&graph, &identity_rings);
    hands_population(&graph, &identity_rings, &provenance_rings, &population);
    population.accounts = POPULATION;
    return (struct evidence_input){ .graph = &graph,
        .group = &group,
        .identity = &identity_rings,
        .provenance = &provenance_rings,
        .scratch = { words[0], words[1] },
        .population = population,
        .ret_hands = &hands,
        .inside = inside,
        .count = count,
        .accounts = POPULATION,
        .homophily = 0.2,
        .active = is_active };
}

/* Builds and weighs accounts first to last, found by that family. */
static inline void weigh(enum family found_by, uint64_t first, uint64_t last)
{
    fixture_build(&graph);
    group_free(&group);
    group = group_of(&graph, found_by, first, last);
    struct evidence_input input = input_of();
    evidence_links(&input, evidence);
    for (size_t i = 0; i < graph.n_rows; i++)
        assert_int_equal(input.inside[i], 0);
    for (size_t i = 0; i < graph.n_columns; i++)
        assert_int_equal(input.count[i], 0);
}

static inline void use_frame(uint64_t first, uint64_t last)
{
    show_all(&graph, OBJECT_SYSTEM, 1, first, last);
}

/* Accounts first to last in threes, each three with a card, say, of its own. */
static inline void share_in_threes(enum object_kind kind, uint64_t first, uint64_t last)
{
    for (uint64_t account = first; account + 2 <= last; account += 3)
        show_all(&graph, kind, 100 + account, account, account + 2);
}

static inline void share_in_pairs(enum object_kind kind, uint64_t first, uint64_t last)
{
    for (uint64_t account = first; account < last; account += 2)
        show_all(&graph, kind, 100 + account, account, account + 1);
}

#endif
