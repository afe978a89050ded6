#include "campaign/grade.h"

#include "campaign/handoffs.h"

static const double frame_share = 0.3;
static const double pure_share = 0.95;
static const double closed_share = 0.8;
static const double company_share = 0.25;

/* What is asked about a member: through which families, and of which state a partner must be. */
struct partner_search {
    const struct graph *graph;
    const uint8_t *inside; /* by account index: 0, FIRM or MANY; NULL: whoever is watched will do */
    unsigned families;     /* bits of enum family */
};

enum { PURE_USERS = 20, CLOSED_PARTNERS = 10, CLOSED_PARTNERS_OF_HANDS = 6, CLOSED_HANDS = 3 };
enum { FIRM = 1, MANY = 2 }; /* MANY: a firm member with two partners or more */

static bool may_tie(const struct partner_search *search, enum object_kind kind)
{
    return object_kind_info[kind].strong && search->families >> object_kind_info[kind].family & 1;
}

static bool is_partner(
    const struct partner_search *search, uint32_t other, uint32_t account, uint32_t except, uint8_t least)
{
    const struct graph_account *known = &search->graph->accounts[other];
    bool fits = search->inside ? search->inside[other] >= least
                               : known->watched && !known->open && !known->organization;
    return fits && other != account && other != except;
}

static uint32_t partner_in_object(
    const struct partner_search *search, uint32_t object, uint32_t account, uint32_t except, uint8_t least)
{
    struct indices shown_by = adjacency_at(&search->graph->columns, object);
    for (uint32_t i = 0; i < shown_by.n; i++)
        if (is_partner(search, shown_by.items[i], account, except, least))
            return shown_by.items[i];
    return MAP_NONE;
}

/* A member of at least that state, not `except`, that shares a strong object or hangs in a strong tie with the account. */
static uint32_t partner_of(
    const struct partner_search *search, uint32_t account, uint32_t except, uint8_t least)
{
    const struct graph *graph = search->graph;
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t i = 0; i < shown.n && !graph->accounts[account].open; i++) {
        if (!may_tie(search, graph->objects[shown.items[i]].kind) ||
            (!search->inside && !graph_object_joins(graph, shown.items[i])))
            continue;
        uint32_t other = partner_in_object(search, shown.items[i], account, except, least);
        if (other != MAP_NONE)
            return other;
    }
    struct graph_walk walk = graph_walk_strong(graph, account);
    const struct graph_direct *d;
    uint32_t other;
    while ((d = graph_walk_next(graph, &walk, &other)))
        if (may_tie(search, d->kind) && is_partner(search, other, account, except, least))
            return other;
    return MAP_NONE;
}

static bool has_many(const struct partner_search *search, uint32_t account)
{
    uint32_t first = partner_of(search, account, MAP_NONE, FIRM);
    return first != MAP_NONE && partner_of(search, account, first, FIRM) != MAP_NONE;
}

uint32_t grade_held_partner(const struct graph *graph, uint32_t account, uint32_t except, unsigned families)
{
    const struct partner_search search = { graph, NULL, families };
    return partner_of(&search, account, except, FIRM);
}

static bool is_of_group(const struct group *group, uint32_t object)
{
    for (size_t i = 0; i < group->n_objects; i++)
        if (group->objects[i] == object)
            return true;
    return false;
}

/* Each shows something of the group's, and none what the other shows. */
static bool show_apart(const struct graph *graph, const struct group *group, uint32_t a, uint32_t b)
{
    struct indices of_a = adjacency_at(&graph->frames, a);
    struct indices of_b = adjacency_at(&graph->frames, b);
    uint32_t only_a = 0, only_b = 0;
    for (uint32_t i = 0; i < of_a.n; i++) {
        if (!is_of_group(group, of_a.items[i]))
            continue;
        if (adjacency_has(&graph->frames, b, of_a.items[i]))
            return false;
        only_a++;
    }
    for (uint32_t i = 0; i < of_b.n; i++)
        only_b += is_of_group(group, of_b.items[i]);
    return only_a > 0 && only_b > 0;
}

/* Two who have nobody else are a pair: a member is in a larger part if it, or a partner of it, has two partners. */
size_t grade_tied(const struct graph *graph, struct rings *identity, const struct group *group,
    unsigned families, uint8_t *inside, uint8_t *tied)
{
    const struct partner_search search = { graph, inside, families };
    size_t n = 0;
    for (size_t i = 0; i < group->n_members; i++)
        inside[group->members[i].account] =
            group->members[i].membership >= MEMBER_LIKELY && !group->members[i].elsewhere ? FIRM : 0;
    for (size_t i = 0; i < group->n_members; i++)
        if (inside[group->members[i].account] && has_many(&search, group->members[i].account))
            inside[group->members[i].account] = MANY;
    for (size_t i = 0; i < group->n_members; i++) {
        uint32_t account = group->members[i].account;
        if (!inside[account])
            continue;
        uint32_t partner = partner_of(&search, account, MAP_NONE, FIRM);
        tied[account] = inside[account] == MANY || partner_of(&search, account, MAP_NONE, MANY) != MAP_NONE ||
                        (partner != MAP_NONE && show_apart(graph, group, account, partner)) ||
                        (families >> FAMILY_TIMING & 1 && handoffs_dispatched(graph, identity, account));
        n += tied[account];
    }
    for (size_t i = 0; i < group->n_members; i++)
        inside[group->members[i].account] = 0;
    return n;
}

unsigned grade_families(enum family found_by, const struct evidence evidence[static FAMILY_COUNT])
{
    unsigned families = found_by == FAMILY_CONTENT ? 0 : 1U << found_by;
    for (unsigned family = 0; family < FAMILY_COUNT; family++)
        families |= (unsigned)evidence[family].strong << family;
    return families;
}

void grade_clear(const struct group *group, uint8_t *tied)
{
    for (size_t i = 0; i < group->n_members; i++)
        tied[group->members[i].account] = 0;
}

/* The frame of the group that the account lives off; MAP_NONE: none. */
static uint32_t lives_off(
    const struct graph *graph, const struct group *group, const struct account_profile *profile)
{
    if (profile->exchanges < GRADE_EXCHANGES || !(profile->focus >= frame_share))
        return MAP_NONE;
    for (size_t i = 0; i < group->n_objects; i++)
        if (graph->objects[group->objects[i]].object == profile->top_frame)
            return group->objects[i];
    return MAP_NONE;
}

/* Nearly all who use the frame hang in strong ties: it is nobody's but the operator's. */
static bool is_pure(const struct graph *graph, uint32_t object)
{
    uint32_t users = graph_degree(graph, object);
    return users >= PURE_USERS && graph->objects[object].strong >= pure_share * users;
}

/*
 * Whoever has the group's cards and devices uses its frames, and a quarter of its members have them: they are no public
 * text that a few families happen to use.
 */
static bool is_closed(const struct group *group, const struct hands *hands)
{
    double in_company = (double)group->n_firm - (hands->n - hands->shared);
    uint32_t partners = hands->repeated >= CLOSED_HANDS ? CLOSED_PARTNERS_OF_HANDS : CLOSED_PARTNERS;
    return in_company >= company_share * (double)group->n_firm && hands->partners >= partners &&
           hands->inside >= closed_share * hands->partners;
}

/* What is counted of the account's hand. */
static uint32_t *of_hand(const struct grade_input *input, uint32_t account)
{
    return &input->count[hands_of(input->graph, input->identity, account)];
}

/* Of its commonest frame nobody outside its hand is known to show it. */
static bool has_own_work(const struct grade_input *input, const struct account_profile *profile)
{
    struct object_profile frame;
    if (!(profile->focus >= frame_share) ||
        graph_find_object(input->graph, profile->top_frame) != LOOKUP_NONE)
        return false;
    return recall_object(input->recall, profile->top_frame, &frame) != STATUS_OK ||
           (!frame.shared && !frame.is_public);
}

/* What it shows of the group's frames its users say less often than once in eight of the account's hours. */
static bool shows_seldom(
    const struct grade_input *input, uint32_t account, const struct account_profile *profile)
{
    const double period_ms = 8 * 3600e3;
    double periods = (double)(profile->last_seen_ms - profile->first_seen_ms) / period_ms;
    for (size_t i = 0; i < input->group->n_objects; i++) {
        struct object_profile frame;
        const struct graph_object *object = &input->graph->objects[input->group->objects[i]];
        if (object_kind_info[object->kind].family == FAMILY_CONTENT &&
            adjacency_has(&input->graph->frames, account, input->group->objects[i]) &&
            recall_object(input->recall, object->object, &frame) == STATUS_OK &&
            (double)frame.sightings >= periods * frame.accounts)
            return false;
    }
    return true;
}

/* Calls for every firm member that is tracked, with its profile. */
typedef void firm_fn(
    const struct grade_input *input, struct group_member *member, const struct account_profile *profile);

static void each_firm(const struct grade_input *input, firm_fn *each)
{
    size_t next = 0;
    for (size_t i = 0; i < input->group->n_members && next < input->n_profiles; i++) {
        struct group_member *m = &input->group->members[i];
        const struct account_profile *profile = &input->profiles[next];
        if (m->membership < MEMBER_LIKELY || profile->account != input->graph->accounts[m->account].account)
            continue;
        each(input, m, profile);
        next++;
    }
}

static void count_work(
    const struct grade_input *input, struct group_member *member, const struct account_profile *profile)
{
    *of_hand(input, member->account) += lives_off(input->graph, input->group, profile) != MAP_NONE;
}

static void mark_elsewhere(
    const struct grade_input *input, struct group_member *member, const struct account_profile *profile)
{
    bool known = profile->adopter & ADOPTER_ESTABLISHED || input->graph->accounts[member->account].named;
    member->elsewhere = known && profile->exchanges >= GRADE_LIFE && *of_hand(input, member->account) == 0 &&
                        has_own_work(input, profile) && shows_seldom(input, member->account, profile);
}

void grade_elsewhere(const struct grade_input *input)
{
    struct group *group = input->group;
    for (size_t i = 0; i < group->n_members; i++)
        group->members[i].elsewhere = false;
    if (group->found_by != FAMILY_CONTENT)
        return;
    each_firm(input, count_work);
    each_firm(input, mark_elsewhere);
    for (size_t i = 0; i < group->n_members; i++)
        *of_hand(input, group->members[i].account) = 0;
}

static enum membership grade_firm(
    const struct grade_input *input, uint32_t account, const struct account_profile *profile)
{
    const struct group *group = input->group;
    bool tied = input->tied[account];
    /* A group that strong ties found has no frame to live off: its ties are all there is. */
    uint32_t frame = group->found_by == FAMILY_CONTENT ? lives_off(input->graph, group, profile) : MAP_NONE;
    if (tied)
        return frame != MAP_NONE ? MEMBER_CORE : MEMBER_LIKELY;
    if (frame != MAP_NONE &&
        ((!group->merged && is_closed(group, input->hands)) ||
            (is_pure(input->graph, frame) && graph_hangs(&input->graph->accounts[account]))))
        return MEMBER_LIKELY;
    return *of_hand(input, account) > 0 ? MEMBER_HALO : MEMBER_NONE;
}

/* One exchange with the frame, and cards or devices in common with members. */
static enum membership grade_halo(const struct grade_input *input, uint32_t account)
{
    uint32_t mates = *of_hand(input, account);
    return mates >= GRADE_MATES ? MEMBER_LIKELY : mates > 0 ? MEMBER_HALO : MEMBER_NONE;
}

static void count_tied(const struct grade_input *input)
{
    for (size_t i = 0; i < input->group->n_members; i++) {
        const struct group_member *m = &input->group->members[i];
        if (m->membership < MEMBER_LIKELY)
            continue;
        *of_hand(input, m->account) += input->tied[m->account];
    }
}

size_t grade_group(const struct grade_input *input)
{
    size_t held = 0;
    size_t next = 0;
    count_tied(input);
    for (size_t i = 0; i < input->group->n_members; i++) {
        struct group_member *m = &input->group->members[i];
        const struct account_profile *profile = next < input->n_profiles ? &input->profiles[next] : NULL;
        if (m->membership < MEMBER_LIKELY) {
            m->grade = (uint8_t)grade_halo(input, m->account);
        } else if (m->elsewhere) {
            m->grade = MEMBER_NONE;
            next++;
        } else if (profile && profile->account == input->graph->accounts[m->account].account) {
            m->grade = (uint8_t)grade_firm(input, m->account, profile);
            next++;
        } else {
            m->grade = MEMBER_NONE; /* evicted */
        }
        held += m->grade >= MEMBER_LIKELY;
    }
    for (size_t i = 0; i < input->group->n_members; i++)
        *of_hand(input, input->group->members[i].account) = 0;
    return held;
}
