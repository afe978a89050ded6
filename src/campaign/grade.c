#include "campaign/grade.h"

#include <string.h>

static const double frame_share = 0.3;

static void count_strong(const struct graph *graph, uint32_t account, uint32_t *count, bool add)
{
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t e = 0; e < shown.n; e++) {
        uint32_t object = shown.items[e];
        if (object_kind_info[graph->objects[object].kind].strong)
            count[object] = add ? count[object] + 1 : 0;
    }
}

static bool shares_strong(const struct graph *graph, uint32_t account, const uint32_t *count)
{
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t e = 0; e < shown.n; e++)
        if (count[shown.items[e]] >= 2)
            return true;
    return false;
}

static bool hangs_in_direct(const struct graph *graph, uint32_t account, const uint8_t *inside)
{
    for (uint32_t e = graph->accounts[account].direct; e; e = graph_direct_next(graph, e, account)) {
        const struct graph_direct *d = &graph->direct[e - 1];
        if (object_kind_info[d->kind].strong && inside[d->a] && inside[d->b])
            return true;
    }
    return false;
}

size_t grade_tied(
    const struct graph *graph, const struct group *group, uint32_t *count, uint8_t *inside, uint8_t *tied)
{
    size_t n = 0;
    for (size_t i = 0; i < group->n_members; i++) {
        if (group->members[i].membership < MEMBER_LIKELY)
            continue;
        inside[group->members[i].account] = 1;
        count_strong(graph, group->members[i].account, count, true);
    }
    for (size_t i = 0; i < group->n_members; i++) {
        uint32_t account = group->members[i].account;
        if (!inside[account])
            continue;
        tied[account] = shares_strong(graph, account, count) || hangs_in_direct(graph, account, inside);
        n += tied[account];
    }
    for (size_t i = 0; i < group->n_members; i++) {
        if (inside[group->members[i].account])
            count_strong(graph, group->members[i].account, count, false);
        inside[group->members[i].account] = 0;
    }
    return n;
}

void grade_clear(const struct group *group, uint8_t *tied)
{
    for (size_t i = 0; i < group->n_members; i++)
        tied[group->members[i].account] = 0;
}

static bool lives_off_frame(
    const struct graph *graph, const struct group *group, const struct account_profile *profile)
{
    if (profile->exchanges < GRADE_EXCHANGES || !(profile->focus >= frame_share))
        return false;
    for (size_t i = 0; i < group->n_objects; i++)
        if (graph->objects[group->objects[i]].object == profile->top_frame)
            return true;
    return false;
}

enum membership grade_member(
    const struct graph *graph, const struct group *group, const struct account_profile *profile, bool tied)
{
    /* A group that strong ties found has no frame to live off: its ties are all there is. */
    bool frame = group->found_by == FAMILY_CONTENT && lives_off_frame(graph, group, profile);
    if (tied && frame)
        return MEMBER_CORE;
    return tied || frame ? MEMBER_LIKELY : MEMBER_HALO;
}
