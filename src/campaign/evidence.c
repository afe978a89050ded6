#include "campaign/evidence.h"

#include "sketch/evalue.h"

#include <math.h>

enum { ORGANISATIONS_SEEN = 32 };

static const double strong_key_log10_e = 2; /* what the strong key must show by itself */
static const double weak_cap = 2;           /* decades that a family without a strong kind may bring */
static const double p0_most = 0.5;
static const double all_share = 0.8; /* of the hands: nearly all */

/*
 * Half the stake is kept back: absence of evidence may cost a factor of two, never more. Of what can only be weak, which most
 * operators give nothing of, four fifths.
 */
static const double stake = 0.5, weak_stake = 0.2;

static double hedged(double log10_e, double staked)
{
    return log10_e > 300 ? log10_e + log10(staked) : log10(1 - staked + staked * pow(10, log10_e));
}

struct tally {
    uint32_t inside, trials;
};

/* Counts an organisation once; accounts without one each count. */
struct payers {
    uint64_t seen[ORGANISATIONS_SEEN];
    size_t n;
};

static bool payer_is_new(struct payers *payers, uint64_t organization)
{
    for (size_t i = 0; i < payers->n; i++)
        if (payers->seen[i] == organization)
            return false;
    if (payers->n < ORGANISATIONS_SEEN)
        payers->seen[payers->n++] = organization;
    return true;
}

/* Partners through one object: those inside the group, and all, at most EVIDENCE_PER_OBJECT in proportion. */
static struct tally object_partners(const struct evidence_input *input, uint32_t object)
{
    const struct graph *graph = input->graph;
    struct indices shown_by = adjacency_at(&graph->columns, object);
    struct payers payers;
    uint32_t members = 0;
    uint32_t inside = 0;
    payers.n = 0;
    if (shown_by.n < 2)
        return (struct tally){ 0, 0 };
    for (uint32_t e = 0; e < shown_by.n; e++) {
        uint32_t account = shown_by.items[e];
        const struct graph_account *known = &graph->accounts[account];
        if (!input->inside[account] && !input->active(input->context, account))
            continue;
        if (known->organization && !payer_is_new(&payers, known->organization))
            continue;
        members++;
        inside += input->inside[account];
    }
    if (members < 2 || inside == 0)
        return (struct tally){ 0, 0 };
    struct tally tally = { inside - 1, members - 1 };
    if (tally.trials > EVIDENCE_PER_OBJECT) {
        tally.inside = (uint32_t)((uint64_t)tally.inside * EVIDENCE_PER_OBJECT / tally.trials);
        tally.trials = EVIDENCE_PER_OBJECT;
    }
    return tally;
}

/* Kinds whose objects found the group say nothing new about it. */
static bool kind_may_speak(const struct group *group, enum object_kind kind)
{
    if (object_kind_info[kind].family != group->found_by)
        return true;
    return group->found_by == FAMILY_CONTENT && object_specificity(kind) == 0;
}

/* Those of the objects that were not seen yet, and may speak. */
static void tally_list(
    const struct evidence_input *input, struct indices objects, struct tally tallies[static OBJECT_KINDS])
{
    for (uint32_t i = 0; i < objects.n; i++) {
        uint32_t object = objects.items[i];
        enum object_kind kind = input->graph->objects[object].kind;
        if (input->count[object] > 0 || !kind_may_speak(input->group, kind))
            continue;
        input->count[object] = 1;
        struct tally tally = object_partners(input, object);
        tallies[kind].inside += tally.inside;
        tallies[kind].trials += tally.trials;
    }
}

static void tally_objects(const struct evidence_input *input, struct tally tallies[static OBJECT_KINDS])
{
    const struct group *group = input->group;
    for (size_t i = 0; i < group->n_members; i++) {
        if (group->members[i].membership < MEMBER_LIKELY)
            continue;
        tally_list(input, adjacency_at(&input->graph->ties, group->members[i].account), tallies);
        if (group->found_by != FAMILY_CONTENT) /* frames say nothing about a group that frames found */
            tally_list(input, adjacency_at(&input->graph->frames, group->members[i].account), tallies);
    }
}

/* Each tie once: at its first end, or at the second where the first is outside. */
static void tally_direct(const struct evidence_input *input, struct tally tallies[static OBJECT_KINDS])
{
    const struct graph *graph = input->graph;
    const struct group *group = input->group;
    for (size_t i = 0; i < group->n_members; i++) {
        uint32_t account = group->members[i].account;
        if (!input->inside[account])
            continue;
        for (uint32_t e = graph->accounts[account].direct; e; e = graph_direct_next(graph, e, account)) {
            const struct graph_direct *d = &graph->direct[e - 1];
            if (object_kind_info[d->kind].family == group->found_by ||
                (d->b == account && input->inside[d->a]))
                continue;
            tallies[d->kind].inside += input->inside[d->a] && input->inside[d->b];
            tallies[d->kind].trials++;
        }
    }
}

static void forget_list(const struct evidence_input *input, struct indices objects)
{
    for (uint32_t i = 0; i < objects.n; i++)
        input->count[objects.items[i]] = 0;
}

/* Members inside, and the objects that found the group as seen: they say nothing new. */
static void mark(const struct evidence_input *input, uint8_t value)
{
    const struct group *group = input->group;
    for (size_t i = 0; i < group->n_objects; i++)
        input->count[group->objects[i]] = value;
    for (size_t i = 0; i < group->n_members; i++) {
        const struct group_member *m = &group->members[i];
        if (m->membership < MEMBER_LIKELY)
            continue;
        input->inside[m->account] = value;
        if (value == 0)
            forget_list(input, adjacency_at(&input->graph->ties, m->account));
        if (value == 0 && group->found_by != FAMILY_CONTENT)
            forget_list(input, adjacency_at(&input->graph->frames, m->account));
    }
}

static double e_value(const struct evidence_input *input, struct tally tally, double p0)
{
    uint32_t at =
        (tally.inside * 31 + tally.trials * 1009 + (uint32_t)input->group->n_firm * 7919) % EVIDENCE_MEMOS;
    struct evidence_memo *memo = input->memos ? &input->memos[at] : NULL;
    if (memo && memo->inside == tally.inside && memo->trials == tally.trials && memo->p0 == p0)
        return memo->log10_e;
    double log10_e = evalue_binomial(tally.inside, tally.trials, p0);
    if (memo)
        *memo = (struct evidence_memo){ p0, log10_e, tally.inside, tally.trials };
    return log10_e;
}

/*
 * The mean of the e-values of a family's kinds that had anything to say. The strong kinds decide by their own best
 * whether the family is a key: a weak kind that says more must not hide them, nor turn the key for them.
 */
static struct evidence family_evidence(const struct evidence_input *input, enum family family,
    const struct tally tallies[static OBJECT_KINDS], double p0)
{
    struct evidence out = { .p0 = p0 };
    double best[2] = { -INFINITY, -INFINITY }; /* of weak and of strong kinds */
    uint8_t top[2] = { 0, 0 };
    double sum = 0;
    unsigned kinds = 0;
    for (unsigned kind = 0; kind < OBJECT_KINDS; kind++) {
        if (object_kind_info[kind].family != family || tallies[kind].trials == 0)
            continue;
        double log10_e = e_value(input, tallies[kind], p0);
        bool strong = object_kind_info[kind].strong;
        if (log10_e > best[strong]) {
            best[strong] = log10_e;
            top[strong] = (uint8_t)kind;
        }
        sum += pow(10, fmin(log10_e, 300));
        kinds++;
    }
    if (kinds == 0)
        return out;
    out.strong = hedged(best[1], stake) >= strong_key_log10_e;
    out.top_kind = top[out.strong || best[1] >= best[0]];
    out.inside = tallies[out.top_kind].inside;
    out.trials = tallies[out.top_kind].trials;
    out.log10_e = hedged(log10(sum / kinds), weak_stake);
    return out;
}

/* How a share of the population outside the group compares: its own share, by how much groups may differ, and more. */
struct allowance {
    double floor, factor;
};

static double chance_outside(const struct evidence_input *input, const struct hands_mass *group, uint32_t all,
    uint32_t in_group, const struct allowance *allowance)
{
    double others = fmax((double)input->population.accounts - group->accounts, 1);
    double share = all > in_group ? (all - in_group) / others : 0;
    return fmin(p0_most, allowance->floor + allowance->factor * share);
}

/* The mean of several e-values, as a family's evidence; inside of trials are those that say most. */
static struct evidence mean_of_counts(const struct evidence_input *input, enum object_kind kind,
    const struct tally *tallies, const uint8_t *counted, const double *p0, unsigned n)
{
    double sum = 0, best = -INFINITY;
    unsigned top = 0;
    for (unsigned i = 0; i < n; i++) {
        double log10_e = e_value(input, tallies[i], p0[i]);
        sum += pow(10, fmin(log10_e, 300));
        top = log10_e > best ? i : top;
        best = fmax(best, log10_e);
    }
    struct evidence out = { .log10_e = hedged(log10(sum / n), stake),
        .inside = tallies[top].inside,
        .trials = tallies[top].trials,
        .p0 = p0[top],
        .counted = counted[top],
        .top_kind = (uint8_t)kind };
    out.strong = out.log10_e >= strong_key_log10_e;
    return out;
}

static const struct allowance of_shared = { 0.05, 1.5 }, of_repeated = { 0.03, 1 }, of_pairs = { 0.02, 1.5 },
                              of_long = { 0.004, 1.5 }, of_handing = { 0.02, 1.5 };

static bool work_moves(const struct hands *h)
{
    enum { HANDS_LEAST = 3 };
    return h->pairs + h->handing >= HANDS_LEAST;
}

/*
 * Whether those who share cards with users of one frame tell anything by using it too. Families and teams use one tool all
 * together, so that their partners are as few as their hands, however many there are. They do where more of the hands are shared
 * than of such a sample of the population, or where work moves between three of them.
 */
static bool partners_speak(const struct evidence_input *input, const struct hands *h)
{
    double chance = chance_outside(input, &h->mass, input->population.sharing, h->mass.sharing, &of_shared);
    return work_moves(h) || e_value(input, (struct tally){ h->shared, h->n }, chance) >= strong_key_log10_e;
}

/*
 * Whether cards tell anything of a group nearly all of whose hands are shared. There are tools for families, classes and small
 * teams, of which all users are such: only lots larger than these do, or work that moves.
 */
static bool cards_speak(const struct hands *h)
{
    enum { LOTS_LEAST = 6 };
    return h->shared < all_share * h->n || h->of_lots >= LOTS_LEAST || work_moves(h);
}

static void evidence_hands(
    const struct evidence_input *input, struct evidence ret_evidence[static FAMILY_COUNT])
{
    struct hands h;
    const struct hands_input counting = { input->graph, input->group, input->identity, input->provenance,
        input->scratch, input->inside, input->active, input->context };
    hands_count(&counting, &h);
    bool speak = input->group->found_by != FAMILY_CONTENT || cards_speak(&h);
    h.partners_speak = speak && (!hands_use_one_tool(input->group) || partners_speak(input, &h));
    *input->ret_hands = h;
    const struct tally shared = { speak ? h.shared : 0, h.n }, repeated = { speak ? h.repeated : 0, h.n },
                       partners = { h.partners_speak ? h.inside : 0, h.partners_speak ? h.partners : 0 };
    const struct hands_mass *all = &input->population, *own = &h.mass;
    /* What is merged was chosen by its shared hands (merge.h): that it has them says nothing more. */
    unsigned first = input->group->merged ? 1 : 0;
    if (input->group->found_by != FAMILY_IDENTITY && h.n > 1)
        ret_evidence[FAMILY_IDENTITY] = mean_of_counts(input, OBJECT_PAYMENT,
            (struct tally[]){ shared, repeated, partners } + first,
            (uint8_t[]){ COUNTED_SHARED_HANDS, COUNTED_REPEATED_HANDS, COUNTED_PARTNERS } + first,
            (double[]){ chance_outside(input, own, all->sharing, own->sharing, &of_shared),
                chance_outside(input, own, all->sharing, own->sharing, &of_repeated),
                fmin(p0_most, input->homophily + (double)input->group->n_firm / fmax(input->accounts, 1)) } +
                first,
            3 - first);
    if (input->group->found_by != FAMILY_PROVENANCE && h.n > 1)
        ret_evidence[FAMILY_PROVENANCE] = mean_of_counts(input, OBJECT_TURN,
            (struct tally[]){ { h.pairs, h.chains }, { h.long_ones, h.chains } },
            (uint8_t[]){ COUNTED_PAIRS, COUNTED_LONG_CHAINS },
            (double[]){ chance_outside(input, own, all->linking, own->linking, &of_pairs),
                chance_outside(input, own, all->chained, own->chained, &of_long) },
            2);
    /* A conversation that is handed on comes back as well: what returned turns found, hand-offs do not test. */
    if (input->group->found_by != FAMILY_PROVENANCE && h.n > 1)
        ret_evidence[FAMILY_TIMING] = mean_of_counts(input, OBJECT_REFUSED,
            (struct tally[]){ { h.handing, h.n } }, (uint8_t[]){ COUNTED_HANDING },
            (double[]){ chance_outside(input, own, all->handing, own->handing, &of_handing) }, 1);
}

/* No family could be the second key of a group that frames found: what the others say need not be asked. */
static bool no_key_turns(
    const struct evidence_input *input, const struct evidence evidence[static FAMILY_COUNT])
{
    return input->group->found_by == FAMILY_CONTENT && !evidence[FAMILY_IDENTITY].strong &&
           !evidence[FAMILY_PROVENANCE].strong && !evidence[FAMILY_TIMING].strong;
}

void evidence_links(const struct evidence_input *input, struct evidence ret_evidence[static FAMILY_COUNT])
{
    struct tally tallies[OBJECT_KINDS] = { { 0, 0 } };
    evidence_hands(input, ret_evidence);
    if (no_key_turns(input, ret_evidence))
        return;
    mark(input, 1);
    tally_objects(input, tallies);
    tally_direct(input, tallies);
    mark(input, 0);
    double p0 = input->homophily + (double)input->group->n_firm / fmax(input->accounts, 1);
    const unsigned by_hands =
        1U << FAMILY_VOLUME | 1U << FAMILY_IDENTITY | 1U << FAMILY_PROVENANCE | 1U << FAMILY_TIMING;
    p0 = fmin(p0_most, p0);
    for (unsigned family = 0; family < FAMILY_COUNT; family++)
        if (!(by_hands >> family & 1))
            ret_evidence[family] = family_evidence(input, (enum family)family, tallies, p0);
}

void evidence_volume(const struct account_profile *profiles, size_t n, struct evidence *ret_evidence)
{
    enum { ACCOUNTS_MAX = 512 };
    const double people_shape = 0.8; /* rates of real tenants differ by far more than chance */
    double counts[ACCOUNTS_MAX];
    double days[ACCOUNTS_MAX];
    size_t used = 0;
    for (size_t i = 0; i < n && used < ACCOUNTS_MAX; i++) {
        if (!(profiles[i].active_days >= 1) || profiles[i].exchanges < 3)
            continue;
        counts[used] = (double)profiles[i].exchanges;
        days[used++] = profiles[i].active_days;
    }
    *ret_evidence =
        (struct evidence){ .log10_e = hedged(evalue_even_load(counts, days, used, people_shape), stake),
            .inside = (uint32_t)used,
            .trials = (uint32_t)n,
            .p0 = people_shape };
}

static double capped(const struct evidence *evidence)
{
    return evidence->strong ? evidence->log10_e : fmin(evidence->log10_e, weak_cap);
}

/* Of two that may tell of the same events: their mean, which is an e-value whatever their dependence. */
static double mean_of_two(double a, double b)
{
    return fmax(a, b) + log10((1 + pow(10, fmin(a, b) - fmax(a, b))) / 2);
}

double evidence_total(
    enum family found_by, const struct evidence evidence[static FAMILY_COUNT], bool *ret_two_keys)
{
    double total = 0;
    bool second = false;
    for (unsigned family = 0; family < FAMILY_COUNT; family++) {
        if (family != FAMILY_TIMING && family != FAMILY_PROVENANCE)
            total += capped(&evidence[family]);
        second |= evidence[family].strong && family != (unsigned)found_by;
    }
    total += mean_of_two(capped(&evidence[FAMILY_TIMING]), capped(&evidence[FAMILY_PROVENANCE]));
    *ret_two_keys = second;
    return total;
}
