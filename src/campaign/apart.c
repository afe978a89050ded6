#include "campaign/apart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NO_LANE = APART_PARTS, TOGETHER = 2 };

/* A member of a part. */
struct entry {
    uint32_t account;
    uint16_t objects;
    uint8_t part;
};

/* Lanes are parts that lead others: `lane` is a forest over parts, of which the root is the largest; `owner` one over lanes. */
struct apart {
    const struct apart_input *input;
    const struct group *parts[APART_PARTS]; /* by falling size */
    uint8_t n_parts;
    struct entry *entries; /* by account, then part */
    size_t n_entries;
    struct apart_user *users;
    size_t n_users;
    uint8_t lane[APART_PARTS], owner[APART_PARTS];
    uint32_t pairs[APART_PARTS][APART_PARTS]; /* smaller index first */
};

void operators_fini(struct operators *operators)
{
    free(operators->users);
    *operators = (struct operators){ 0 };
}

static uint8_t root_of(uint8_t *parent, uint8_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static void join(uint8_t *parent, uint8_t i, uint8_t j)
{
    uint8_t x = root_of(parent, i), y = root_of(parent, j);
    parent[x < y ? y : x] = x < y ? x : y;
}

static uint32_t *pair_of(struct apart *m, uint8_t i, uint8_t j)
{
    return i < j ? &m->pairs[i][j] : &m->pairs[j][i];
}

static bool comes_before(const struct group *a, const struct group *b)
{
    return a->n_firm != b->n_firm ? a->n_firm > b->n_firm : a->root < b->root;
}

/* The largest parts of the group. */
static void list_parts(struct apart *m)
{
    const struct group_list *groups = m->input->groups;
    for (size_t i = 0; i < groups->n; i++) {
        const struct group *part = &groups->items[i];
        size_t at = m->n_parts;
        if (!part->part || part->whole != m->input->whole->root)
            continue;
        for (; at > 0 && comes_before(part, m->parts[at - 1]); at--)
            if (at < APART_PARTS)
                m->parts[at] = m->parts[at - 1];
        if (at < APART_PARTS)
            m->parts[at] = part;
        if (m->n_parts < APART_PARTS)
            m->n_parts++;
    }
}

static int by_account(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    if (x->account != y->account)
        return x->account < y->account ? -1 : 1;
    return x->part < y->part ? -1 : x->part > y->part;
}

static enum status list_entries(struct apart *m)
{
    enum status st = STATUS_OK;
    size_t most = 0;
    for (size_t i = 0; i < m->n_parts; i++)
        most += m->parts[i]->n_firm;
    m->entries = malloc((most + 1) * sizeof *m->entries);
    m->users = malloc((most + 1) * sizeof *m->users);
    REQUIRE(m->entries && m->users, STATUS_NOMEM);
    for (uint8_t i = 0; i < m->n_parts; i++) {
        m->lane[i] = m->owner[i] = i;
        for (size_t j = 0; j < m->parts[i]->n_members; j++) {
            const struct group_member *member = &m->parts[i]->members[j];
            if (member->membership >= MEMBER_LIKELY)
                m->entries[m->n_entries++] = (struct entry){ member->account, member->objects, i };
        }
    }
    qsort(m->entries, m->n_entries, sizeof *m->entries, by_account);
fail:
    return st;
}

/* Where the entries of the account end that begin there. */
static size_t run_end(const struct apart *m, size_t from)
{
    size_t to = from + 1;
    while (to < m->n_entries && m->entries[to].account == m->entries[from].account)
        to++;
    return to;
}

/* Whoever shows most of a lane is of it; of the others, that of which it shows most. */
static struct apart_user place(struct apart *m, size_t from, size_t to)
{
    struct apart_user user = { m->entries[from].account, NO_LANE, NO_LANE, 0 };
    uint32_t shown[APART_PARTS] = { 0 };
    for (size_t i = from; i < to; i++)
        shown[root_of(m->lane, m->entries[i].part)] += m->entries[i].objects;
    for (uint8_t i = 0; i < m->n_parts; i++) {
        if (shown[i] == 0)
            continue;
        if (user.lane == NO_LANE || shown[i] > shown[user.lane]) {
            user.other = user.lane;
            user.lane = i;
        } else if (user.other == NO_LANE || shown[i] > shown[user.other]) {
            user.other = i;
        }
    }
    return user;
}

static void place_users(struct apart *m)
{
    m->n_users = 0;
    for (size_t from = 0, to; from < m->n_entries; from = to) {
        to = run_end(m, from);
        m->users[m->n_users++] = place(m, from, to);
    }
}

/* Each part follows the largest with which it shares more accounts than chance would have it. */
static void join_sides(struct apart *m)
{
    for (size_t from = 0, to; from < m->n_entries; from = to) {
        to = run_end(m, from);
        for (size_t i = from; i < to; i++)
            for (size_t j = i + 1; j < to; j++)
                m->pairs[m->entries[i].part][m->entries[j].part]++;
    }
    for (uint8_t j = 1; j < m->n_parts; j++)
        for (uint8_t i = 0; i < j; i++) {
            double chance = (double)m->parts[i]->n_firm * (double)m->parts[j]->n_firm / (double)m->n_users;
            if (m->pairs[i][j] < TOGETHER || m->pairs[i][j] < chance)
                continue;
            join(m->lane, i, j);
            break;
        }
    memset(m->pairs, 0, sizeof m->pairs);
}

static const struct apart_user *find_user(const struct apart *m, uint32_t account)
{
    size_t low = 0;
    size_t high = m->n_users;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (m->users[middle].account < account)
            low = middle + 1;
        else
            high = middle;
    }
    return low < m->n_users && m->users[low].account == account ? &m->users[low] : NULL;
}

/* A walk over the users whose work this one took over: turns that were issued to them, tasks that were refused to them. */
struct givers {
    uint32_t account, next;
};

static struct givers givers_of(const struct apart *m, const struct apart_user *user)
{
    return (struct givers){ user->account, m->input->graph->accounts[user->account].direct };
}

static const struct apart_user *next_giver(const struct apart *m, struct givers *walk)
{
    const struct apart_user *giver = NULL;
    while (walk->next && !giver) {
        const struct graph_direct *direct = &m->input->graph->direct[walk->next - 1];
        walk->next = graph_direct_next(m->input->graph, walk->next, walk->account);
        if (direct->b == walk->account && direct->kind != OBJECT_ECHO) /* quoted sources come back as well */
            giver = find_user(m, direct->a);
    }
    return giver;
}

/* Lanes between which conversations pass as often as chance would have it are one. */
static void join_conversations(struct apart *m)
{
    uint32_t ends[APART_PARTS] = { 0 };
    uint32_t n = 0;
    for (size_t i = 0; i < m->n_users; i++) {
        const struct apart_user *giver, *user = &m->users[i];
        struct givers walk = givers_of(m, user);
        while ((giver = next_giver(m, &walk))) {
            ends[user->lane]++;
            ends[giver->lane]++;
            *pair_of(m, user->lane, giver->lane) += user->lane != giver->lane;
            n++;
        }
    }
    for (uint8_t j = 1; j < m->n_parts; j++)
        for (uint8_t i = 0; i < j; i++)
            if (m->pairs[i][j] >= TOGETHER && 2.0 * n * m->pairs[i][j] >= (double)ends[i] * ends[j])
                join(m->lane, i, j);
    memset(m->pairs, 0, sizeof m->pairs);
}

/* Another lane that the user works for; NO_LANE: it is no bridge. */
static uint8_t bridged(const struct apart *m, const struct apart_user *user)
{
    const struct apart_user *giver;
    struct givers walk = givers_of(m, user);
    if (user->other != NO_LANE)
        return user->other;
    while ((giver = next_giver(m, &walk)))
        if (giver->lane != user->lane)
            return giver->lane;
    return NO_LANE;
}

static uint32_t count_bridges(struct apart *m)
{
    uint32_t n = 0;
    for (size_t i = 0; i < m->n_users; i++) {
        uint8_t other = bridged(m, &m->users[i]);
        if (other == NO_LANE)
            continue;
        ++*pair_of(m, m->users[i].lane, other);
        n++;
    }
    for (uint8_t j = 1; j < m->n_parts; j++)
        for (uint8_t i = 0; i < j; i++)
            if (m->pairs[i][j] >= APART_GLUE)
                join(m->owner, i, j);
    return n;
}

static double ln_matchings(double ends)
{
    return lgamma(ends + 1) - ends / 2 * log(2) - lgamma(ends / 2 + 1);
}

static double ln_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* log10 of the probability that as few bridges cross the cut, or fewer. */
static double log10_as_few(uint32_t bridges, uint32_t inside, uint32_t across)
{
    double here = 2.0 * inside + across, there = 2.0 * bridges - here, p = 0;
    for (uint32_t n = across % 2; n <= across; n += 2) {
        double x = n;
        p += exp(ln_choose(here, x) + ln_choose(there, x) + lgamma(x + 1) + ln_matchings(here - x) +
                 ln_matchings(there - x) - ln_matchings(here + there));
    }
    return p > 0 ? fmin(log10(p), 0) : -300;
}

/* What speaks for each set of lanes that bridges join, by its first lane. */
struct sets {
    uint32_t accounts[APART_PARTS], inside[APART_PARTS], across[APART_PARTS];
    double log10_p[APART_PARTS];
};

static void weigh_sets(struct apart *m, uint32_t bridges, uint32_t lanes, struct sets *ret_sets)
{
    struct sets s = { 0 };
    for (size_t i = 0; i < m->n_users; i++)
        s.accounts[root_of(m->owner, m->users[i].lane)]++;
    for (uint8_t j = 1; j < m->n_parts; j++)
        for (uint8_t i = 0; i < j; i++) {
            uint8_t x = root_of(m->owner, i), y = root_of(m->owner, j);
            s.inside[x] += x == y ? m->pairs[i][j] : 0;
            s.across[x] += x != y ? m->pairs[i][j] : 0;
            s.across[y] += x != y ? m->pairs[i][j] : 0;
        }
    for (uint8_t i = 0; i < m->n_parts; i++)
        if (s.accounts[i] > 0)
            s.log10_p[i] = fmin(0, log10_as_few(bridges, s.inside[i], s.across[i]) + (lanes - 1) * log10(2));
    *ret_sets = s;
}

static void add_operator(struct operators *operators, uint32_t bridges, uint32_t across, double log10_p)
{
    uint32_t i = operators->n++;
    operators->items[i].bridges = bridges;
    operators->items[i].across = across;
    operators->items[i].log10_p = log10_p;
}

/*
 * Sets that stand apart are operators. The largest is operator 0, with what stands nowhere; where only one stands apart,
 * the rest is the other side of the same cut.
 */
static void tell_apart(const struct apart *m, const struct sets *s, struct operators *operators,
    uint8_t owner_of[static APART_PARTS])
{
    bool apart[APART_PARTS];
    size_t first = NO_LANE, n = 0;
    memset(owner_of, 0, APART_PARTS);
    for (size_t i = 0; i < m->n_parts; i++) {
        apart[i] = s->log10_p[i] <= -APART_DECADES && s->accounts[i] >= m->input->min_accounts;
        n += apart[i];
        if (apart[i] && (first == NO_LANE || s->accounts[i] > s->accounts[first]))
            first = i;
    }
    if (n == 1 && 2 * (size_t)s->accounts[first] > m->n_users) {
        add_operator(operators, operators->bridges - s->inside[first] - s->across[first], s->across[first],
            s->log10_p[first]);
        memset(owner_of, 1, APART_PARTS);
        owner_of[first] = 0;
        return;
    }
    for (size_t i = 0; i < m->n_parts; i++) {
        if (!apart[i] || (n > 1 && i == first) || operators->n == APART_OPERATORS)
            continue;
        owner_of[i] = (uint8_t)operators->n;
        add_operator(operators, s->inside[i], s->across[i], s->log10_p[i]);
    }
}

static void judge(struct apart *m, struct operators *operators)
{
    struct sets sets;
    uint8_t owner_of[APART_PARTS];
    place_users(m);
    join_sides(m);
    place_users(m);
    join_conversations(m);
    place_users(m);
    for (uint8_t i = 0; i < m->n_parts; i++)
        operators->lanes += root_of(m->lane, i) == i;
    operators->bridges = count_bridges(m);
    weigh_sets(m, operators->bridges, operators->lanes, &sets);
    tell_apart(m, &sets, operators, owner_of);
    for (size_t i = 0; i < m->n_users; i++) {
        m->users[i].owner = owner_of[root_of(m->owner, m->users[i].lane)];
        operators->items[m->users[i].owner].accounts++;
    }
}

enum status apart_find(const struct apart_input *input, struct operators *ret_operators)
{
    enum status st = STATUS_OK;
    struct operators operators = { .n = 1 };
    struct apart *m = calloc(1, sizeof *m);
    REQUIRE(m, STATUS_NOMEM);
    m->input = input;
    list_parts(m);
    TRY(list_entries(m));
    judge(m, &operators);
    operators.users = m->users;
    operators.n_users = m->n_users;
    m->users = NULL;
    *ret_operators = operators;
fail:
    if (m) {
        free(m->entries);
        free(m->users);
    }
    free(m);
    return st;
}
