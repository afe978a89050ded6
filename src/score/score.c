#include "score/score.h"

#include "score/benign.h"
#include "score/matching.h"
#include "sketch/bcubed.h"
#include "sketch/rand_index.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static double share_of(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : NAN;
}

static enum status index_accounts(const struct score_truth *truth, struct u64_map *index, struct diag *diag)
{
    enum status st = STATUS_OK;
    REQUIRE(truth->n_accounts < INT32_MAX, STATUS_TOO_BIG);
    map_init(index, truth->n_accounts + 1);
    TRY(map_reserve(index, truth->n_accounts));
    for (size_t i = 0; i < truth->n_accounts; i++) {
        const struct score_account *a = &truth->accounts[i];
        bool known = a->campaign >= SCORE_BENIGN && a->campaign < (int64_t)truth->n_campaigns &&
                     a->population < truth->n_populations;
        if (!known || a->account == 0 || map_find(index, a->account) != MAP_NONE) {
            diag_set(diag, "account", "#%016" PRIx64 " is %s", a->account,
                known ? "in the truth twice" : "of no campaign or population that there is");
            REQUIRE(false, STATUS_BAD);
        }
        TRY(map_put(index, a->account, (uint32_t)i));
    }
fail:
    return st;
}

static enum status campaigns_new(const struct score_truth *truth, struct score *score)
{
    score->campaigns = calloc(truth->n_campaigns + 1, sizeof *score->campaigns);
    if (!score->campaigns)
        return STATUS_NOMEM;
    score->n_campaigns = truth->n_campaigns;
    for (size_t i = 0; i < truth->n_campaigns; i++)
        score->campaigns[i] = (struct score_campaign){
            .name = truth->campaigns[i],
            .detected_ms = -1,
            .cost = truth->costs
                        ? truth->costs[i]
                        : (struct score_cost){ SCORE_UNKNOWN, SCORE_UNKNOWN, SCORE_UNKNOWN, SCORE_UNKNOWN },
        };
    return STATUS_OK;
}

/* Accounts, and the first containment as the first word on detection. */
static void count_accounts(
    const struct score_truth *truth, const struct sanctions *sanctions, struct score *score)
{
    for (size_t i = 0; i < truth->n_accounts; i++) {
        if (truth->accounts[i].campaign == SCORE_BENIGN)
            continue;
        struct score_campaign *c = &score->campaigns[truth->accounts[i].campaign];
        int64_t at = sanctions_first_ms(sanctions, i);
        c->accounts++;
        c->burnt += sanctions->accounts[i].n_spans > 0;
        c->contained_at_end += sanctions_contained_at_end(sanctions, i);
        if (sanctions->accounts[i].n_spans > 0 && (c->detected_ms < 0 || at < c->detected_ms))
            c->detected_ms = at;
    }
}

static enum status match_groups(const struct score_truth *truth, const struct u64_map *index,
    const struct score_run *run, struct score *score)
{
    enum status st = STATUS_OK;
    struct matching matching = { 0 };
    int64_t *detected = calloc(truth->n_campaigns + 1, sizeof *detected);
    struct matching_best *best = calloc(truth->n_campaigns + 1, sizeof *best);
    REQUIRE(detected && best, STATUS_NOMEM);
    TRY(matching_init(&matching, truth, index, run));
    matching_detected(&matching, run->detected_ms, detected);
    matching_best(&matching, best);
    for (size_t i = 0; i < truth->n_campaigns; i++) {
        struct score_campaign *c = &score->campaigns[i];
        if (detected[i] >= 0 && (c->detected_ms < 0 || detected[i] < c->detected_ms))
            c->detected_ms = detected[i];
        c->best_match_share = share_of(best[i].accounts, c->accounts);
        c->reported_as = best[i].groups;
        score->clusters.split += best[i].groups > 1;
    }
    struct bcubed bcubed = bcubed_measure(&matching.clusters);
    score->clusters.accounts = matching.clusters.n;
    score->clusters.reported = run->n_groups;
    score->clusters.rand_index = rand_index_adjusted(&matching.clusters);
    score->clusters.precision = bcubed.precision;
    score->clusters.recall = bcubed.recall;
    score->clusters.merged = matching_merged(&matching);
fail:
    free(detected);
    free(best);
    matching_fini(&matching);
    return st;
}

/* While exchanges are counted, of each campaign. */
struct tally {
    int64_t first_ms;
    uint64_t before_detection;
};

static enum status count_extraction(const struct score_truth *truth, const struct u64_map *index,
    const struct sanctions *sanctions, struct score *score, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct tally *tallies = calloc(truth->n_campaigns + 1, sizeof *tallies);
    bool *used = calloc(truth->n_accounts + 1, sizeof *used);
    REQUIRE(tallies && used, STATUS_NOMEM);
    for (size_t i = 0; i < truth->n_extraction; i++) {
        const struct score_extraction *e = &truth->extraction[i];
        uint32_t account = map_find(index, e->account);
        int32_t campaign = account == MAP_NONE ? SCORE_BENIGN : truth->accounts[account].campaign;
        if (campaign == SCORE_BENIGN) {
            diag_set(diag, "extraction", "an exchange is of account #%016" PRIx64 ", which is in no campaign",
                e->account);
            REQUIRE(false, STATUS_BAD);
        }
        struct score_campaign *c = &score->campaigns[campaign];
        struct tally *tally = &tallies[campaign];
        if (c->extraction_exchanges++ == 0 || e->time_ms < tally->first_ms)
            tally->first_ms = e->time_ms;
        c->leaked += !sanctions_contained_at(sanctions, account, e->time_ms);
        tally->before_detection += e->time_ms <= c->detected_ms;
        c->accounts_used += !used[account];
        used[account] = true;
    }
    for (size_t i = 0; i < truth->n_campaigns; i++) {
        struct score_campaign *c = &score->campaigns[i];
        bool timed = c->detected_ms >= 0 && c->extraction_exchanges > 0;
        c->time_to_detect_s = timed ? (double)(c->detected_ms - tallies[i].first_ms) / 1000 : NAN;
        c->exchanges_to_detect = timed ? (double)tallies[i].before_detection : NAN;
    }
fail:
    free(tallies);
    free(used);
    return st;
}

static void set_shares(struct score *score)
{
    for (size_t i = 0; i < score->n_campaigns; i++) {
        struct score_campaign *c = &score->campaigns[i];
        c->leak = share_of(c->leaked, c->extraction_exchanges);
        c->account_recall = share_of(c->burnt, c->accounts);
        c->wasted_per_useful = NAN;
        if (c->cost.attempts != SCORE_UNKNOWN && c->cost.attempts >= c->leaked && c->leaked > 0)
            c->wasted_per_useful = (double)(c->cost.attempts - c->leaked) / (double)c->leaked;
    }
}

static void count_reviews(const struct score_run *run, struct score *score)
{
    uint64_t single = 0;
    for (size_t i = 0; i < run->n_decisions; i++)
        single += run->decisions[i].campaign == 0 && run->decisions[i].action >= ACTION_VERIFY &&
                  run->decisions[i].action <= ACTION_SUSPEND;
    score->operator_cost.groups = run->n_groups;
    score->operator_cost.single_decisions = single;
    score->operator_cost.reviews = run->n_groups + single;
}

enum status score_compute(
    const struct score_truth *truth, const struct score_run *run, struct score *ret_score, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct score score = {
        .decisions = run->n_decisions, .start_ms = truth->start_ms, .end_ms = truth->end_ms
    };
    struct u64_map index = { 0 };
    struct sanctions sanctions = { 0 };
    TRY(index_accounts(truth, &index, diag));
    TRY(sanctions_init(&sanctions, &index, truth->n_accounts, run->decisions, run->n_decisions));
    score.decisions_of_unknown = sanctions.of_unknown;
    TRY(campaigns_new(truth, &score));
    count_accounts(truth, &sanctions, &score);
    TRY(match_groups(truth, &index, run, &score));
    TRY(count_extraction(truth, &index, &sanctions, &score, diag));
    set_shares(&score);
    count_reviews(run, &score);
    TRY(benign_measure(truth, &sanctions, &score));
    *ret_score = score;
fail:
    map_fini(&index);
    sanctions_fini(&sanctions);
    if (st != STATUS_OK)
        score_fini(&score);
    return st;
}

void score_fini(struct score *score)
{
    free(score->campaigns);
    free(score->populations);
    *score = (struct score){ 0 };
}
