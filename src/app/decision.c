#include "policy/decision.h"
#include "app/commands.h"
#include "app/state.h"
#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct decision_options {
    struct state_options state;
    const char *reason;
    unsigned days;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int put(struct state *state, struct span account, const struct decision_row *row)
{
    enum status st = table_write_begin(state->table);
    if (st == STATUS_OK)
        st = table_put_decision(state->table, account, row);
    return state_commit(state, "decision", st);
}

/* The service has no decision in force that the table has not: without a row the name is wrong, most likely. */
static int check_row(struct state *state, const char *account)
{
    struct decision_row row;
    enum status st = table_read_begin(state->table);
    if (st == STATUS_OK)
        st = table_find_decision(state->table, span_of(account), &row);
    table_read_end(state->table);
    if (st != STATUS_NOT_FOUND)
        return st == STATUS_OK ? EXIT_GO_ON : state_failed(state, account, st);
    fprintf(stderr, "stillwatch: %s: nothing is in force for it\n", account);
    return EXIT_FAILED;
}

/* The row stays, as a release: it outlives what was decided before it. */
static int release(struct state *state, const void *data, const struct words *words)
{
    const struct decision_options *options = data;
    if (words->n < 2 || !options->reason)
        return say_usage("decision release needs ACCOUNT and --reason");
    const struct decision_row row = { ACTION_RELEASE, MODE_ENFORCED, 0, now_ms(), -1,
        span_of(options->reason) };
    const struct event event = { .kind = EVENT_ENFORCEMENT,
        .time_ms = row.time_ms,
        .enforcement = { span_of(words->items[1]), ENFORCEMENT_RESTORED, SPAN("operator") } };
    int status = check_row(state, words->items[1]);
    if (status == EXIT_GO_ON)
        status = put(state, span_of(words->items[1]), &row);
    if (status == EXIT_GO_ON)
        status = state_note(state, &event);
    return status == EXIT_GO_ON ? state_tell(state) : status;
}

static int set(struct state *state, const void *data, const struct words *words)
{
    const struct decision_options *options = data;
    unsigned action = 0;
    if (words->n < 3 || !*words->items[1] || !options->reason)
        return say_usage("decision set needs ACCOUNT, an action and --reason");
    while (action < ACTION_RELEASE && strcmp(words->items[2], action_name(action)) != 0)
        action++;
    if (action == ACTION_RELEASE)
        return say_usage(
            "'%s' is no action: observe, verify, throttle, restrict or suspend", words->items[2]);
    int64_t now = now_ms(), day_ms = INT64_C(86400000);
    const struct decision_row row = { (uint8_t)action, MODE_ENFORCED, 0, now,
        options->days ? now + options->days * day_ms : -1, span_of(options->reason) };
    return put(state, span_of(words->items[1]), &row);
}

static enum status print_row(void *context, struct span account, const struct decision_row *row)
{
    (void)context;
    char time[CLOCK_TEXT_BYTES], expires[CLOCK_TEXT_BYTES] = "never", campaign[CAMPAIGN_ID_TEXT] = "-";
    clock_format(row->time_ms, time);
    if (row->expires_ms >= 0)
        clock_format(row->expires_ms, expires);
    if (row->campaign)
        campaign_id_format((struct campaign_id){ row->campaign }, campaign);
    printf("%.*s\t%s\t%s\t%s\t%s\t%s\t%.*s\n", (int)account.n, account.data,
        row->action < ACTION_COUNT ? action_name((enum action)row->action) : "?",
        row->mode == MODE_SHADOW ? "shadow" : "enforced", campaign, time, expires, (int)row->reason.n,
        row->reason.data);
    return STATUS_OK;
}

static int show(struct state *state, const void *options, const struct words *words)
{
    (void)options;
    struct decision_row row;
    enum status st = table_read_begin(state->table);
    puts("account\taction\tmode\tcampaign\tsince\tuntil\treason");
    if (st == STATUS_OK && words->n == 1)
        st = table_each_decision(state->table, print_row, NULL);
    for (size_t i = 1; st == STATUS_OK && i < words->n; i++) {
        st = table_find_decision(state->table, span_of(words->items[i]), &row);
        if (st == STATUS_OK)
            st = print_row(NULL, span_of(words->items[i]), &row);
        else
            return state_failed(state, words->items[i], st);
    }
    return st == STATUS_OK ? EXIT_GO_ON : state_failed(state, "decision list", st);
}

static const char usage[] =
    "Usage: stillwatch decision list [ACCOUNT...] --state DIR --key-file FILE\n"
    "       stillwatch decision release ACCOUNT --reason TEXT --state DIR --key-file FILE\n"
    "       stillwatch decision set ACCOUNT ACTION --reason TEXT [--days N] --state DIR --key-file FILE\n"
    "\n"
    "What the gateway does to which account. A release ends what was decided before it; a\n"
    "new decision of the service counts again. Where nothing was decided it exits with 1.\n"
    "Changes count at once.\n"
    "\n";

#define AT(member) offsetof(struct decision_options, member)

static const struct arg rows[] = {
    { "reason", "TEXT", "one sentence, for the record", arg_text, AT(reason), 0, 0 },
    { "days", "N", "how long it lasts (default: until it is released)", arg_unsigned, AT(days), 1, 3650 },
};

int command_decision(int argc, char **argv)
{
    static const struct state_verb verbs[] = { { "list", WORDS_ANY, TABLE_READ, show },
        { "release", 2, TABLE_WRITE, release }, { "set", 3, TABLE_WRITE, set } };
    struct arg_group groups[] = { { state_rows, 2, AT(state) }, ARG_GROUP(rows, 0) };
    struct args args = { usage, groups, 2 };
    struct decision_options options = { .days = 0 };
    struct words words;
    int status = args_parse(&args, argc, argv, &options, &words);
    return status == EXIT_GO_ON ? state_run(&options.state, verbs, 3, &options, &words) : status;
}
