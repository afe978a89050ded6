#include "app/prove_table.h"

#include "score/score_json.h"
#include "sketch/clopper_pearson.h"

#include <math.h>
#include <stdlib.h>

void proofs_fini(struct proofs *proofs)
{
    for (size_t i = 0; i < proofs->n_runs; i++)
        prove_result_fini(&proofs->runs[i].result);
    free(proofs->runs);
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Sorts; the lower of the middle two where there is no middle. NaN where there is nothing. */
static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return n > 0 ? values[(n - 1) / 2] : NAN;
}

/* A figure of one run over all its campaigns, beside the run of the same seed that nobody watched. */
struct column {
    const char *title;
    double (*of)(const struct prove_result *result, const struct prove_result *unwatched);
    bool low_is_worse;
    int digits;
};

static uint64_t leaked(const struct prove_result *result)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < result->score.n_campaigns; i++)
        sum += result->score.campaigns[i].leaked;
    return sum;
}

/* Of what is taken when nobody watches: what a contained account did not even try is not in the run's own log. */
static double leak(const struct prove_result *result, const struct prove_result *unwatched)
{
    uint64_t all = leaked(unwatched);
    return all ? 100.0 * (double)leaked(result) / (double)all : NAN;
}

static double recall(const struct prove_result *result, const struct prove_result *unwatched)
{
    uint64_t burnt = 0, all = 0;
    (void)unwatched;
    for (size_t i = 0; i < result->score.n_campaigns; i++) {
        burnt += result->score.campaigns[i].burnt;
        all += result->score.campaigns[i].accounts;
    }
    return all ? 100.0 * (double)burnt / (double)all : NAN;
}

static double detect_h(const struct prove_result *result, const struct prove_result *unwatched)
{
    double worst = NAN;
    (void)unwatched;
    for (size_t i = 0; i < result->score.n_campaigns; i++) {
        double hours = result->score.campaigns[i].time_to_detect_s / 3600;
        hours = isnan(hours) ? INFINITY : hours;
        worst = isnan(worst) || hours > worst ? hours : worst;
    }
    return worst;
}

static double rand_index(const struct prove_result *result, const struct prove_result *unwatched)
{
    (void)unwatched;
    return result->score.clusters.rand_index;
}

/* Harmonic mean of B-cubed precision and recall. */
static double b_cubed(const struct prove_result *result, const struct prove_result *unwatched)
{
    double precision = result->score.clusters.precision, recall_of = result->score.clusters.recall;
    (void)unwatched;
    return 2 * precision * recall_of / (precision + recall_of);
}

static double wasted(const struct prove_result *result, const struct prove_result *unwatched)
{
    uint64_t attempts = 0, useful = leaked(result);
    (void)unwatched;
    for (size_t i = 0; i < result->score.n_campaigns; i++)
        attempts += result->score.campaigns[i].cost.attempts;
    return useful ? (double)(attempts - useful) / (double)useful : attempts ? INFINITY : NAN;
}

static double bought(const struct prove_result *result, const struct prove_result *unwatched)
{
    uint64_t sum = 0;
    (void)unwatched;
    for (size_t i = 0; i < result->score.n_campaigns; i++)
        sum += result->score.campaigns[i].cost.accounts_bought;
    return result->score.n_campaigns ? (double)sum : NAN;
}

/* What an answer that served the extraction cost its operator, in dollars. */
static double price(const struct prove_result *result, const struct prove_result *unwatched)
{
    uint64_t cents = 0, useful = leaked(result);
    (void)unwatched;
    for (size_t i = 0; i < result->score.n_campaigns; i++)
        cents += result->score.campaigns[i].cost.spent_cents;
    return useful ? (double)cents / 100 / (double)useful : NAN;
}

static double reviews(const struct prove_result *result, const struct prove_result *unwatched)
{
    (void)unwatched;
    return (double)result->score.operator_cost.reviews;
}

static double seconds(const struct prove_result *result, const struct prove_result *unwatched)
{
    (void)unwatched;
    return result->detector_s;
}

static double mebibytes(const struct prove_result *result, const struct prove_result *unwatched)
{
    (void)unwatched;
    return (double)result->state_bytes / 1048576;
}

static const struct column found[] = {
    { "leak %", leak, false, 1 },
    { "recall %", recall, true, 1 },
    { "ARI", rand_index, true, 2 },
    { "B-cubed F", b_cubed, true, 2 },
    { "detected h", detect_h, false, 1 },
};
static const struct column costs[] = {
    { "wasted/useful", wasted, true, 2 },
    { "$ an answer", price, true, 2 },
    { "accounts", bought, true, 0 },
    { "reviews", reviews, false, 0 },
    { "seconds", seconds, false, 1 },
    { "MiB", mebibytes, false, 0 },
};
enum { FOUND = sizeof found / sizeof *found, COSTS = sizeof costs / sizeof *costs };

static void put_number(double value, int digits, int width, struct buffer *out)
{
    char text[32];
    if (isnan(value))
        snprintf(text, sizeof text, "-");
    else if (isinf(value))
        snprintf(text, sizeof text, "never");
    else
        snprintf(text, sizeof text, "%.*f", digits, value);
    buffer_print(out, "%*s", width, text);
}

static void put_column(
    const struct proofs *proofs, size_t kind, const struct column *column, struct buffer *out)
{
    double *values = malloc((proofs->n_runs + 1) * sizeof *values);
    size_t n = 0;
    if (!values) {
        out->status = STATUS_NOMEM;
        return;
    }
    for (size_t i = kind; i < proofs->n_runs; i += proofs->n_kinds) {
        /* The first kind is nobody. */
        double value = column->of(&proofs->runs[i].result, &proofs->runs[i - kind].result);
        if (!isnan(value))
            values[n++] = value;
    }
    double middle = median(values, n), worst = n ? values[column->low_is_worse ? 0 : n - 1] : NAN;
    put_number(middle, column->digits, 8, out);
    put_number(worst, column->digits, 7, out);
    free(values);
}

/* Benign accounts hit over all seeds, and what that bounds. */
static void put_benign(const struct proofs *proofs, size_t kind, struct buffer *out)
{
    uint64_t contained = 0, challenged = 0, throttled = 0, accounts = 0;
    double months = 0;
    for (size_t i = kind; i < proofs->n_runs; i += proofs->n_kinds) {
        const struct score_population *benign = &proofs->runs[i].result.score.benign;
        contained += benign->contained.accounts;
        throttled += benign->throttled.accounts;
        challenged += benign->challenged.accounts;
        accounts += benign->accounts;
        months += benign->account_months;
    }
    double upper = clopper_pearson_upper(contained, accounts, 0.95) * (double)accounts / months * 1e6;
    buffer_print(out, "%12llu", (unsigned long long)contained);
    put_number(upper, 0, 10, out);
    buffer_print(out, "%8llu%8llu", (unsigned long long)throttled, (unsigned long long)challenged);
}

static void put_titles(const struct proofs *proofs, struct buffer *out)
{
    const struct prove_result *first = &proofs->runs[0].result;
    size_t n_seeds = proofs->n_runs / proofs->n_kinds;
    buffer_print(out, "%s: %s\n", proofs->scenario->name, proofs->scenario->title);
    buffer_print(out, "Composed traffic. Scale ");
    put_number(proofs->scale, 4, 0, out);
    buffer_print(out,
        ", %zu %s. %s seed %llu: %llu exchanges, %llu of them by operators, %llu accounts.\n"
        "Of each figure the median and the worst case; benign accounts held, slowed or asked to verify are "
        "summed over\n"
        "the seeds, those held bounded for a million account-months (exact, 95 %%). Leak: of what is taken "
        "when nobody\n"
        "watches.\n\n",
        n_seeds, n_seeds == 1 ? "seed" : "seeds",
        proofs->scenario->n_campaigns > 0 ? "Unwatched," : "Nobody attacks;",
        (unsigned long long)proofs->runs[0].seed, (unsigned long long)first->exchanges,
        (unsigned long long)first->campaign_exchanges, (unsigned long long)first->accounts);
}

static void put_table(
    const struct proofs *proofs, const struct column *columns, size_t n, bool benign, struct buffer *out)
{
    buffer_print(out, "%-14s", "");
    for (size_t i = 0; i < n; i++)
        buffer_print(out, "%15s", columns[i].title);
    if (benign)
        buffer_print(out, "%12s%10s%8s%8s", "benign held", "at most", "slowed", "asked");
    buffer_put_char(out, '\n');
    for (size_t kind = 0; kind < proofs->n_kinds; kind++) {
        buffer_print(out, "%-14s", proofs->kinds[kind]->name);
        for (size_t i = 0; i < n; i++)
            put_column(proofs, kind, &columns[i], out);
        if (benign)
            put_benign(proofs, kind, out);
        buffer_put_char(out, '\n');
    }
}

void proofs_table(const struct proofs *proofs, struct buffer *out)
{
    put_titles(proofs, out);
    put_table(proofs, found, FOUND, true, out);
    buffer_put_text(out, "\nwhat it cost the operators, and whoever watches\n");
    put_table(proofs, costs, COSTS, false, out);
}

static void put_u64(struct json_writer *out, const char *name, uint64_t value)
{
    json_put_name(out, name);
    json_put_u64(out, value);
}

static void put_double(struct json_writer *out, const char *name, double value)
{
    json_put_name(out, name);
    json_put_double(out, value);
}

static void put_operators(
    const struct proofs *proofs, const struct prove_result *result, struct json_writer *out)
{
    json_put_name(out, "operators");
    json_put_array(out);
    for (uint32_t i = 0; i < proofs->scenario->n_campaigns; i++) {
        const struct campaign_cost *cost = &result->costs[i];
        json_put_object(out);
        json_put_name(out, "campaign");
        json_put_text(out, proofs->scenario->campaigns[i].name);
        put_u64(out, "accounts_bought", cost->accounts_bought);
        put_u64(out, "attempts", cost->attempts);
        put_u64(out, "refused", cost->refused);
        put_u64(out, "handoffs", cost->handoffs);
        put_u64(out, "switches", cost->switches);
        put_u64(out, "rests", cost->rests);
        put_double(out, "spent", cost->spent);
        json_put_object_end(out);
    }
    json_put_array_end(out);
}

/* As score.json, on one line: a line break stands nowhere but between its tokens. */
static void put_score(const struct score *score, struct json_writer *out)
{
    static const struct score_input none = { 0 };
    struct json_writer whole;
    json_writer_init(&whole, NULL);
    score_json(&whole, score, &none);
    enum status st = json_writer_finish(&whole);
    struct buffer *text = &whole.buffer;
    size_t kept = 0;
    for (size_t i = 0; i < text->n; i++)
        if (text->data[i] != '\n')
            text->data[kept++] = text->data[i];
    json_put_name(out, "score");
    if (st == STATUS_OK)
        json_put_raw(out, (struct span){ text->data, kept });
    else
        out->status = st;
    json_writer_fini(&whole);
}

void proofs_json(const struct proofs *proofs, struct json_writer *out)
{
    for (size_t i = 0; i < proofs->n_runs; i++) {
        const struct proof_run *run = &proofs->runs[i];
        json_put_object(out);
        json_put_name(out, "scenario");
        json_put_text(out, proofs->scenario->name);
        put_double(out, "scale", proofs->scale);
        json_put_name(out, "detector");
        json_put_text(out, run->kind->name);
        put_u64(out, "seed", run->seed);
        put_u64(out, "exchanges", run->result.exchanges);
        put_u64(out, "accounts", run->result.accounts);
        put_double(out, "wall_s", run->result.wall_s);
        put_double(out, "detector_s", run->result.detector_s);
        put_u64(out, "state_bytes", run->result.state_bytes);
        put_operators(proofs, &run->result, out);
        put_score(&run->result.score, out);
        json_put_object_end(out);
        json_put_line(out);
    }
}
