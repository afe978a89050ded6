/*
 * fixture.h: graphs and groups made by hand, for the tests of this folder.
 *
 * Model: accounts and objects are small numbers; an object's key is that of its kind and number. After fixture_build
 *   every content object counts as a frame (many tasks).
 */
#ifndef TESTS_CAMPAIGN_FIXTURE_H
#define TESTS_CAMPAIGN_FIXTURE_H

#include "campaign/find.h"
#include "support/random.h"
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#define T0 INT64_C(1700000000000)
#define SECOND INT64_C(1000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)

static inline struct tie tie_shown(enum object_kind kind, uint64_t object, uint64_t account)
{
    return (struct tie){ .object = object_key(kind, object),
        .a = account,
        .time_ms = T0,
        .op = TIE_MEMBER,
        .kind = (uint8_t)kind };
}

static inline struct tie tie_returned(enum object_kind kind, uint64_t object, uint64_t from, uint64_t to)
{
    struct tie tie = tie_shown(kind, object, from);
    tie.op = TIE_DIRECT;
    tie.b = to;
    return tie;
}

static inline void fixture_init(struct graph *graph)
{
    graph_init(graph, 10000, 100000);
}

static inline void show(struct graph *graph, enum object_kind kind, uint64_t object, uint64_t account)
{
    struct tie tie = tie_shown(kind, object, account);
    assert_ok(graph_add(graph, &tie));
}

/* Accounts first to last show it. */
static inline void show_all(
    struct graph *graph, enum object_kind kind, uint64_t object, uint64_t first, uint64_t last)
{
    for (uint64_t account = first; account <= last; account++)
        show(graph, kind, object, account);
}

static inline void show_paid(
    struct graph *graph, enum object_kind kind, uint64_t object, uint64_t account, uint64_t organization)
{
    struct tie tie = tie_shown(kind, object, account);
    tie.organization = organization;
    assert_ok(graph_add(graph, &tie));
}

/* As if each strong direct tie were one of a queue that is larger than a firm. */
static inline void let_strong_count(struct graph *graph)
{
    for (size_t i = 0; i < graph->n_direct; i++)
        if (graph->direct[i].count > 0 && object_kind_info[graph->direct[i].kind].strong)
            graph_count_direct(graph, &graph->direct[i]);
}

static inline void give_back(
    struct graph *graph, enum object_kind kind, uint64_t object, uint64_t from, uint64_t to)
{
    struct tie tie = tie_returned(kind, object, from, to);
    assert_ok(graph_add(graph, &tie));
    let_strong_count(graph);
}

static inline void fixture_build(struct graph *graph)
{
    assert_ok(graph_build(graph));
    for (size_t i = 0; i < graph->n_objects; i++)
        graph->objects[i].many_tasks = graph->objects[i].recurs =
            object_kind_info[graph->objects[i].kind].family == FAMILY_CONTENT;
}

static inline uint32_t account_index(const struct graph *graph, uint64_t account)
{
    uint32_t index = graph_find_account(graph, account);
    assert_int_not_equal(index, MAP_NONE);
    return index;
}

static inline uint32_t object_index(const struct graph *graph, enum object_kind kind, uint64_t object)
{
    uint32_t index = graph_find_object(graph, object_key(kind, object));
    assert_int_not_equal(index, MAP_NONE);
    return index;
}

static inline int by_account_index(const void *a, const void *b)
{
    const struct group_member *x = a;
    const struct group_member *y = b;
    return x->account < y->account ? -1 : x->account > y->account;
}

/* Accounts first to last, all likely members. */
static inline struct group group_of(
    const struct graph *graph, enum family found_by, uint64_t first, uint64_t last)
{
    size_t n = (size_t)(last - first + 1);
    struct group group = { .found_by = found_by, .n_members = n, .n_firm = n, .root = first };
    group.members = calloc(n, sizeof *group.members);
    group.objects = calloc(8, sizeof *group.objects);
    assert_true(group.members && group.objects);
    for (size_t i = 0; i < n; i++)
        group.members[i] = (struct group_member){ .account = account_index(graph, first + i),
            .objects = 1,
            .membership = MEMBER_LIKELY,
            .grade = MEMBER_LIKELY };
    qsort(group.members, n, sizeof *group.members, by_account_index);
    return group;
}

static inline void group_free(struct group *group)
{
    free(group->members);
    free(group->objects);
}

#endif
