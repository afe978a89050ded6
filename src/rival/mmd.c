/*
 * mmd.c: the MMD window test: do an account's queries come from the distribution of benign traffic?
 *
 * Model: the biased MMD^2, with a Gaussian kernel and the median heuristic, between a window of an account's queries and
 *   a benign reference; the account is suspended where it exceeds a threshold, the 95th percentile of NULLS null windows.
 *   mmd: windows of 1,500 queries, null windows drawn from the reference, as published. mmd-100: the same with 100, the
 *   least of the published sizes. mmd-tenant: 100, the null windows being those of single accounts on the day after the
 *   reference was drawn, so that an account is held against how far accounts go, not against a mixture of all; this is
 *   not in the paper, but what a provider would do on seeing what the published null does to its tenants.
 * Source: Liu, Guo, Dong, "An embarrassingly simple detector for model extraction attacks in large language model API
 *   traffic", arXiv:2606.05725, 2026. Read: its abstract, results and the description of its code; kernel and
 *   bandwidth are the usual ones. Deviations: hashed n-grams (query.h), not sentence embeddings; random features, not
 *   all pairs (sketch/mmd.h); windows overlap by half instead of being drawn at random. Hashed
 *   n-grams have less power against small shares of attacker queries than the paper's encoder.
 * Calibration: the first day's queries of all accounts (reference.h), half for the mean, half for null windows, drawn with
 *   replacement; an account's first window begins when the reference is complete.
 * Threshold: factor on the calibrated one.
 * Memory: 2.1 KiB an account that sends after the first day; 2 MiB once.
 * Cost: 1.2 us a query; once 0.3 s for null windows of 1,500.
 * Benign look-alikes: every tenant with a task of its own. Evasion: accounts that stay below a window; mixing.
 */
#include "sketch/mmd.h"

#include "rival/ids.h"
#include "rival/kinds.h"
#include "rival/reference.h"

#include <stdlib.h>

enum { NULLS = 1000, TENANT_NULLS_LEAST = 200, TENANT_NULLS_MOST = 20000, ACCOUNTS_DEFAULT = 1000000 };
static const double percentile = 0.95;
static const uint64_t features_seed = UINT64_C(0x6d6d64);

_Static_assert((int)MMD_DIMS == (int)QUERY_DIMS, "the test takes a query's vector as it is");

/* Two windows, of which each begins in the middle of the other. */
struct windows {
    float sums[2][MMD_FEATURES];
    uint32_t n[2];
};

struct tenant {
    struct windows *windows;
    bool flagged;
};

struct detector {
    struct detector_sink sink;
    struct ids accounts;
    struct tenant *tenants; /* by account */
    size_t capacity, n_windows;
    struct reference reference;
    struct mmd features;
    float mean[MMD_FEATURES]; /* of the reference, times n_mean */
    size_t n_mean;
    uint32_t window;
    double factor, threshold; /* threshold 0: not known yet */
    bool by_tenant, ready;    /* ready: there is a mean */
    int64_t nulls_until_ms;
    double *nulls;
    size_t n_nulls;
};

static void mmd_close(struct detector *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->capacity; i++)
        free(d->tenants[i].windows);
    free(d->tenants);
    free(d->nulls);
    ids_fini(&d->accounts);
    reference_fini(&d->reference);
    free(d);
}

static enum status open_with(const struct detector_config *config, const struct detector_sink *sink,
    uint32_t window, bool by_tenant, struct detector **ret_detector)
{
    enum status st = STATUS_OK;
    struct detector *d = calloc(1, sizeof *d);
    REQUIRE(d, STATUS_NOMEM);
    d->sink = *sink;
    d->window = window;
    d->by_tenant = by_tenant;
    d->factor = config->threshold > 0 ? config->threshold : 1;
    ids_init(&d->accounts, config->accounts_max ? config->accounts_max : ACCOUNTS_DEFAULT);
    TRY(reference_init(&d->reference));
    d->nulls = calloc(by_tenant ? TENANT_NULLS_MOST : NULLS, sizeof *d->nulls);
    REQUIRE(d->nulls, STATUS_NOMEM);
    *ret_detector = d;
    return st;
fail:
    mmd_close(d);
    return st;
}

static enum status mmd_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    return open_with(config, sink, 1500, false, ret_detector);
}

static enum status mmd_100_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    return open_with(config, sink, 100, false, ret_detector);
}

static enum status mmd_tenant_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    return open_with(config, sink, 100, true, ret_detector);
}

/* Calibration */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void set_threshold(struct detector *d)
{
    qsort(d->nulls, d->n_nulls, sizeof *d->nulls, by_value);
    d->threshold = d->nulls[(size_t)(percentile * (double)(d->n_nulls - 1))] * d->factor;
}

static double bandwidth_of(struct reference *reference)
{
    uint32_t distances[2048];
    for (size_t i = 0; i < 2048; i++) {
        size_t a = reference_draw(reference, reference->n), b = reference_draw(reference, reference->n);
        distances[i] = query_distance(reference->vectors[a], reference->vectors[b]);
    }
    return mmd_bandwidth(distances, 2048);
}

/* Null windows out of that half of the reference which is not in the mean. */
static enum status draw_nulls(struct detector *d)
{
    enum status st = STATUS_OK;
    size_t n = d->reference.n - d->n_mean;
    float(*pool)[MMD_FEATURES] = calloc(n, sizeof *pool);
    REQUIRE(pool, STATUS_NOMEM);
    for (size_t i = 0; i < n; i++)
        mmd_add(&d->features, d->reference.vectors[d->n_mean + i], pool[i]);
    for (d->n_nulls = 0; d->n_nulls < NULLS; d->n_nulls++) {
        float sum[MMD_FEATURES] = { 0 };
        for (uint32_t i = 0; i < d->window; i++) {
            const float *drawn = pool[reference_draw(&d->reference, n)];
            for (size_t j = 0; j < MMD_FEATURES; j++)
                sum[j] += drawn[j];
        }
        d->nulls[d->n_nulls] = mmd_between(sum, d->window, d->mean, d->n_mean);
    }
    set_threshold(d);
fail:
    free(pool);
    return st;
}

/* Of a full reservoir any half is a uniform sample; of one not full the first half is the older: so they are shuffled. */
static void shuffle(struct reference *reference)
{
    for (size_t i = reference->n; i > 1; i--) {
        int8_t kept[QUERY_DIMS];
        size_t other = reference_draw(reference, i);
        memcpy(kept, reference->vectors[i - 1], sizeof kept);
        memcpy(reference->vectors[i - 1], reference->vectors[other], sizeof kept);
        memcpy(reference->vectors[other], kept, sizeof kept);
    }
}

static enum status calibrate(struct detector *d, int64_t now_ms)
{
    enum status st = STATUS_OK;
    shuffle(&d->reference);
    mmd_init(&d->features, bandwidth_of(&d->reference), features_seed);
    d->n_mean = d->reference.n / 2;
    for (size_t i = 0; i < d->n_mean; i++)
        mmd_add(&d->features, d->reference.vectors[i], d->mean);
    d->nulls_until_ms = now_ms + REFERENCE_MS;
    d->ready = true;
    if (!d->by_tenant)
        TRY(draw_nulls(d));
fail:
    return st;
}

/* A tenant's window while the null is gathered. */
static void note_null(struct detector *d, double score, int64_t now_ms)
{
    bool enough = d->n_nulls >= TENANT_NULLS_LEAST && now_ms >= d->nulls_until_ms;
    if (enough || d->n_nulls == TENANT_NULLS_MOST)
        set_threshold(d);
    else
        d->nulls[d->n_nulls++] = score;
}

/* Judgement */

static enum status judge(struct detector *d, struct tenant *tenant, const struct record *record, double score)
{
    enum status st = STATUS_OK;
    if (d->threshold <= 0)
        note_null(d, score, record->time_ms);
    if (d->threshold <= 0 || score <= d->threshold)
        return STATUS_OK;
    tenant->flagged = true;
    free(tenant->windows);
    tenant->windows = NULL;
    d->n_windows--;
    TRY(d->sink.detection(d->sink.context,
        &(struct detection){
            .time_ms = record->time_ms, .account = record->account, .action = ACTION_SUSPEND }));
fail:
    return st;
}

static enum status add_to_windows(
    struct detector *d, struct tenant *tenant, const struct record *record, const struct query *query)
{
    enum status st = STATUS_OK;
    float features[MMD_FEATURES] = { 0 };
    if (!tenant->windows) {
        tenant->windows = calloc(1, sizeof *tenant->windows);
        REQUIRE(tenant->windows, STATUS_NOMEM);
        d->n_windows++;
    }
    mmd_add(&d->features, query->vector, features);
    for (size_t w = 0; w < 2 && !tenant->flagged; w++) {
        struct windows *windows = tenant->windows;
        if (w == 1 && windows->n[1] == 0 && windows->n[0] != d->window / 2 + 1)
            continue; /* the second one has not begun */
        for (size_t i = 0; i < MMD_FEATURES; i++)
            windows->sums[w][i] += features[i];
        if (++windows->n[w] < d->window)
            continue;
        double score = mmd_between(windows->sums[w], windows->n[w], d->mean, d->n_mean);
        memset(windows->sums[w], 0, sizeof windows->sums[w]);
        windows->n[w] = 0;
        TRY(judge(d, tenant, record, score));
    }
fail:
    return st;
}

static enum status take_query(struct detector *d, const struct record *record, const struct query *query)
{
    enum status st = STATUS_OK;
    uint32_t account;
    if (!reference_add(&d->reference, record->time_ms, query->vector))
        return STATUS_OK;
    if (!d->ready)
        TRY(calibrate(d, record->time_ms));
    TRY(ids_add(&d->accounts, record->account, &account));
    if (account == MAP_NONE)
        return STATUS_OK;
    TRY(ids_widen((void **)&d->tenants, &d->capacity, account + (size_t)1, sizeof *d->tenants));
    if (!d->tenants[account].flagged)
        TRY(add_to_windows(d, &d->tenants[account], record, query));
fail:
    return st;
}

static enum status mmd_batch(struct detector *d, const struct detector_batch *batch)
{
    return detector_each_query(batch, d, take_query);
}

static uint64_t mmd_state_bytes(const struct detector *d)
{
    return sizeof *d + ids_bytes(&d->accounts) + d->capacity * sizeof *d->tenants +
           d->n_windows * sizeof(struct windows) + REFERENCE_MOST * (uint64_t)QUERY_DIMS +
           (d->by_tenant ? TENANT_NULLS_MOST : NULLS) * sizeof *d->nulls;
}

#define MMD_KIND(name_, summary_, open_)                                                                     \
    {                                                                                                        \
        .name = name_, .summary = summary_ "; threshold: factor", .wants_queries = true, .open = open_,      \
        .batch = mmd_batch, .state_bytes = mmd_state_bytes, .close = mmd_close,                              \
    }

const struct detector_kind mmd_kind = MMD_KIND("mmd",
    "MMD of an account's 1,500 queries from benign traffic (Liu et al., arXiv:2606.05725, 2026)", mmd_open);
const struct detector_kind mmd_100_kind = MMD_KIND("mmd-100",
    "MMD of an account's 100 queries from benign traffic (Liu et al., arXiv:2606.05725, 2026)", mmd_100_open);
const struct detector_kind mmd_tenant_kind = MMD_KIND("mmd-tenant",
    "MMD of 100 queries, null windows of single accounts (after Liu et al., arXiv:2606.05725, 2026)",
    mmd_tenant_open);
