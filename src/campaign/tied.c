#include "campaign/tied.h"

#include "campaign/company.h"
#include "campaign/handoffs.h"
#include "campaign/mixture.h"
#include "object/recur.h"

#include <math.h>

static const double takes_part_log10_odds = 2; /* of a hundred hands that look so one is a customer's */

enum { HAND_ASKED = 256 };
enum { SHOWN = 1, MEANT = 2 };                  /* an object of the group */
enum { ABSENT = 1, POSSIBLE = 2, PRESENT = 3 }; /* a hand */

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

static void mark_inside(const struct grade_input *input, const struct company_search *search)
{
    const struct group *group = input->group;
    for (size_t i = 0; i < group->n_members; i++)
        input->inside[group->members[i].account] =
            group->members[i].membership >= MEMBER_LIKELY && !group->members[i].elsewhere ? COMPANY_MEMBER
                                                                                          : 0;
    for (size_t i = 0; i < group->n_members; i++)
        if (input->inside[group->members[i].account] && company_many(search, group->members[i].account))
            input->inside[group->members[i].account] = COMPANY_MANY;
}

/* Two who have nobody else are a pair: a member is in a larger part if it, or a partner of it, has two partners. */
static bool is_tied(const struct grade_input *input, const struct company_search *search, uint32_t account)
{
    if (input->inside[account] == COMPANY_MANY ||
        company_partner(search, account, MAP_NONE, COMPANY_MANY) != MAP_NONE)
        return true;
    uint32_t partner = company_partner(search, account, MAP_NONE, COMPANY_MEMBER);
    return (partner != MAP_NONE && show_apart(input, account, partner)) ||
           (search->families >> FAMILY_TIMING & 1 &&
               handoffs_dispatched(input->graph, input->identity, account));
}

/*
 * Of the account's hand, of those who sent enough to tell, how many are firm members; of a large hand the first are asked,
 * and not who is of an organisation or open team.
 */
static uint32_t count_inside(const struct grade_input *input, uint32_t account, uint32_t *ret_n)
{
    uint32_t inside = 0, n = 0, asked = 0, root = rings_root(input->identity, account), next = root;
    do {
        if (!graph_is_of_a_firm(&input->graph->accounts[next])) {
            inside += input->inside[next] != 0;
            n += input->inside[next] || input->active(input->context, next);
        }
        next = input->identity->next[next];
    } while (next != root && ++asked < HAND_ASKED);
    *ret_n = n;
    return inside;
}

/* All hands of several accounts, but those that another campaign holds. */
static void fit_hands(const struct grade_input *input, struct mixture *ret_mixture)
{
    struct rings *identity = input->identity;
    mixture_init(ret_mixture, (double)input->group->n_firm / fmax(input->accounts, 1));
    for (uint32_t i = 0; i < identity->n; i++) {
        if (identity->next[i] == i || rings_root(identity, i) != i)
            continue;
        uint32_t n;
        uint32_t inside = count_inside(input, i, &n);
        if (inside > 0 || !input->graph->accounts[i].watched)
            mixture_add(ret_mixture, inside, n);
    }
    mixture_fit(ret_mixture);
}

static bool shows_meant(const struct grade_input *input, uint32_t account)
{
    struct indices shown = adjacency_at(&input->graph->frames, account);
    for (uint32_t i = 0; i < shown.n; i++)
        if (input->shown[shown.items[i]] == MEANT)
            return true;
    return false;
}

/* What the hand's odds say: it takes part, or it may, which is enough for who is held already. Each hand is asked once. */
static uint32_t weigh_hand(const struct grade_input *input, const struct mixture *mixture, uint32_t account)
{
    uint32_t *seen = grade_of_hand(input, account);
    if (*seen == 0) {
        uint32_t n;
        uint32_t inside = count_inside(input, account, &n);
        double log10_odds = mixture_log10_odds(mixture, inside, n);
        *seen = log10_odds >= takes_part_log10_odds ? PRESENT : log10_odds >= 0 ? POSSIBLE : ABSENT;
    }
    return *seen;
}

/* Not through its cards and devices alone: work came from another account, or went to one. */
static bool is_tied_by_work(
    const struct grade_input *input, const struct company_search *search, uint32_t account)
{
    const struct company_search work = { .graph = search->graph,
        .inside = search->inside,
        .families = search->families & ~(1U << FAMILY_IDENTITY) };
    return company_partner(&work, account, MAP_NONE, COMPANY_MEMBER) != MAP_NONE ||
           (search->families >> FAMILY_TIMING & 1 &&
               handoffs_dispatched(input->graph, input->identity, account));
}

/*
 * Colleagues and families say what others say, and some of a hand show a frame by chance: the group is a hand's work if more
 * of the hand are in it than customers would be; of a merged group, which has many frames, a hand with a mail domain of
 * its own must also say something that is said again.
 */
static bool hand_takes_part(const struct grade_input *input, const struct mixture *mixture, uint32_t account)
{
    const struct graph_account *known = &input->graph->accounts[account];
    if (input->group->merged && known->named && !shows_meant(input, account))
        return false;
    return weigh_hand(input, mixture, account) >= (known->watched ? POSSIBLE : PRESENT);
}

/* Lets go of those whose hands do not take part. */
static void ask_hands(const struct grade_input *input, const struct company_search *search)
{
    const struct group *group = input->group;
    struct mixture mixture;
    fit_hands(input, &mixture);
    for (size_t i = 0; i < group->n_members; i++) {
        uint32_t account = group->members[i].account;
        if (input->tied[account] && !graph_is_of_a_firm(&input->graph->accounts[account]) &&
            !is_tied_by_work(input, search, account))
            input->tied[account] = hand_takes_part(input, &mixture, account);
    }
    grade_clear_hands(input);
}

static size_t number_tied(const struct grade_input *input)
{
    size_t n = 0;
    for (size_t i = 0; i < input->group->n_members; i++)
        n += input->tied[input->group->members[i].account];
    return n;
}

size_t tied_mark(const struct grade_input *input, unsigned families)
{
    const struct group *group = input->group;
    const struct company_search search = { .graph = input->graph,
        .inside = input->inside,
        .families = families,
        .one_tool = hands_use_one_tool(group) };
    mark_shown(input);
    mark_inside(input, &search);
    for (size_t i = 0; i < group->n_members; i++) {
        uint32_t account = group->members[i].account;
        input->tied[account] = input->inside[account] && is_tied(input, &search, account);
    }
    if (group->found_by == FAMILY_CONTENT && number_tied(input) > 0)
        ask_hands(input, &search);
    for (size_t i = 0; i < group->n_members; i++)
        input->inside[group->members[i].account] = 0;
    clear_shown(input);
    return number_tied(input);
}

unsigned tied_families(enum family found_by, const struct evidence evidence[static FAMILY_COUNT])
{
    unsigned families = found_by == FAMILY_CONTENT ? 0 : 1U << found_by;
    for (unsigned family = 0; family < FAMILY_COUNT; family++)
        families |= (unsigned)evidence[family].strong << family;
    return families;
}

void tied_clear(const struct group *group, uint8_t *tied)
{
    for (size_t i = 0; i < group->n_members; i++)
        tied[group->members[i].account] = 0;
}
