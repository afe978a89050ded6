#include "campaign/grade.h"

#include "campaign/handoffs.h"
#include "object/recur.h"

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

enum {
    HAND_ASKED = 256,
    LIVING_FEW = 3,
    LIVING_MANY = 10,
    PURE_USERS = 20,
    CLOSED_PARTNERS = 10,
    CLOSED_PARTNERS_OF_HANDS = 6,
    CLOSED_HANDS = 3
};
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

/* What is counted of the account's hand. */
static uint32_t *of_hand(const struct grade_input *input, uint32_t account)
{
    return &input->count[hands_of(input->graph, input->identity, account)];
}

static void clear_hands(const struct grade_input *input)
{
    for (size_t i = 0; i < input->group->n_members; i++)
        *of_hand(input, input->group->members[i].account) = 0;
}

enum { SHOWN = 1, MEANT = 2 }; /* of an object of the group */

/* Those who say it say it again; what many happen to say once is no wording of anybody's, and merged groups are full of it. */
static bool is_meant(const struct grade_input *input, uint32_t object)
{
    const int64_t day_ms = 24 * INT64_C(3600000);
    struct object_profile frame;
    const struct graph_object *known = &input->graph->objects[object];
    if (recall_object(input->recall, known->object, &frame) != STATUS_OK)
        return false;
    int64_t age_ms = input->recall->now_ms - frame.first_ms;
    return object_recurs((double)frame.sightings, frame.accounts, age_ms > day_ms ? age_ms : day_ms);
}

static void mark_shown(const struct grade_input *input)
{
    const struct group *group = input->group;
    for (size_t i = 0; i < group->n_objects && group->found_by == FAMILY_CONTENT; i++)
        input->shown[group->objects[i]] = is_meant(input, group->objects[i]) ? MEANT : SHOWN;
}

static void clear_shown(const struct grade_input *input)
{
    for (size_t i = 0; i < input->group->n_objects; i++)
        input->shown[input->group->objects[i]] = 0;
}

/* Each shows something of the group's that is meant, and neither anything that the other shows. */
static bool show_apart(const struct grade_input *input, uint32_t a, uint32_t b)
{
    struct indices of_a = adjacency_at(&input->graph->frames, a);
    struct indices of_b = adjacency_at(&input->graph->frames, b);
    uint32_t only_a = 0, only_b = 0;
    for (uint32_t i = 0; i < of_a.n; i++) {
        uint32_t shown = input->shown[of_a.items[i]];
        if (shown && adjacency_has(&input->graph->frames, b, of_a.items[i]))
            return false;
        only_a += shown == MEANT;
    }
    for (uint32_t i = 0; i < of_b.n; i++)
        only_b += input->shown[of_b.items[i]] == MEANT;
    return only_a > 0 && only_b > 0;
}

static void mark_inside(const struct grade_input *input, const struct partner_search *search)
{
    const struct group *group = input->group;
    for (size_t i = 0; i < group->n_members; i++)
        input->inside[group->members[i].account] =
            group->members[i].membership >= MEMBER_LIKELY && !group->members[i].elsewhere ? FIRM : 0;
    for (size_t i = 0; i < group->n_members; i++)
        if (input->inside[group->members[i].account] && has_many(search, group->members[i].account))
            input->inside[group->members[i].account] = MANY;
}

/* Two who have nobody else are a pair: a member is in a larger part if it, or a partner of it, has two partners. */
static bool is_tied(const struct grade_input *input, const struct partner_search *search, uint32_t account)
{
    if (input->inside[account] == MANY || partner_of(search, account, MAP_NONE, MANY) != MAP_NONE)
        return true;
    uint32_t partner = partner_of(search, account, MAP_NONE, FIRM);
    return (partner != MAP_NONE && show_apart(input, account, partner)) ||
           (search->families >> FAMILY_TIMING & 1 &&
               handoffs_dispatched(input->graph, input->identity, account));
}

/* Whether most of the hand, of those who sent enough to tell, are firm members; of a large hand the first are asked. */
static bool mostly_inside(const struct grade_input *input, uint32_t account)
{
    uint32_t inside = 0, n = 0, asked = 0, next = account;
    do {
        bool in = input->inside[next] != 0;
        inside += in;
        n += in || input->active(input->context, next);
        next = input->identity->next[next];
    } while (next != account && ++asked < HAND_ASKED);
    return inside * 2 > n;
}

static bool shows_meant(const struct grade_input *input, uint32_t account)
{
    struct indices shown = adjacency_at(&input->graph->frames, account);
    for (uint32_t i = 0; i < shown.n; i++)
        if (input->shown[shown.items[i]] == MEANT)
            return true;
    return false;
}

/*
 * In a merged group, which has many frames, some people of many a firm show one by chance: the group is a hand's work if
 * most of the hand is in it and, where it has a mail domain of its own, says what is said again. Each hand is looked at
 * once: count holds what was seen of it.
 */
static bool hand_takes_part(const struct grade_input *input, uint32_t account)
{
    enum { ABSENT = 1, PRESENT = 2 };
    const struct graph_account *known = &input->graph->accounts[account];
    if (!input->group->merged || known->organization || known->open)
        return true;
    if (known->named && !shows_meant(input, account))
        return false;
    uint32_t *seen = of_hand(input, account);
    if (*seen == 0)
        *seen = mostly_inside(input, account) ? PRESENT : ABSENT;
    return *seen == PRESENT;
}

size_t grade_tied(const struct grade_input *input, unsigned families)
{
    const struct partner_search search = { input->graph, input->inside, families };
    const struct group *group = input->group;
    size_t n = 0;
    mark_shown(input);
    mark_inside(input, &search);
    for (size_t i = 0; i < group->n_members; i++) {
        uint32_t account = group->members[i].account;
        if (!input->inside[account])
            continue;
        input->tied[account] = is_tied(input, &search, account) && hand_takes_part(input, account);
        n += input->tied[account];
    }
    for (size_t i = 0; i < group->n_members; i++)
        input->inside[group->members[i].account] = 0;
    clear_hands(input);
    clear_shown(input);
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
static bool is_closed(const struct group *group, const struct hands *hands, bool few_will_do)
{
    double in_company = (double)group->n_firm - (hands->n - hands->shared);
    uint32_t partners =
        few_will_do && hands->repeated >= CLOSED_HANDS ? CLOSED_PARTNERS_OF_HANDS : CLOSED_PARTNERS;
    return in_company >= company_share * (double)group->n_firm && hands->partners >= partners &&
           hands->inside >= closed_share * hands->partners;
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

/* A walk over the firm members that are tracked. */
struct firm_walk {
    size_t next_member, next_profile;
};

/* The next one, with its profile; NULL: there are no more. */
static struct group_member *next_firm(
    const struct grade_input *input, struct firm_walk *walk, const struct account_profile **ret_profile)
{
    while (walk->next_member < input->group->n_members && walk->next_profile < input->n_profiles) {
        struct group_member *m = &input->group->members[walk->next_member++];
        const struct account_profile *profile = &input->profiles[walk->next_profile];
        if (m->membership < MEMBER_LIKELY || profile->account != input->graph->accounts[m->account].account)
            continue;
        walk->next_profile++;
        *ret_profile = profile;
        return m;
    }
    return NULL;
}

static bool lives_elsewhere(
    const struct grade_input *input, uint32_t account, const struct account_profile *profile)
{
    bool known = profile->adopter & ADOPTER_ESTABLISHED || input->graph->accounts[account].named;
    return known && profile->exchanges >= GRADE_LIFE && *of_hand(input, account) == 0 &&
           has_own_work(input, profile) && shows_seldom(input, account, profile);
}

void grade_elsewhere(const struct grade_input *input)
{
    struct group *group = input->group;
    for (size_t i = 0; i < group->n_members; i++)
        group->members[i].elsewhere = false;
    if (group->found_by != FAMILY_CONTENT)
        return;
    const struct account_profile *profile;
    struct group_member *m;
    for (struct firm_walk walk = { 0 }; (m = next_firm(input, &walk, &profile));)
        *of_hand(input, m->account) += lives_off(input->graph, group, profile) != MAP_NONE;
    for (struct firm_walk walk = { 0 }; (m = next_firm(input, &walk, &profile));)
        m->elsewhere = lives_elsewhere(input, m->account, profile);
    clear_hands(input);
}

/*
 * Of the members that hang in strong ties and have sent enough to tell two thirds live off its frames; else these may be the
 * everyday prompt of others, which the operator's accounts send as well. Three are enough where nobody is held yet: who was
 * held after a few exchanges had no time to live off anything else.
 */
static bool is_lived_off(const struct grade_input *input)
{
    const struct account_profile *profile;
    const struct group_member *m;
    uint32_t hanging = 0, living = 0, held = 0;
    for (struct firm_walk walk = { 0 }; (m = next_firm(input, &walk, &profile));) {
        const struct graph_account *known = &input->graph->accounts[m->account];
        if (profile->exchanges < GRADE_EXCHANGES || !graph_hangs(known))
            continue;
        hanging++;
        held += known->watched;
        living += lives_off(input->graph, input->group, profile) != MAP_NONE;
    }
    return living >= (held ? LIVING_MANY : LIVING_FEW) && living * 3 >= hanging * 2;
}

/* The frame that it lives off is nobody else's. */
static bool is_the_operators(
    const struct grade_input *input, uint32_t account, uint32_t frame, bool lived_off)
{
    bool hangs = graph_hangs(&input->graph->accounts[account]);
    return (hangs && is_pure(input->graph, frame)) ||
           (!input->group->merged && is_closed(input->group, input->hands, hangs || lived_off));
}

static enum membership grade_firm(
    const struct grade_input *input, uint32_t account, const struct account_profile *profile, bool lived_off)
{
    const struct group *group = input->group;
    bool tied = input->tied[account];
    /* A group that strong ties found has no frame to live off: its ties are all there is. */
    uint32_t frame = group->found_by == FAMILY_CONTENT ? lives_off(input->graph, group, profile) : MAP_NONE;
    if (tied)
        return frame != MAP_NONE ? MEMBER_CORE : MEMBER_LIKELY;
    if (frame != MAP_NONE && is_the_operators(input, account, frame, lived_off))
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
    bool lived_off = is_lived_off(input);
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
            m->grade = (uint8_t)grade_firm(input, m->account, profile, lived_off);
            next++;
        } else {
            m->grade = MEMBER_NONE; /* evicted */
        }
        held += m->grade >= MEMBER_LIKELY;
    }
    clear_hands(input);
    return held;
}
