#include "score/matching.h"

#include <assert.h>
#include <stdlib.h>

struct labels {
    uint32_t *left, *right;
    size_t n;
};

static enum status labels_init(struct labels *labels, size_t n)
{
    labels->n = 0;
    labels->left = calloc(n + 1, sizeof *labels->left);
    labels->right = calloc(n + 1, sizeof *labels->right);
    return labels->left && labels->right ? STATUS_OK : STATUS_NOMEM;
}

static void labels_fini(struct labels *labels)
{
    free(labels->left);
    free(labels->right);
}

static void labels_add(struct labels *labels, uint32_t left, uint32_t right)
{
    labels->left[labels->n] = left;
    labels->right[labels->n++] = right;
}

/* -1: in none, or not of the truth. */
static int32_t true_campaign(const struct score_truth *truth, const struct u64_map *index, uint64_t account)
{
    uint32_t i = map_find(index, account);
    return i == MAP_NONE ? SCORE_BENIGN : truth->accounts[i].campaign;
}

/* Each reported account's surest member. */
static enum status find_surest(const struct score_run *run, struct u64_map *surest)
{
    enum status st = STATUS_OK;
    map_init(surest, run->n_members + 1);
    for (size_t i = 0; i < run->n_members; i++) {
        const struct score_member *member = &run->members[i];
        assert(member->group < run->n_groups);
        uint32_t before = map_find(surest, member->account);
        if (before == MAP_NONE || run->members[before].confidence < member->confidence)
            TRY(map_put(surest, member->account, (uint32_t)i));
    }
fail:
    return st;
}

/* Labels of whoever stands alone begin behind the real ones. */
static enum status fill_clusters(struct matching *matching, const struct score_truth *truth,
    const struct u64_map *index, const struct score_run *run)
{
    enum status st = STATUS_OK;
    struct u64_map surest = { 0 };
    struct labels labels = { 0 };
    uint32_t alone_left = (uint32_t)matching->n_campaigns, alone_right = (uint32_t)matching->n_groups;
    TRY(labels_init(&labels, truth->n_accounts + run->n_members));
    TRY(find_surest(run, &surest));
    for (size_t i = 0; i < truth->n_accounts; i++) {
        if (truth->accounts[i].campaign == SCORE_BENIGN)
            continue;
        uint32_t member = map_find(&surest, truth->accounts[i].account);
        labels_add(&labels, (uint32_t)truth->accounts[i].campaign,
            member == MAP_NONE ? alone_right++ : run->members[member].group);
    }
    for (size_t i = 0; i < run->n_members; i++)
        if (map_find(&surest, run->members[i].account) == i &&
            true_campaign(truth, index, run->members[i].account) == SCORE_BENIGN)
            labels_add(&labels, alone_left++, run->members[i].group);
    TRY(contingency_init(&matching->clusters, labels.left, labels.right, labels.n));
fail:
    labels_fini(&labels);
    map_fini(&surest);
    return st;
}

static enum status fill_listed(struct matching *matching, const struct score_truth *truth,
    const struct u64_map *index, const struct score_run *run)
{
    enum status st = STATUS_OK;
    struct labels labels = { 0 };
    TRY(labels_init(&labels, run->n_members));
    for (size_t i = 0; i < run->n_members; i++) {
        int32_t campaign = true_campaign(truth, index, run->members[i].account);
        if (campaign != SCORE_BENIGN)
            labels_add(&labels, (uint32_t)campaign, run->members[i].group);
    }
    TRY(contingency_init(&matching->listed, labels.left, labels.right, labels.n));
fail:
    labels_fini(&labels);
    return st;
}

enum status matching_init(struct matching *matching, const struct score_truth *truth,
    const struct u64_map *index, const struct score_run *run)
{
    enum status st = STATUS_OK;
    struct matching made = { .n_campaigns = truth->n_campaigns, .n_groups = run->n_groups };
    REQUIRE(
        truth->n_accounts + truth->n_campaigns + run->n_members + run->n_groups < INT32_MAX, STATUS_TOO_BIG);
    TRY(fill_clusters(&made, truth, index, run));
    TRY(fill_listed(&made, truth, index, run));
    *matching = made;
fail:
    if (st != STATUS_OK)
        matching_fini(&made);
    return st;
}

void matching_fini(struct matching *matching)
{
    contingency_fini(&matching->clusters);
    contingency_fini(&matching->listed);
}

void matching_detected(
    const struct matching *matching, const int64_t *group_detected_ms, int64_t *ret_detected_ms)
{
    const struct contingency *table = &matching->listed;
    for (size_t i = 0; i < matching->n_campaigns; i++)
        ret_detected_ms[i] = -1;
    for (size_t from = 0, to; from < table->n_cells; from = to) {
        const struct contingency_cell *most = &table->cells[from];
        for (to = from; to < table->n_cells && table->cells[to].right == most->right; to++)
            if (table->cells[to].n > most->n)
                most = &table->cells[to];
        int64_t at = group_detected_ms[most->right], *first = &ret_detected_ms[most->left];
        if (at >= 0 && (*first < 0 || at < *first))
            *first = at;
    }
}

void matching_best(const struct matching *matching, struct matching_best *ret_best)
{
    for (size_t i = 0; i < matching->n_campaigns; i++)
        ret_best[i] = (struct matching_best){ 0 };
    for (size_t i = 0; i < matching->clusters.n_cells; i++) {
        const struct contingency_cell *cell = &matching->clusters.cells[i];
        if (cell->left >= matching->n_campaigns || cell->right >= matching->n_groups)
            continue;
        struct matching_best *best = &ret_best[cell->left];
        best->groups++;
        if (cell->n > best->accounts)
            best->accounts = cell->n;
    }
}

size_t matching_merged(const struct matching *matching)
{
    size_t merged = 0, campaigns = 0;
    const struct contingency *table = &matching->clusters;
    for (size_t i = 0; i < table->n_cells && table->cells[i].right < matching->n_groups; i++) {
        if (i == 0 || table->cells[i].right != table->cells[i - 1].right)
            campaigns = 0;
        if (table->cells[i].left < matching->n_campaigns)
            merged += ++campaigns == 2;
    }
    return merged;
}
