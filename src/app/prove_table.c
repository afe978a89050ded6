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

/* A column: of one run, over its campaigns; higher is worse, or lower. */
struct column {
    const char *title;
    double (*of)(const struct prove_result *result);
    bool low_is_worse;
    int digits;
};

static double leak(const struct prove_result *result)
{
    uint64_t leaked = 0, all = 0;
    for (size_t i = 0; i < result->score.n_campaigns; i++) {
        leaked += result->score.campaigns[i].leaked;
        all += result->score.campaigns[i].extraction_exchanges;
    }
    return all ? 100.0 * (double)leaked / (double)all : NAN;
}

static double leaked(const struct prove_result *result)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < result->score.n_campaigns; i++)
        sum += result->score.campaigns[i].leaked;
    return result->score.n_campaigns ? (double)sum : NAN;
}

static double recall(const struct prove_result *result)
{
    uint64_t burnt = 0, all = 0;
    for (size_t i = 0; i < result->score.n_campaigns; i++) {
        burnt += result->score.campaigns[i].burnt;
        all += result->score.campaigns[i].accounts;
    }
    return all ? 100.0 * (double)burnt / (double)all : NAN;
}

static double detect_h(const struct prove_result *result)
{
    double worst = NAN;
    for (size_t i = 0; i < result->score.n_campaigns; i++) {
        double hours = result->score.campaigns[i].time_to_detect_s / 3600;
        hours = isnan(hours) ? INFINITY : hours;
        worst = isnan(worst) || hours > worst ? hours : worst;
    }
    return worst;
}

static double rand_index(const struct prove_result *result)
{
    return result->score.clusters.rand_index;
}

static double wasted(const struct prove_result *result)
{
    uint64_t attempts = 0, useful = 0;
    for (size_t i = 0; i < result->score.n_campaigns; i++) {
        attempts += result->score.campaigns[i].cost.attempts;
        useful += result->score.campaigns[i].leaked;
    }
    return useful ? (double)(attempts - useful) / (double)useful : attempts ? INFINITY : NAN;
}

static double reviews(const struct prove_result *result)
{
    return (double)result->score.operator_cost.reviews;
}

static const struct column columns[] = {
    { "leak %", leak, false, 1 },
    { "leaked", leaked, false, 0 },
    { "recall %", recall, true, 1 },
    { "ARI", rand_index, true, 2 },
    { "detect h", detect_h, false, 1 },
    { "wasted/useful", wasted, true, 1 },
    { "reviews", reviews, false, 0 },
};
enum { COLUMNS = sizeof columns / sizeof *columns };

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
        double value = column->of(&proofs->runs[i].result);
        if (!isnan(value))
            values[n++] = value;
    }
    double middle = median(values, n), worst = n ? values[column->low_is_worse ? 0 : n - 1] : NAN;
    put_number(middle, column->digits, 8, out);
    put_number(worst, column->digits, 8, out);
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
    buffer_print(out, "%10llu%10llu%10llu", (unsigned long long)contained, (unsigned long long)throttled,
        (unsigned long long)challenged);
    put_number(months > 0 ? (double)contained / months * 1e6 : NAN, 0, 11, out);
    put_number(upper, 0, 9, out);
}

static void put_costs(const struct proofs *proofs, size_t kind, struct buffer *out)
{
    double seconds = 0, bytes = 0, n = 0;
    for (size_t i = kind; i < proofs->n_runs; i += proofs->n_kinds) {
        const struct prove_result *result = &proofs->runs[i].result;
        seconds += result->detector_s;
        bytes = fmax(bytes, (double)result->state_bytes);
        n++;
    }
    put_number(seconds / n, 1, 9, out);
    put_number(bytes / 1048576, 0, 7, out);
}

static void put_titles(const struct proofs *proofs, struct buffer *out)
{
    const struct prove_result *first = &proofs->runs[0].result;
    buffer_print(out, "%s: %s\n", proofs->scenario->name, proofs->scenario->title);
    buffer_print(out, "scale ");
    put_number(proofs->scale, 3, 0, out);
    buffer_print(out,
        ", %zu seeds, composed traffic; seed %llu under %s: %llu exchanges (%llu by operators), %llu "
        "accounts\n"
        "of each figure the median and the worst case; benign accounts hit are summed over the seeds\n\n",
        proofs->n_runs / proofs->n_kinds, (unsigned long long)proofs->runs[0].seed,
        proofs->runs[0].kind->name, (unsigned long long)first->exchanges,
        (unsigned long long)first->campaign_exchanges, (unsigned long long)first->accounts);
    buffer_print(out, "%-12s", "detector");
    for (size_t i = 0; i < COLUMNS; i++)
        buffer_print(out, "%16s", columns[i].title);
    buffer_print(out, "%10s%10s%10s%11s%9s%9s%7s\n", "contained", "throttled", "verify", "per M a-m",
        "at most", "seconds", "MiB");
}

void proofs_table(const struct proofs *proofs, struct buffer *out)
{
    put_titles(proofs, out);
    for (size_t kind = 0; kind < proofs->n_kinds; kind++) {
        buffer_print(out, "%-12s", proofs->kinds[kind]->name);
        for (size_t i = 0; i < COLUMNS; i++)
            put_column(proofs, kind, &columns[i], out);
        put_benign(proofs, kind, out);
        put_costs(proofs, kind, out);
        buffer_put_char(out, '\n');
    }
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

void proofs_json(const struct proofs *proofs, struct json_writer *out)
{
    static const struct score_input none = { 0 };
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
        json_put_name(out, "score");
        score_json(out, &run->result.score, &none);
        json_put_object_end(out);
        json_put_line(out);
    }
}
