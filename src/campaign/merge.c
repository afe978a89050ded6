#include "campaign/merge.h"

#include "base/map.h"
#include "sketch/evalue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double sharing_share = 0.9;
static const double merge_log10_e = 2;
static const double overlap_floor = 0.02;

/* A hand that has members in a group. */
struct use {
    uint32_t hand, group;
};

struct merging {
    const struct merge_input *input;
    struct group_list *groups;
    struct use *uses; /* by hand, then group; each once */
    size_t n_uses;
    uint32_t *n_hands;   /* by group, shared hands */
    uint32_t *parent;    /* by group */
    uint32_t *owner;     /* by group: tracker_parted; of a root, of any of its parts */
    size_t n;            /* groups, without those appended */
    struct u64_map both; /* pair of groups → hands in both */
};

static int by_hand(const void *a, const void *b)
{
    const struct use *x = a;
    const struct use *y = b;
    if (x->hand != y->hand)
        return x->hand < y->hand ? -1 : 1;
    return x->group < y->group ? -1 : x->group > y->group;
}

static size_t drop_twins(struct use *uses, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || by_hand(&uses[kept - 1], &uses[i]) != 0)
            uses[kept++] = uses[i];
    return kept;
}

/* The group's hands, unless too few of them are shared. */
static void list_group(struct merging *m, uint32_t index)
{
    const struct group *group = &m->groups->items[index];
    struct use *from = m->uses + m->n_uses;
    size_t n = 0;
    for (size_t i = 0; i < group->n_members; i++) {
        uint32_t account = group->members[i].account;
        if (group->members[i].membership < MEMBER_LIKELY)
            continue;
        from[n++] = (struct use){ hands_of(m->input->graph, m->input->identity, account), index };
    }
    qsort(from, n, sizeof *from, by_hand);
    n = drop_twins(from, n);
    size_t shared = 0;
    for (size_t i = 0; i < n; i++)
        if (m->input->identity->next[from[i].hand] != from[i].hand)
            from[shared++] = from[i];
    if (shared < MERGE_HANDS || (double)shared < sharing_share * (double)n)
        return;
    m->n_hands[index] = (uint32_t)shared;
    m->n_uses += shared;
    m->owner[index] = tracker_parted(m->input->tracker, m->input->graph, group);
}

static enum status list_uses(struct merging *m)
{
    enum status st = STATUS_OK;
    size_t most = 0;
    size_t n = m->n;
    for (size_t i = 0; i < n; i++)
        most += m->groups->items[i].found_by == FAMILY_CONTENT ? m->groups->items[i].n_firm : 0;
    m->uses = malloc((most + 1) * sizeof *m->uses);
    m->n_hands = calloc(n + 1, sizeof *m->n_hands);
    m->parent = malloc((n + 1) * sizeof *m->parent);
    m->owner = malloc((n + 1) * sizeof *m->owner);
    REQUIRE(m->uses && m->n_hands && m->parent && m->owner, STATUS_NOMEM);
    for (uint32_t i = 0; i < n; i++) {
        m->parent[i] = i;
        m->owner[i] = MAP_NONE;
        if (m->groups->items[i].found_by == FAMILY_CONTENT)
            list_group(m, i);
    }
    qsort(m->uses, m->n_uses, sizeof *m->uses, by_hand);
fail:
    return st;
}

static enum status count_pairs(struct merging *m)
{
    enum status st = STATUS_OK;
    for (size_t from = 0, to; from < m->n_uses; from = to) {
        for (to = from + 1; to < m->n_uses && m->uses[to].hand == m->uses[from].hand;)
            to++;
        size_t end = to - from > MERGE_PER_HAND ? from + MERGE_PER_HAND : to;
        for (size_t i = from; i < end; i++)
            for (size_t j = i + 1; j < end; j++) {
                uint64_t pair = (uint64_t)m->uses[i].group << 32 | m->uses[j].group;
                uint32_t n = map_find(&m->both, pair + 1);
                TRY(map_put(&m->both, pair + 1, n == MAP_NONE ? 1 : n + 1));
            }
    }
fail:
    return st == STATUS_FULL ? STATUS_OK : st;
}

static uint32_t root_of(const struct merging *m, uint32_t group)
{
    while (m->parent[group] != group)
        group = m->parent[group] = m->parent[m->parent[group]];
    return group;
}

static bool overlap(const struct merging *m, uint32_t a, uint32_t b, uint32_t both)
{
    uint32_t fewer = m->n_hands[a] < m->n_hands[b] ? m->n_hands[a] : m->n_hands[b];
    uint32_t more = m->n_hands[a] < m->n_hands[b] ? m->n_hands[b] : m->n_hands[a];
    double chance = overlap_floor + 2 * more / fmax(m->input->hands, 1);
    if (both < MERGE_HANDS || both * 2 < fewer)
        return false; /* what an operator says as well is not for that his */
    return evalue_binomial(both, fewer, fmin(chance, 0.5)) >= merge_log10_e;
}

/* Groups that two operators of one pool hold stay apart. */
static void join_groups(struct merging *m, uint32_t a, uint32_t b)
{
    uint32_t x = root_of(m, a), y = root_of(m, b);
    uint32_t owner = m->owner[x] == MAP_NONE ? m->owner[y] : m->owner[x];
    if (m->owner[x] != MAP_NONE && m->owner[y] != MAP_NONE &&
        tracker_are_parted(m->input->tracker, m->owner[x], m->owner[y]))
        return;
    m->parent[x < y ? y : x] = x < y ? x : y;
    m->owner[x < y ? x : y] = owner;
}

/* In the order of the groups, so that nothing depends on that of a map. */
static void join_pairs(struct merging *m)
{
    for (uint32_t a = 0; a < m->n; a++)
        for (uint32_t b = a + 1; m->n_hands[a] > 0 && b < m->n; b++) {
            uint32_t both = m->n_hands[b] > 0 ? map_find(&m->both, ((uint64_t)a << 32 | b) + 1) : MAP_NONE;
            if (both != MAP_NONE && overlap(m, a, b, both))
                join_groups(m, a, b);
        }
}

static int by_account(const void *a, const void *b)
{
    const struct group_member *x = a;
    const struct group_member *y = b;
    if (x->account != y->account)
        return x->account < y->account ? -1 : 1;
    return x->membership > y->membership ? -1 : x->membership < y->membership;
}

/* An account is what it is in the part where it is most. */
static void settle_members(struct group *group)
{
    size_t kept = 0;
    qsort(group->members, group->n_members, sizeof *group->members, by_account);
    for (size_t i = 0; i < group->n_members; i++) {
        if (kept > 0 && group->members[kept - 1].account == group->members[i].account) {
            group->members[kept - 1].objects =
                (uint16_t)(group->members[kept - 1].objects + group->members[i].objects);
            continue;
        }
        group->n_firm += group->members[i].membership >= MEMBER_LIKELY;
        group->members[kept++] = group->members[i];
    }
    group->n_members = kept;
}

static enum status merge_parts(struct merging *m, uint32_t root)
{
    enum status st = STATUS_OK;
    struct group whole = { .found_by = FAMILY_CONTENT, .root = UINT64_MAX, .merged = true };
    size_t members = 0, objects = 0, parts = 0;
    for (uint32_t i = root; i < m->n; i++)
        if (m->n_hands[i] > 0 && root_of(m, i) == root) {
            members += m->groups->items[i].n_members;
            objects += m->groups->items[i].n_objects;
            parts++;
        }
    if (parts < 2)
        return STATUS_OK;
    whole.members = malloc((members + 1) * sizeof *whole.members);
    whole.objects = malloc((objects + 1) * sizeof *whole.objects);
    REQUIRE(whole.members && whole.objects, STATUS_NOMEM);
    for (uint32_t i = root; i < m->n; i++) {
        struct group *part = &m->groups->items[i];
        if (m->n_hands[i] == 0 || root_of(m, i) != root)
            continue;
        memcpy(whole.members + whole.n_members, part->members, part->n_members * sizeof *part->members);
        memcpy(whole.objects + whole.n_objects, part->objects, part->n_objects * sizeof *part->objects);
        whole.n_members += part->n_members;
        whole.n_objects += part->n_objects;
        whole.root = part->root < whole.root ? part->root : whole.root;
        part->part = true;
    }
    for (uint32_t i = root; i < m->n; i++)
        if (m->n_hands[i] > 0 && root_of(m, i) == root)
            m->groups->items[i].whole = whole.root;
    settle_members(&whole);
    return group_list_take(m->groups, &whole);
fail:
    free(whole.members);
    free(whole.objects);
    return st;
}

enum status merge_groups(const struct merge_input *input, struct group_list *groups)
{
    enum status st = STATUS_OK;
    struct merging m = { .input = input, .groups = groups, .n = groups->n };
    map_init(&m.both, UINT32_MAX);
    TRY(list_uses(&m));
    TRY(count_pairs(&m));
    join_pairs(&m);
    for (uint32_t i = 0; i < m.n; i++)
        if (m.n_hands[i] > 0 && m.parent[i] == i)
            TRY(merge_parts(&m, i));
fail:
    map_fini(&m.both);
    free(m.uses);
    free(m.n_hands);
    free(m.parent);
    free(m.owner);
    return st;
}

void merge_undo(struct group_list *groups)
{
    size_t kept = 0;
    for (size_t i = 0; i < groups->n; i++) {
        groups->items[i].part = false;
        if (groups->items[i].merged)
            group_fini(&groups->items[i]);
        else
            groups->items[kept++] = groups->items[i];
    }
    groups->n = kept;
}
