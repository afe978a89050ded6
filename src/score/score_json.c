#include "score/score_json.h"

static void put_number(struct json_writer *writer, const char *name, double value)
{
    json_put_name(writer, name);
    json_put_double(writer, value);
}

static void put_count(struct json_writer *writer, const char *name, uint64_t value)
{
    json_put_name(writer, name);
    if (value == SCORE_UNKNOWN)
        json_put_null(writer);
    else
        json_put_u64(writer, value);
}

static void put_time(struct json_writer *writer, const char *name, int64_t time_ms)
{
    json_put_name(writer, name);
    json_put_time(writer, time_ms);
}

static void put_campaign(struct json_writer *writer, const struct score_campaign *c)
{
    json_put_line(writer);
    json_put_object(writer);
    json_put_name(writer, "campaign");
    json_put_text(writer, c->name);
    put_count(writer, "accounts", c->accounts);
    put_count(writer, "extraction_exchanges", c->extraction_exchanges);
    put_count(writer, "leaked", c->leaked);
    put_number(writer, "leak", c->leak);
    put_time(writer, "detected", c->detected_ms);
    put_number(writer, "time_to_detect_s", c->time_to_detect_s);
    put_number(writer, "exchanges_to_detect", c->exchanges_to_detect);
    put_number(writer, "account_recall", c->account_recall);
    put_count(writer, "contained_at_end", c->contained_at_end);
    put_number(writer, "best_match_share", c->best_match_share);
    put_count(writer, "reported_as", c->reported_as);
    json_put_name(writer, "cost");
    json_put_object(writer);
    put_count(writer, "accounts_used", c->accounts_used);
    put_count(writer, "accounts_burnt", c->burnt);
    put_count(writer, "accounts_bought", c->cost.accounts_bought);
    put_count(writer, "spent_cents", c->cost.spent_cents);
    put_count(writer, "attempts", c->cost.attempts);
    put_count(writer, "refused", c->cost.refused);
    put_count(writer, "useful", c->leaked);
    put_number(writer, "wasted_per_useful", c->wasted_per_useful);
    json_put_object_end(writer);
    json_put_object_end(writer);
}

static void put_rate(struct json_writer *writer, const char *name, const struct score_rate *rate)
{
    json_put_name(writer, name);
    json_put_object(writer);
    put_count(writer, "accounts", rate->accounts);
    put_number(writer, "per_million_account_months", rate->per_million);
    put_number(writer, "upper_95", rate->upper_per_million);
    json_put_object_end(writer);
}

/* NULL name: all of them. */
static void put_population(struct json_writer *writer, const struct score_population *p, const char *name)
{
    json_put_object(writer);
    if (name) {
        json_put_name(writer, "population");
        json_put_text(writer, name);
    }
    put_count(writer, "accounts", p->accounts);
    put_number(writer, "account_months", p->account_months);
    put_rate(writer, "contained", &p->contained);
    put_rate(writer, "throttled", &p->throttled);
    put_rate(writer, "challenged", &p->challenged);
    json_put_object_end(writer);
}

static void put_benign(struct json_writer *writer, const struct score *score)
{
    json_put_name(writer, "benign");
    json_put_object(writer);
    json_put_line(writer);
    json_put_name(writer, "all");
    put_population(writer, &score->benign, NULL);
    json_put_line(writer);
    json_put_name(writer, "populations");
    json_put_array(writer);
    for (size_t i = 0; i < score->n_populations; i++) {
        json_put_line(writer);
        put_population(writer, &score->populations[i], score->populations[i].name);
    }
    json_put_array_end(writer);
    json_put_line(writer);
    json_put_name(writer, "organizations");
    if (score->blast.organizations > 0) {
        json_put_object(writer);
        put_count(writer, "organizations", score->blast.organizations);
        put_count(writer, "hit", score->blast.hit);
        put_count(writer, "most_contained", score->blast.most_contained);
        put_number(writer, "largest_share_contained", score->blast.largest_share);
        json_put_object_end(writer);
    } else {
        json_put_null(writer);
    }
    json_put_object_end(writer);
}

static void put_clusters(struct json_writer *writer, const struct score *score)
{
    json_put_name(writer, "clusters");
    json_put_object(writer);
    put_count(writer, "accounts", score->clusters.accounts);
    put_count(writer, "reported", score->clusters.reported);
    put_number(writer, "adjusted_rand_index", score->clusters.rand_index);
    put_number(writer, "bcubed_precision", score->clusters.precision);
    put_number(writer, "bcubed_recall", score->clusters.recall);
    put_count(writer, "split", score->clusters.split);
    put_count(writer, "merged", score->clusters.merged);
    json_put_object_end(writer);
}

static void put_operator(struct json_writer *writer, const struct score *score)
{
    json_put_name(writer, "operator");
    json_put_object(writer);
    put_count(writer, "reviews", score->operator_cost.reviews);
    put_count(writer, "groups", score->operator_cost.groups);
    put_count(writer, "single_decisions", score->operator_cost.single_decisions);
    put_count(writer, "appeals", score->operator_cost.appeals);
    json_put_object_end(writer);
}

static void put_input(struct json_writer *writer, const struct score *score, const struct score_input *input)
{
    json_put_name(writer, "input");
    json_put_object(writer);
    put_time(writer, "start", score->start_ms);
    put_time(writer, "end", score->end_ms);
    put_count(writer, "decisions", score->decisions);
    put_count(writer, "decisions_of_unknown", score->decisions_of_unknown);
    put_count(writer, "shadow_decisions", input->shadow_decisions);
    put_count(writer, "extraction_missing", input->extraction_missing);
    put_count(writer, "events_of_unknown", input->events_of_unknown);
    put_count(writer, "bad_lines", input->bad_lines);
    json_put_object_end(writer);
}

void score_json(struct json_writer *writer, const struct score *score, const struct score_input *input)
{
    json_put_object(writer);
    put_count(writer, "version", 1);
    json_put_line(writer);
    json_put_name(writer, "campaigns");
    json_put_array(writer);
    for (size_t i = 0; i < score->n_campaigns; i++)
        put_campaign(writer, &score->campaigns[i]);
    json_put_array_end(writer);
    json_put_line(writer);
    put_benign(writer, score);
    json_put_line(writer);
    put_clusters(writer, score);
    json_put_line(writer);
    put_operator(writer, score);
    json_put_line(writer);
    put_input(writer, score, input);
    json_put_object_end(writer);
    json_put_line(writer);
}
