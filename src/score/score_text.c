#include "score/score_text.h"

#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* To the right of a column; a value that is none is a dash. */
static void put_fixed(struct buffer *buffer, int width, double value, unsigned decimals)
{
    char text[NUMBER_TEXT_BYTES] = "-";
    if (!isnan(value))
        number_format_fixed(value, decimals, text);
    buffer_print(buffer, " %*s", width, text);
}

static void put_count(struct buffer *buffer, int width, uint64_t value)
{
    if (value == SCORE_UNKNOWN)
        buffer_print(buffer, " %*s", width, "-");
    else
        buffer_print(buffer, " %*" PRIu64, width, value);
}

static void put_campaigns(struct buffer *buffer, const struct score *score)
{
    buffer_print(buffer, "%-20s %8s %10s %10s %7s %9s %9s %7s %7s\n", "campaign", "accounts", "extraction",
        "leaked", "leak", "detect h", "exchanges", "recall", "match");
    for (size_t i = 0; i < score->n_campaigns; i++) {
        const struct score_campaign *c = &score->campaigns[i];
        buffer_print(buffer, "%-20s", c->name);
        put_count(buffer, 8, c->accounts);
        put_count(buffer, 10, c->extraction_exchanges);
        put_count(buffer, 10, c->leaked);
        put_fixed(buffer, 7, c->leak, 4);
        put_fixed(buffer, 9, c->time_to_detect_s / 3600, 2);
        put_fixed(buffer, 9, c->exchanges_to_detect, 0);
        put_fixed(buffer, 7, c->account_recall, 3);
        put_fixed(buffer, 7, c->best_match_share, 3);
        buffer_put_text(buffer, "\n");
    }
}

static void put_costs(struct buffer *buffer, const struct score *score)
{
    buffer_print(buffer, "\n%-20s %8s %8s %8s %10s %10s %10s %10s %12s\n", "its operator's cost", "used",
        "burnt", "bought", "spent", "attempts", "refused", "useful", "wasted/useful");
    for (size_t i = 0; i < score->n_campaigns; i++) {
        const struct score_campaign *c = &score->campaigns[i];
        double spent = c->cost.spent_cents == SCORE_UNKNOWN ? NAN : (double)c->cost.spent_cents / 100;
        buffer_print(buffer, "%-20s", c->name);
        put_count(buffer, 8, c->accounts_used);
        put_count(buffer, 8, c->burnt);
        put_count(buffer, 8, c->cost.accounts_bought);
        put_fixed(buffer, 10, spent, 2);
        put_count(buffer, 10, c->cost.attempts);
        put_count(buffer, 10, c->cost.refused);
        put_count(buffer, 10, c->leaked);
        put_fixed(buffer, 12, c->wasted_per_useful, 2);
        buffer_put_text(buffer, "\n");
    }
}

static void put_rate(struct buffer *buffer, const struct score_rate *rate)
{
    put_count(buffer, 8, rate->accounts);
    put_fixed(buffer, 10, rate->per_million, 0);
    put_fixed(buffer, 10, rate->upper_per_million, 0);
}

static void put_population(struct buffer *buffer, const struct score_population *p)
{
    buffer_print(buffer, "%-20s", p->name);
    put_count(buffer, 8, p->accounts);
    put_fixed(buffer, 8, p->account_months, 1);
    put_rate(buffer, &p->contained);
    put_count(buffer, 9, p->throttled.accounts);
    put_fixed(buffer, 10, p->throttled.upper_per_million, 0);
    put_count(buffer, 10, p->challenged.accounts);
    put_fixed(buffer, 10, p->challenged.upper_per_million, 0);
    buffer_put_text(buffer, "\n");
}

static void put_benign(struct buffer *buffer, const struct score *score)
{
    buffer_print(buffer, "\n%-20s %8s %8s %8s %10s %10s %9s %10s %10s %10s\n", "benign", "accounts", "months",
        "contain.", "per mill.", "at most", "throttled", "at most", "challenged", "at most");
    for (size_t i = 0; i < score->n_populations; i++)
        put_population(buffer, &score->populations[i]);
    put_population(buffer, &score->benign);
    buffer_put_text(
        buffer, "(accounts; per million account-months, and the exact 95 % upper bounds of that rate)\n");
}

static void put_words(struct buffer *buffer, const char *before, double value, const char *after)
{
    char text[NUMBER_TEXT_BYTES] = "-";
    if (!isnan(value))
        number_format_fixed(value, 3, text);
    buffer_print(buffer, "%s%s%s", before, text, after);
}

static void put_rest(struct buffer *buffer, const struct score *score)
{
    buffer_print(buffer,
        "\nclusters: %" PRIu64 " reported, %" PRIu64 " accounts in a true or reported campaign; %" PRIu64
        " split, %" PRIu64 " merged\n",
        score->clusters.reported, score->clusters.accounts, score->clusters.split, score->clusters.merged);
    put_words(buffer, "  adjusted Rand index ", score->clusters.rand_index, "");
    put_words(buffer, ", B-cubed precision ", score->clusters.precision, "");
    put_words(buffer, " and recall ", score->clusters.recall, "\n");
    buffer_print(buffer,
        "operator: %" PRIu64 " reviews (%" PRIu64 " groups, %" PRIu64 " single decisions), %" PRIu64
        " benign accounts hit\n",
        score->operator_cost.reviews, score->operator_cost.groups, score->operator_cost.single_decisions,
        score->operator_cost.appeals);
    if (score->blast.organizations == 0)
        return;
    buffer_print(buffer, "organisations: %" PRIu64 " of %" PRIu64 " had accounts contained, one %" PRIu64,
        score->blast.hit, score->blast.organizations, score->blast.most_contained);
    put_words(buffer, "; largest share of one ", score->blast.largest_share, "\n");
}

static void put_note(struct buffer *buffer, uint64_t count, const char *text)
{
    if (count > 0)
        buffer_print(buffer, "note: %" PRIu64 " %s\n", count, text);
}

void score_text(struct buffer *buffer, const struct score *score, const struct score_input *input)
{
    put_campaigns(buffer, score);
    put_costs(buffer, score);
    put_benign(buffer, score);
    put_rest(buffer, score);
    put_note(buffer, score->decisions_of_unknown, "decisions are of accounts that the truth does not know");
    put_note(
        buffer, input->events_of_unknown, "events of the log are of accounts that the truth does not know");
    put_note(buffer, input->extraction_missing, "extraction exchanges are not in the log and do not count");
    put_note(buffer, input->shadow_decisions, "decisions in shadow mode were left out (--shadow takes them)");
    put_note(buffer, input->bad_lines, "lines of the log were bad and passed over");
}
