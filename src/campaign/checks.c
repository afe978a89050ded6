#include "campaign/checks.h"

#include <math.h>
#include <stdlib.h>

struct check_info {
    const char *name;
    const char *text;
    double threshold;
};

static const struct check_info infos[CHECK_COUNT] = {
    [CHECK_ORGANISATION] = { "one payer", "largest share of accounts with one payer", 0.8 },
    [CHECK_PUBLIC_FRAME] = { "users of a public tool",
        "share of accounts that nothing but the prompt ties to another", 0.9 },
    [CHECK_CLASS] = { "a course", "share of accounts in an education programme", 0.5 },
    [CHECK_EVALUATION] = { "the same few tasks",
        "tasks of the median account over all tasks sent with the frame", 0.5 },
    [CHECK_RESELLER] = { "a registered reseller", "share of accounts registered as resellers", 0.5 },
    [CHECK_VERIFIED] = { "verified businesses", "share of accounts with a verified business", 0.5 },
    [CHECK_PEOPLE] = { "people in conversation", "share of accounts that mostly follow up and sleep at night",
        0.6 },
    [CHECK_OPEN_TEAM] = { "an open team",
        "share of accounts with networks of their own and two payers or rare mail domains, the smaller",
        0.6 },
};

const char *check_name(enum check_id id)
{
    return infos[id].name;
}

const char *check_text(enum check_id id)
{
    return infos[id].text;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* The shares of members that the one and the two largest payers stand for; NAN without memory: nothing holds then. */
struct payers {
    double one, two;
};

static struct payers largest_payers(const struct check_input *input)
{
    uint64_t *payers = malloc((input->n + 1) * sizeof *payers);
    if (!payers)
        return (struct payers){ NAN, NAN };
    for (size_t i = 0; i < input->n; i++)
        payers[i] = input->members[i].payer;
    qsort(payers, input->n, sizeof *payers, by_value);
    size_t most = 0;
    size_t second = 0;
    for (size_t from = 0, to; from < input->n; from = to) {
        for (to = from + 1; to < input->n && payers[to] == payers[from];)
            to++;
        size_t run = to - from;
        second = run > most ? most : run > second ? run : second;
        most = run > most ? run : most;
    }
    free(payers);
    return (struct payers){ (double)most / (double)input->n, (double)(most + second) / (double)input->n };
}

/* In the open: one place, and one or two purses or mail domains of their own. */
static double openness(const struct check_input *input, const struct payers *payers)
{
    double together = payers->two > input->open.domains ? payers->two : input->open.domains;
    return together < input->open.networks ? together : input->open.networks;
}

static double share_of(const struct check_input *input, bool (*is)(const struct account_profile *))
{
    size_t n = 0;
    for (size_t i = 0; i < input->n; i++)
        n += is(&input->members[i]);
    return (double)n / (double)input->n;
}

static bool is_education(const struct account_profile *p)
{
    return p->adopter & ADOPTER_EDUCATION;
}

static bool is_reseller(const struct account_profile *p)
{
    return p->adopter & ADOPTER_RESELLER;
}

static bool is_verified(const struct account_profile *p)
{
    return p->adopter & ADOPTER_VERIFIED;
}

static bool is_person(const struct account_profile *p)
{
    return p->exchanges >= 20 && p->follow_up >= 0.5 && p->night_share < 0.05;
}

static int by_double(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* How much of the whole task set the median account covers: near 1 for a class or a benchmark, near 0 for a queue. */
static double task_coverage(const struct check_input *input)
{
    if (!(input->tasks >= 1))
        return NAN;
    double *covered = malloc((input->n + 1) * sizeof *covered);
    if (!covered)
        return NAN;
    for (size_t i = 0; i < input->n; i++) {
        double own = input->members[i].novelty * (double)input->members[i].exchanges;
        covered[i] = isfinite(own) ? fmin(1, own / input->tasks) : 0;
    }
    qsort(covered, input->n, sizeof *covered, by_double);
    double median = covered[input->n / 2];
    free(covered);
    return median;
}

void checks_run(const struct check_input *input, struct check ret_checks[static CHECK_COUNT])
{
    const struct payers payers = largest_payers(input);
    const double measured[CHECK_COUNT] = {
        [CHECK_ORGANISATION] = payers.one,
        [CHECK_PUBLIC_FRAME] = 1 - (double)input->tied / (double)input->n,
        [CHECK_CLASS] = share_of(input, is_education),
        [CHECK_EVALUATION] = task_coverage(input),
        [CHECK_RESELLER] = share_of(input, is_reseller),
        [CHECK_VERIFIED] = share_of(input, is_verified),
        [CHECK_PEOPLE] = share_of(input, is_person),
        [CHECK_OPEN_TEAM] = openness(input, &payers),
    };
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        ret_checks[i] = (struct check){
            .measured = measured[i],
            .threshold = infos[i].threshold,
            .holds = measured[i] >= infos[i].threshold,
        };
}

bool checks_hold(const struct check checks[static CHECK_COUNT])
{
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        if (checks[i].holds)
            return true;
    return false;
}

bool checks_release(const struct check checks[static CHECK_COUNT])
{
    static const enum check_id facts[] = { CHECK_ORGANISATION, CHECK_PUBLIC_FRAME, CHECK_CLASS,
        CHECK_RESELLER, CHECK_VERIFIED };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (checks[facts[i]].holds)
            return true;
    return false;
}

enum campaign_kind checks_kind(const struct account_profile *members, size_t n)
{
    double rubric = 0;
    double tenants = 0;
    double refused = 0;
    double focus = 0;
    double judging = 0;
    for (size_t i = 0; i < n; i++) {
        rubric += isfinite(members[i].elicitation[ELICIT_RUBRIC]) ? members[i].elicitation[ELICIT_RUBRIC] : 0;
        judging += isfinite(members[i].capability[CAP_JUDGING]) ? members[i].capability[CAP_JUDGING] : 0;
        tenants += members[i].tenants >= 8;
        refused += (double)members[i].refused / (double)(members[i].exchanges ? members[i].exchanges : 1);
        focus += isfinite(members[i].focus) ? members[i].focus : 0;
    }
    if (n == 0)
        return CAMPAIGN_UNKNOWN;
    if (rubric / (double)n >= 0.5 && judging / (double)n >= 0.3)
        return CAMPAIGN_JUDGE;
    if (refused / (double)n >= 0.5)
        return CAMPAIGN_PROBING;
    if (tenants / (double)n >= 0.5)
        return CAMPAIGN_RELAY;
    return focus / (double)n >= 0.3 ? CAMPAIGN_PIPELINE : CAMPAIGN_UNKNOWN;
}
