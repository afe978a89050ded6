#include "campaign/hands.h"

#include "campaign/handoffs.h"

static uint32_t hand_of(const struct hands_input *c, uint32_t account)
{
    return hands_of(c->graph, c->identity, account);
}

static bool is_firm(const struct group_member *member)
{
    return member->membership >= MEMBER_LIKELY;
}

/* The chain of a hand; scratch holds the parent + 1, 0 where it is its own. */
static uint32_t chain_of(const struct hands_input *c, uint32_t hand)
{
    uint32_t *parent = c->scratch.parent;
    while (parent[hand]) {
        uint32_t up = parent[hand] - 1;
        if (parent[up])
            parent[hand] = parent[up];
        hand = up;
    }
    return hand;
}

bool hands_are_strangers(const struct graph *graph, struct rings *identity, const struct graph_direct *direct)
{
    return !graph_is_of_a_firm(&graph->accounts[direct->a]) &&
           !graph_is_of_a_firm(&graph->accounts[direct->b]) &&
           rings_root(identity, direct->a) != rings_root(identity, direct->b);
}

static bool hands_on(const struct graph *graph, struct rings *identity, uint32_t account)
{
    return graph->accounts[account].n_linked > 0 &&
           handoffs_partner(graph, identity, account, MAP_NONE) != MAP_NONE;
}

/* Parts are many and small: a member adds what its part would, over its size. */
static void weigh(const struct hands_input *c, uint32_t account, bool first_of_hand, struct hands_mass *mass)
{
    size_t hand = rings_size_to(c->identity, account, HANDS_MOST);
    size_t part = rings_size_to(c->provenance, account, 3);
    mass->accounts++;
    mass->sharing += first_of_hand && hand > 1 ? (uint32_t)hand : 0;
    mass->linking += part > 1;
    mass->chained += part > 2;
    mass->handing += hands_on(c->graph, c->identity, account);
}

static void mark_inside(const struct hands_input *c, uint8_t value)
{
    for (size_t i = 0; i < c->group->n_members; i++)
        if (is_firm(&c->group->members[i]))
            c->inside[c->group->members[i].account] = value;
}

static void count_members(const struct hands_input *c, struct hands *hands)
{
    uint32_t *count = c->scratch.count;
    for (size_t i = 0; i < c->group->n_members; i++) {
        uint32_t account = c->group->members[i].account;
        if (!is_firm(&c->group->members[i]))
            continue;
        const struct graph_account *known = &c->graph->accounts[account];
        uint32_t hand = hand_of(c, account);
        count[hand]++;
        hands->n += count[hand] == 1;
        bool alone = !hands_speak(c->group, known) || c->identity->next[hand] == hand;
        hands->repeated += count[hand] == 2 && !alone;
        hands->shared += count[hand] == 1 && !alone;
        hands->in_company += !alone;
        hands->of_lots += !alone && rings_size_to(c->identity, account, HANDS_LOT) >= HANDS_LOT;
        hands->handing += count[hand] == 1 && hands_on(c->graph, c->identity, account);
        if (!known->watched)
            weigh(c, account, count[hand] == 1, &hands->mass);
    }
}

/* Hands with a firm member have a count. */
static void join_hands(const struct hands_input *c, uint32_t account)
{
    const struct graph *graph = c->graph;
    struct graph_walk walk = graph_walk_strong(graph, account);
    const struct graph_direct *d;
    uint32_t other;
    while ((d = graph_walk_next(graph, &walk, &other))) {
        if (object_kind_info[d->kind].family != FAMILY_PROVENANCE || !c->scratch.count[hand_of(c, other)])
            continue;
        uint32_t a = chain_of(c, hand_of(c, account)), b = chain_of(c, hand_of(c, other));
        if (a != b)
            c->scratch.parent[a < b ? b : a] = (a < b ? a : b) + 1;
    }
}

/* Through one card or device, which its first member counts. */
static void count_partners_of(
    const struct hands_input *c, uint32_t account, uint32_t object, struct hands *hands)
{
    struct indices shown_by = adjacency_at(&c->graph->columns, object);
    uint32_t members = 0, inside = 0;
    for (uint32_t i = 0; i < shown_by.n; i++) {
        uint32_t other = shown_by.items[i];
        if (inside == 0 && c->inside[other] && other != account)
            return;
        inside += c->inside[other];
        members += c->inside[other] || c->active(c->context, other);
    }
    uint32_t partners = members - 1;
    inside--;
    if (!hands_speak(c->group, &c->graph->accounts[account])) {
        partners -= inside; /* who is outside speaks against it still */
        inside = 0;
    }
    if (partners > HANDS_PARTNERS) {
        inside = inside * HANDS_PARTNERS / partners;
        partners = HANDS_PARTNERS;
    }
    hands->inside += inside;
    hands->partners += partners;
}

static void count_partners(const struct hands_input *c, uint32_t account, struct hands *hands)
{
    const struct graph_account *known = &c->graph->accounts[account];
    if (known->n_shared == 0 || graph_is_of_a_firm(known))
        return; /* most share nothing that is strong */
    struct indices shown = adjacency_at(&c->graph->ties, account);
    for (uint32_t i = 0; i < shown.n; i++) {
        enum object_kind kind = c->graph->objects[shown.items[i]].kind;
        if (object_kind_info[kind].family == FAMILY_IDENTITY && graph_object_joins(c->graph, shown.items[i]))
            count_partners_of(c, account, shown.items[i], hands);
    }
}

/* Each hand once, by its first member: chains get the number of their hands in count, from above. */
static void count_chains(const struct hands_input *c, struct hands *hands)
{
    const uint32_t SEEN = UINT32_C(1) << 31;
    uint32_t *count = c->scratch.count;
    for (size_t i = 0; i < c->group->n_members; i++) {
        uint32_t hand = hand_of(c, c->group->members[i].account);
        if (is_firm(&c->group->members[i]))
            count[hand] = 0;
    }
    for (size_t i = 0; i < c->group->n_members; i++) {
        uint32_t hand = hand_of(c, c->group->members[i].account);
        if (!is_firm(&c->group->members[i]) || count[hand] & SEEN)
            continue;
        count[hand] |= SEEN;
        uint32_t joined = ++count[chain_of(c, hand)] & ~SEEN;
        hands->chains += joined == 1;
        hands->pairs += joined == 2;
        hands->long_ones += joined == 3;
    }
}

static void clear(const struct hands_input *c)
{
    for (size_t i = 0; i < c->group->n_members; i++) {
        uint32_t hand = hand_of(c, c->group->members[i].account);
        c->scratch.count[hand] = c->scratch.parent[hand] = 0;
    }
}

/* How many accounts of the hand show the object of this kind that most show, and that is mostly theirs. */
static uint32_t shows_own(
    const struct graph *graph, const struct rings *identity, uint32_t hand, unsigned kinds)
{
    uint32_t most = 0;
    struct indices shown = adjacency_at(&graph->ties, hand);
    for (uint32_t i = 0; i < shown.n; i++) {
        uint32_t object = shown.items[i], own = 0;
        struct indices by = adjacency_at(&graph->columns, object);
        if (!(kinds >> graph->objects[object].kind & 1) || by.n > 2 * GRAPH_JOIN_MEMBERS_MAX)
            continue;
        uint32_t account = hand;
        do {
            own += adjacency_has(&graph->columns, object, account);
            account = identity->next[account];
        } while (account != hand);
        if (own * 2 >= by.n && own > most)
            most = own;
    }
    return most;
}

/* Most of the hand's accounts that show one thing of these kinds which is mostly theirs. */
static uint32_t most_show(
    const struct graph *graph, const struct rings *identity, uint32_t hand, unsigned kinds)
{
    enum { ASKED = 4 }; /* any of two accounts in a row of the ring shows what the team shows, if it is one */
    uint32_t most = 0, account = hand;
    for (unsigned i = 0; i < ASKED; i++, account = identity->next[account]) {
        uint32_t n = shows_own(graph, identity, account, kinds);
        most = n > most ? n : most;
    }
    return most;
}

static void note_hand(struct graph *graph, struct rings *identity, uint32_t hand)
{
    const unsigned domain = 1U << OBJECT_EMAIL_DOMAIN;
    const unsigned network = 1U << OBJECT_SIGNUP_NET | 1U << OBJECT_IP | 1U << OBJECT_NET;
    size_t size = rings_size_to(identity, hand, GRAPH_JOIN_MEMBERS_MAX + 1);
    bool named = size <= GRAPH_JOIN_MEMBERS_MAX && most_show(graph, identity, hand, domain) * 5 >= size * 3;
    bool open = named && size >= 3 && most_show(graph, identity, hand, network) * 2 >= size;
    uint32_t account = hand;
    do {
        graph->accounts[account].named = named;
        graph->accounts[account].open = open;
        account = identity->next[account];
    } while (account != hand);
}

void hands_note_firms(struct graph *graph, struct rings *identity)
{
    for (uint32_t i = 0; i < identity->n; i++) {
        if (identity->next[i] == i)
            graph->accounts[i].named = graph->accounts[i].open = false;
        else if (rings_root(identity, i) == i)
            note_hand(graph, identity, i);
    }
}

void hands_population(
    const struct graph *graph, struct rings *identity, struct rings *provenance, struct hands_mass *ret_mass)
{
    struct hands_mass mass = { 0 };
    for (uint32_t i = 0; i < identity->n; i++) {
        if (graph->accounts[i].watched || graph->accounts[i].account == 0)
            continue;
        size_t hand = identity->next[i] == i ? 1 : rings_size_to(identity, i, HANDS_MOST);
        size_t part = provenance->next[i] == i ? 1 : rings_size_to(provenance, i, 3);
        mass.sharing += hand > 1 && rings_root(identity, i) == i ? (uint32_t)hand : 0;
        mass.handing += hands_on(graph, identity, i);
        mass.linking += part > 1 && rings_root(provenance, i) == i ? 2 : 0;
        mass.chained += part > 2 && rings_root(provenance, i) == i ? 3 : 0;
    }
    *ret_mass = mass;
}

void hands_count(const struct hands_input *input, struct hands *ret_hands)
{
    *ret_hands = (struct hands){ 0 };
    mark_inside(input, 1);
    count_members(input, ret_hands);
    for (size_t i = 0; i < input->group->n_members; i++) {
        if (!is_firm(&input->group->members[i]))
            continue;
        join_hands(input, input->group->members[i].account);
        count_partners(input, input->group->members[i].account, ret_hands);
    }
    mark_inside(input, 0);
    count_chains(input, ret_hands);
    clear(input);
}
