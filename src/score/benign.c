#include "score/benign.h"

#include "sketch/clopper_pearson.h"

#include <math.h>
#include <stdlib.h>

enum {
    CONTAINED = 1 << ACTION_RESTRICT | 1 << ACTION_SUSPEND,
    THROTTLED = 1 << ACTION_THROTTLE,
    CHALLENGED = 1 << ACTION_VERIFY,
    HIT = CONTAINED | THROTTLED | CHALLENGED,
};

static const double MONTH_MS = 30 * 86400e3;

static void add_account(struct score_population *to, double months, unsigned actions)
{
    to->accounts++;
    to->account_months += months;
    to->contained.accounts += (actions & CONTAINED) != 0;
    to->throttled.accounts += (actions & THROTTLED) != 0;
    to->challenged.accounts += (actions & CHALLENGED) != 0;
}

static void set_rate(struct score_rate *rate, const struct score_population *of)
{
    rate->per_million = rate->upper_per_million = NAN;
    if (of->account_months <= 0)
        return;
    double accounts = (double)of->accounts;
    rate->per_million = (double)rate->accounts / of->account_months * 1e6;
    rate->upper_per_million =
        clopper_pearson_upper(rate->accounts, of->accounts, 0.95) * accounts / of->account_months * 1e6;
}

static void set_rates(struct score_population *of)
{
    set_rate(&of->contained, of);
    set_rate(&of->throttled, of);
    set_rate(&of->challenged, of);
}

static double months_of(const struct score_truth *truth, const struct score_account *account)
{
    return account->since_ms < truth->end_ms ? (double)(truth->end_ms - account->since_ms) / MONTH_MS : 0;
}

static void count_accounts(const struct score_truth *truth, const struct sanctions *sanctions,
    struct score_population *populations, struct score *score)
{
    for (size_t i = 0; i < truth->n_accounts; i++) {
        const struct score_account *account = &truth->accounts[i];
        if (account->campaign != SCORE_BENIGN)
            continue;
        unsigned actions = sanctions->accounts[i].actions;
        add_account(&populations[account->population], months_of(truth, account), actions);
        add_account(&score->benign, months_of(truth, account), actions);
        score->operator_cost.appeals += (actions & HIT) != 0;
    }
}

/* Those without a benign account are no populations of the score. */
static size_t keep_populations(
    const struct score_truth *truth, struct score_population *populations, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        populations[i].name = truth->populations[i];
        set_rates(&populations[i]);
        if (populations[i].accounts > 0)
            populations[kept++] = populations[i];
    }
    return kept;
}

struct organization {
    uint64_t accounts, contained;
};

static enum status measure_blast(
    const struct score_truth *truth, const struct sanctions *sanctions, struct score *score)
{
    enum status st = STATUS_OK;
    struct u64_map index;
    struct organization *all = calloc(truth->n_accounts + 1, sizeof *all);
    map_init(&index, truth->n_accounts + 1);
    REQUIRE(all, STATUS_NOMEM);
    for (size_t i = 0; i < truth->n_accounts; i++) {
        const struct score_account *account = &truth->accounts[i];
        if (account->campaign != SCORE_BENIGN || account->organization == 0)
            continue;
        uint32_t at = map_find(&index, account->organization);
        if (at == MAP_NONE) {
            at = (uint32_t)index.n;
            TRY(map_put(&index, account->organization, at));
        }
        all[at].accounts++;
        all[at].contained += (sanctions->accounts[i].actions & CONTAINED) != 0;
    }
    score->blast.organizations = index.n;
    score->blast.largest_share = NAN;
    for (size_t i = 0; i < index.n; i++) {
        double share = all[i].accounts > 1 ? (double)all[i].contained / (double)all[i].accounts : NAN;
        score->blast.hit += all[i].contained > 0;
        if (all[i].contained > score->blast.most_contained)
            score->blast.most_contained = all[i].contained;
        score->blast.largest_share = fmax(score->blast.largest_share, share);
    }
fail:
    free(all);
    map_fini(&index);
    return st;
}

enum status benign_measure(
    const struct score_truth *truth, const struct sanctions *sanctions, struct score *score)
{
    enum status st = STATUS_OK;
    score->populations = calloc(truth->n_populations + 1, sizeof *score->populations);
    REQUIRE(score->populations, STATUS_NOMEM);
    score->benign.name = "all";
    count_accounts(truth, sanctions, score->populations, score);
    score->n_populations = keep_populations(truth, score->populations, truth->n_populations);
    set_rates(&score->benign);
    TRY(measure_blast(truth, sanctions, score));
fail:
    return st;
}
