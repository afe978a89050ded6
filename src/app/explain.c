#include "app/commands.h"
#include "app/run.h"
#include "base/clock.h"
#include "report/decisions_json.h"
#include "score/truth_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { OBJECTS_SHOWN = 64 };
enum explain_what { EXPLAIN_ACCOUNT, EXPLAIN_EXCHANGE };

struct explain {
    struct run run;
    enum explain_what what;
    uint64_t hash; /* of the account or exchange looked for */
    bool found;
    uint64_t account;                /* of the exchange found */
    uint64_t objects[OBJECTS_SHOWN]; /* that the account showed, first seen first */
    uint8_t kinds[OBJECTS_SHOWN];
    size_t n_objects;
    uint64_t decisions;
};

static void print_time(const char *label, int64_t ms)
{
    char text[CLOCK_TEXT_BYTES];
    if (ms < 0) {
        printf("  %-28s not known\n", label);
        return;
    }
    clock_format(ms, text);
    printf("  %-28s %s\n", label, text);
}

static void print_number(const char *label, double value, const char *unit)
{
    if (isfinite(value))
        printf("  %-28s %.4g %s\n", label, value, unit);
    else
        printf("  %-28s not measured\n", label);
}

static void print_hash(const char *label, uint64_t hash)
{
    if (hash)
        printf("  %-28s #%016" PRIx64 "\n", label, hash);
}

static void print_frame(const char *label, const struct frame_sig *frame)
{
    if (frame->id)
        printf("  %-28s #%016" PRIx64 ", SimHash %016" PRIx64 "\n", label, frame->id, frame->simhash);
}

static void print_shares(const struct exchange_record *r)
{
    printf("  capabilities                ");
    for (unsigned i = 0; i < CAP_COUNT; i++)
        if (r->capability[i] >= 16)
            printf(" %s %.2f", capability_name(i), r->capability[i] / 255.0);
    printf("\n  elicitation                 ");
    for (unsigned i = 0; i < ELICIT_COUNT; i++)
        printf(" %s %.2f", elicitation_name(i), r->elicitation[i] / 255.0);
    printf("\n");
}

static unsigned count_hashes(const uint64_t *hashes, unsigned n)
{
    unsigned count = 0;
    for (unsigned i = 0; i < n; i++)
        count += hashes[i] != 0;
    return count;
}

static void print_record(const struct record *record)
{
    const struct exchange_record *r = &record->exchange;
    const struct anchors *a = &r->anchors;
    printf("record (what is kept of the exchange)\n");
    print_time("time", record->time_ms);
    printf("  %-28s %u\n", "status", r->status);
    printf("  %-28s %u in, %u out, %u reasoning%s\n", "tokens", r->input_tok, r->output_tok, r->reasoning_tok,
        r->flags & REC_USAGE_ESTIMATED ? " (estimated)" : "");
    printf("  %-28s %u messages, %u assistant turns, %u tools, %u images\n", "request", r->n_messages,
        r->n_assistant_turns, r->n_tools, r->n_images);
    printf("  %-28s %u system, %u user, %u output\n", "bytes of text", r->system_bytes, r->user_bytes,
        r->output_bytes);
    print_hash("request shape", r->shape);
    print_frame("system prompt", &r->system);
    print_frame("tool set", &r->tools);
    print_frame("user text", &r->user);
    print_hash("task slot", r->slot);
    print_shares(r);
    printf("  %-28s %u issued, %u turns returned, %u echoes looked up, %u signatures returned\n", "anchors",
        count_hashes(a->issued, ISSUED_MAX) + (a->issued_turn != 0), count_hashes(a->turns, TURNS_MAX),
        count_hashes(a->echo, ECHO_MAX), count_hashes(a->signature, SIGNED_MAX));
}

static void print_sightings(const struct sighting *sightings, size_t n)
{
    static const char *const verbs[] = { "shows", "issued", "returns" };
    printf("sightings (what its account showed with it)\n");
    for (size_t i = 0; i < n; i++)
        printf("  %-8s %-28s #%016" PRIx64 "\n", verbs[sightings[i].verb],
            object_kind_info[sightings[i].kind].name, sightings[i].object);
    if (n == 0)
        printf("  none: shown within the hour already, or nothing to show\n");
}

static void remember(struct explain *e, const struct sighting *sighting)
{
    if (sighting->verb != VERB_SHOW || e->n_objects == OBJECTS_SHOWN)
        return;
    for (size_t i = 0; i < e->n_objects; i++)
        if (e->objects[i] == sighting->object)
            return;
    e->kinds[e->n_objects] = sighting->kind;
    e->objects[e->n_objects++] = sighting->object;
}

static void observe(void *context, const struct record *record, const struct sighting *sightings, size_t n)
{
    struct explain *e = context;
    if (e->what == EXPLAIN_ACCOUNT) {
        if (record->account != e->hash)
            return;
        e->found = true;
        e->account = record->account;
    } else if (!e->found && record->kind == RECORD_EXCHANGE && record->exchange.exchange == e->hash) {
        e->found = true;
        e->account = record->account;
        print_record(record);
        print_sightings(sightings, n);
    }
    if (record->account == e->account)
        for (size_t i = 0; i < n; i++)
            remember(e, &sightings[i]);
}

/* The account of an exchange is known from that exchange on. */
static const char *since(const struct explain *e)
{
    return e->what == EXPLAIN_EXCHANGE ? " from this exchange on" : "";
}

static void print_decisions_title(const struct explain *e)
{
    printf("decisions%s\n", since(e));
}

static enum status take_decision(void *context, const struct decision *decision, struct span account)
{
    struct explain *e = context;
    char text[CLOCK_TEXT_BYTES];
    (void)account;
    if (decision->account != e->account && decision->account != e->hash)
        return STATUS_OK;
    if (e->decisions++ == 0)
        print_decisions_title(e);
    clock_format(decision->time_ms, text);
    printf("  %s %-8s (%s, confidence %.3f) %s\n", text, action_name(decision->action),
        mode_name(decision->mode), (double)decision->confidence, decision->reason);
    return STATUS_OK;
}

static void print_account(const struct explain *e)
{
    struct account_profile p;
    printf("account (at the end of the log)\n");
    if (engine_account(e->run.engine, e->account, &p) != STATUS_OK) {
        printf("  no longer tracked: it made room for accounts seen later\n");
        return;
    }
    print_time("created", p.created_ms);
    print_time("first seen", p.first_seen_ms);
    print_time("last seen", p.last_seen_ms);
    printf("  %-28s %" PRIu64 " (%" PRIu64 " refused, %" PRIu64 " errors)\n", "exchanges", p.exchanges,
        p.refused, p.errors);
    printf("  %-28s %" PRIu64 " in, %" PRIu64 " out\n", "tokens", p.input_tok, p.output_tok);
    print_number("rate, last hour", p.per_hour, "exchanges an hour");
    print_number("rate, last day", p.per_day, "exchanges an hour");
    print_number("rate, last week", p.per_week, "exchanges an hour");
    print_number("use against its tier", p.cohort_use, "times the mean");
    print_number("ramp", p.ramp_hours, "hours to 80 % of the peak day");
    print_number("active days", p.active_days, "");
    print_number("longest quiet gap", p.quiet_gap_hours, "hours");
    print_number("quietest 6 hours", p.night_share, "of exchanges (0.25 is flat)");
    print_number("quietest 2 weekdays", p.weekend_share, "of active hours (0.286 is flat)");
    print_number("gaps", p.gap_cv, "coefficient of variation");
    print_number("focus", p.focus, "of sampled exchanges with the commonest frame");
    print_number("novelty", p.novelty, "distinct tasks an exchange");
    print_number("follow-ups", p.follow_up, "of exchanges");
    print_number("most used model", p.top_model_share, "of exchanges");
    print_number("release to first use", p.release_lag_hours, "hours");
    print_number("tenants behind it", p.tenants, "facets at least");
    print_number("same task after a limit", p.retry_share, "of limits");
    print_number("against its own past", p.own_deviation, "standard deviations");
}

static const char *plural(double estimate)
{
    return estimate >= 0.5 && estimate < 1.5 ? "" : "s";
}

static void print_objects(const struct explain *e)
{
    printf("objects (what the account showed%s, who else does; the first %d)\n", since(e), OBJECTS_SHOWN);
    for (size_t i = 0; i < e->n_objects; i++) {
        struct object_profile o;
        if (engine_object(e->run.engine, e->objects[i], &o) != STATUS_OK)
            continue;
        double payers = fmin(o.payers, o.accounts); /* each is an estimate of its own */
        printf("  %-28s #%016" PRIx64 " %.0f account%s, %.0f payer%s, %.0f task%s%s\n",
            object_kind_info[e->kinds[i]].name, e->objects[i], o.accounts, plural(o.accounts), payers,
            plural(payers), o.slots, plural(o.slots), o.is_public ? ", public: ties nobody" : "");
    }
}

static void print_campaign(const struct explain *e)
{
    char id[CAMPAIGN_ID_TEXT];
    const struct campaign *c = engine_campaign_of(e->run.engine, e->account);
    printf("campaign\n");
    if (!c) {
        printf("  none\n");
        return;
    }
    campaign_id_format(c->id, id);
    printf("  %s, %s, %s: %zu accounts, found by %s\n", id, campaign_status_name(c->status),
        campaign_kind_name(c->kind), c->n_active, family_name(c->found_by));
    printf("  evidence 10^%.1f, asked 10^%.1f, two keys: %s\n", c->log10_e, c->threshold,
        c->two_keys ? "yes" : "no");
    for (unsigned i = 0; i < FAMILY_COUNT; i++)
        if (c->evidence[i].trials > 0)
            printf("  %-12s 10^%.1f: %u of %u inside, chance %.3f\n", family_name(i), c->evidence[i].log10_e,
                c->evidence[i].inside, c->evidence[i].trials, c->evidence[i].p0);
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        printf("  %-28s %.3g (holds from %.3g)%s\n", check_name(i), c->checks[i].measured,
            c->checks[i].threshold, c->checks[i].holds ? ": holds" : "");
    printf("  in force: %s\n", action_name(engine_in_force(e->run.engine, e->account)));
}

static int run_explain(const struct run_options *options, enum explain_what what, const char *id)
{
    struct explain e = { .what = what };
    struct engine_sink sink = { .context = &e, .decision = take_decision, .observe = observe };
    int status = run_init(&e.run, options, &sink);
    if (status == EXIT_GO_ON) {
        e.hash = what == EXPLAIN_ACCOUNT ? truth_account_hash(&e.run.key, span_of(id))
                                         : key_hash(&e.run.key, KEY_EXCHANGE, id, strlen(id));
        status = run_feed(&e.run);
    }
    if (e.run.finished && !e.found) {
        fprintf(stderr, "stillwatch: no %s '%s' in what was read\n",
            what == EXPLAIN_ACCOUNT ? "account" : "exchange", id);
        status = EXIT_FAILED;
    } else if (e.run.finished) {
        if (e.decisions == 0) {
            print_decisions_title(&e);
            printf("  none\n");
        }
        print_account(&e);
        print_objects(&e);
        print_campaign(&e);
    }
    run_fini(&e.run);
    return status == EXIT_GO_ON ? EXIT_DONE : status;
}

static const char usage[] = "Usage: stillwatch explain account ID LOG... [OPTION]...\n"
                            "       stillwatch explain exchange ID LOG... [OPTION]...\n"
                            "\n"
                            "Runs the engine over the logs and prints what each stage made of the account or "
                            "exchange, with the numbers.\n"
                            "An account's ID may be its '#' and 16 digits of decisions.jsonl. "
                            "Nothing is written.\n"
                            "\n";

int command_explain(int argc, char **argv)
{
    struct arg_group groups[] = { run_options_group(0) };
    struct args args = { usage, groups, 1 };
    struct run_options options = run_options_default();
    struct words words;
    int status = args_parse(&args, argc, argv, &options, &words);
    if (status != EXIT_GO_ON)
        return status;
    if (words.n < 1 || (strcmp(words.items[0], "account") != 0 && strcmp(words.items[0], "exchange") != 0))
        return say_usage("explain takes 'account' or 'exchange', then an id and logs");
    if (words.n < 3)
        return say_usage("explain %s needs an id and at least one log", words.items[0]);
    options.inputs = (const char *const *)words.items + 2;
    options.n_inputs = words.n - 2;
    return run_explain(
        &options, words.items[0][0] == 'a' ? EXPLAIN_ACCOUNT : EXPLAIN_EXCHANGE, words.items[1]);
}
