#include "campaign/grade.h"

static const double frame_share = 0.3;
static const double pure_share = 0.9;
static const double closed_share = 0.8;
static const double company_share = 0.25;
static const int64_t alone_ms = 7 * 24 * INT64_C(3600000);

enum {
    LIVING_FEW = 3,
    LIVING_MANY = 10,
    PURE_USERS = 20,
    CLOSED_PARTNERS = 10,
    CLOSED_PARTNERS_OF_HANDS = 6,
    CLOSED_HANDS = 3
};

void grade_clear_hands(const struct grade_input *input)
{
    for (size_t i = 0; i < input->group->n_members; i++)
        *grade_of_hand(input, input->group->members[i].account) = 0;
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

/* Nearly all who use the frame are tied, or held: it is nobody's but the operator's. What is copied anybody may use. */
static bool is_theirs_alone(const struct grade_input *input, uint32_t object)
{
    struct indices users = adjacency_at(&input->graph->columns, object);
    if (object_kind_info[input->graph->objects[object].kind].copied || users.n < PURE_USERS)
        return false;
    uint32_t theirs = 0;
    for (uint32_t i = 0; i < users.n; i++)
        theirs += input->tied[users.items[i]] || input->graph->accounts[users.items[i]].watched;
    return theirs >= pure_share * users.n;
}

/* Asked once a frame. */
static bool is_pure(const struct grade_input *input, uint32_t object)
{
    enum { IMPURE = 1, PURE = 2 };
    uint32_t *known = &input->shown[object];
    if (*known == 0)
        *known = is_theirs_alone(input, object) ? PURE : IMPURE;
    return *known == PURE;
}

/*
 * Whoever has the group's cards and devices uses its frames, and a quarter of its members have them: they are no public
 * text that a few families happen to use.
 */
static bool is_closed(const struct group *group, const struct hands *hands)
{
    uint32_t partners = hands->repeated >= CLOSED_HANDS ? CLOSED_PARTNERS_OF_HANDS : CLOSED_PARTNERS;
    return hands->partners_speak && hands->in_company >= company_share * (double)group->n_firm &&
           hands->partners >= partners && hands->inside >= closed_share * hands->partners;
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
    return known && profile->exchanges >= GRADE_LIFE && *grade_of_hand(input, account) == 0 &&
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
        *grade_of_hand(input, m->account) += lives_off(input->graph, group, profile) != MAP_NONE;
    for (struct firm_walk walk = { 0 }; (m = next_firm(input, &walk, &profile));)
        m->elsewhere = lives_elsewhere(input, m->account, profile);
    grade_clear_hands(input);
}

/* In ties that say something about the group. */
static bool hangs_in_it(const struct grade_input *input, uint32_t account)
{
    const struct graph_account *known = &input->graph->accounts[account];
    return hands_speak(input->group, known) ? graph_hangs(known) : known->n_linked > 0;
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
        if (profile->exchanges < GRADE_EXCHANGES || !hangs_in_it(input, m->account))
            continue;
        hanging++;
        held += known->watched;
        living += lives_off(input->graph, input->group, profile) != MAP_NONE;
    }
    return living >= (held ? LIVING_MANY : LIVING_FEW) && living * 3 >= hanging * 2;
}

/*
 * The frame that it lives off is nobody else's. Where those who hang live off something else it may be a public prompt that
 * they send besides, and strangers as well.
 */
static bool is_the_operators(
    const struct grade_input *input, uint32_t account, uint32_t frame, bool lived_off)
{
    bool hangs = hangs_in_it(input, account);
    return (hangs && is_pure(input, frame)) ||
           (!input->group->merged && (hangs || lived_off) && is_closed(input->group, input->hands));
}

/*
 * Nothing ties it, but for a week it has lived off a frame that has been the operator's alone: anybody's prompt would have got
 * other users meanwhile. That is reason to ask.
 */
static bool is_alone_with_them(
    const struct grade_input *input, uint32_t frame, const struct account_profile *profile)
{
    struct object_profile shared;
    return profile->last_seen_ms - profile->first_seen_ms >= alone_ms && is_pure(input, frame) &&
           recall_object(input->recall, input->graph->objects[frame].object, &shared) == STATUS_OK &&
           shared.first_ms >= 0 && input->recall->now_ms - shared.first_ms >= alone_ms;
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
    if (*grade_of_hand(input, account) > 0)
        return MEMBER_HALO;
    return frame != MAP_NONE && is_alone_with_them(input, frame, profile) ? MEMBER_HALO : MEMBER_NONE;
}

/* One exchange with the frame, and cards or devices in common with members. */
static enum membership grade_halo(const struct grade_input *input, uint32_t account)
{
    uint32_t mates = *grade_of_hand(input, account);
    return mates >= GRADE_MATES ? MEMBER_LIKELY : mates > 0 ? MEMBER_HALO : MEMBER_NONE;
}

static void count_tied(const struct grade_input *input)
{
    for (size_t i = 0; i < input->group->n_members; i++) {
        const struct group_member *m = &input->group->members[i];
        if (m->membership < MEMBER_LIKELY)
            continue;
        *grade_of_hand(input, m->account) += input->tied[m->account];
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
    grade_clear_hands(input);
    for (size_t i = 0; i < input->group->n_objects; i++)
        input->shown[input->group->objects[i]] = 0;
    return held;
}
