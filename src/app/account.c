#include "app/commands.h"
#include "app/state.h"
#include "base/clock.h"
#include "exchange/log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const tiers[TIER_COUNT] = { "unknown", "free", "paid", "verified", "enterprise" };
static const char *const verifications[] = { "email", "phone", "card", "business" };

struct import {
    struct state *state;
    uint64_t accounts, others, ahead;
    int64_t now_ms;
    int status;
    bool writing;
};

enum { DAY_MS = 24 * 3600 * 1000 };

static enum status new_batch(void *context, void **ret_batch)
{
    *ret_batch = context;
    return STATUS_OK;
}

static void free_batch(void *context, void *batch)
{
    (void)context;
    (void)batch;
}

/* A row for the gateway, and the same facts for the service. A commit waits for the disk: one for all of a batch. */
static int take_account(struct import *import, const struct event *event)
{
    enum status st = STATUS_OK;
    const struct account_event *facts = &event->account;
    const struct account_row row = { facts->organization, facts->created_ms, (uint8_t)facts->tier,
        (uint8_t)facts->programme, (uint8_t)facts->verified, (int8_t)facts->reseller };
    if (!import->writing)
        TRY(table_write_begin(import->state->table));
    import->writing = true;
    TRY(table_put_account(import->state->table, facts->account, &row));
    import->accounts++;
    return state_note(import->state, event);
fail:
    return state_failed(import->state, "account import", st);
}

/* One thread: lines are taken as they are parsed. */
static enum status parse_event(void *context, void *hand, void *batch, const struct event *event)
{
    (void)hand;
    (void)batch;
    struct import *import = context;
    if (event->kind != EVENT_ACCOUNT) {
        import->others++;
        return STATUS_OK;
    }
    /* The service's time is that of its events: a day that has not come would end what was decided for today. */
    if (event->time_ms > import->now_ms + DAY_MS) {
        if (import->ahead++ == 0)
            fprintf(stderr, "stillwatch: account import: %.*s: its time is more than a day ahead\n",
                (int)event->account.account.n, event->account.account.data);
        return STATUS_OK;
    }
    import->status = take_account(import, event);
    return import->status == EXIT_GO_ON ? STATUS_OK : STATUS_IO;
}

static enum status commit_batch(void *context, void *batch)
{
    (void)batch;
    struct import *import = context;
    if (!import->writing)
        return STATUS_OK;
    import->writing = false;
    import->status = state_commit(import->state, "account import", STATUS_OK);
    if (import->status == EXIT_GO_ON)
        import->status = state_tell(import->state);
    return import->status == EXIT_GO_ON ? STATUS_OK : STATUS_IO;
}

static int import_files(struct state *state, const void *unused, const struct words *words)
{
    (void)unused;
    struct import import = { .state = state, .status = EXIT_GO_ON, .now_ms = (int64_t)time(NULL) * 1000 };
    struct log_stats stats;
    const struct log_options options = {
        .paths = (const char *const *)(words->items + 1), .n_paths = words->n - 1, .n_threads = 1
    };
    const struct log_sink sink = { .context = &import,
        .batch_new = new_batch,
        .batch_free = free_batch,
        .parse = parse_event,
        .deliver = commit_batch };
    if (words->n < 2)
        return say_usage("account import needs FILE...");
    enum status st = log_read(&options, &sink, &stats);
    if (import.status != EXIT_GO_ON)
        return import.status;
    if (st != STATUS_OK) {
        say_diag(&stats.io);
        return say_failed("account import", st);
    }
    uint64_t bad = stats.lines - stats.events + import.ahead;
    say_log(&stats);
    printf("%llu accounts imported, %llu other events passed over, %llu bad lines\n",
        (unsigned long long)import.accounts, (unsigned long long)import.others, (unsigned long long)bad);
    if (stats.faults[FAULT_DAMAGED] > 0)
        return EXIT_FAILED;
    return bad > 0 ? EXIT_BAD_INPUT : EXIT_GO_ON;
}

static enum status print_row(void *context, struct span account, const struct account_row *row)
{
    (void)context;
    char created[CLOCK_TEXT_BYTES] = "-";
    if (row->created_ms >= 0)
        clock_format(row->created_ms, created);
    printf("%.*s\t%.*s\t%s\t%s\t", (int)account.n, account.data,
        row->organization.n ? (int)row->organization.n : 1,
        row->organization.n ? row->organization.data : "-", row->tier < TIER_COUNT ? tiers[row->tier] : "?",
        created);
    bool any = false;
    for (unsigned i = 0; i < sizeof verifications / sizeof *verifications; i++)
        if (row->verified >> i & 1) {
            printf("%s%s", any ? "," : "", verifications[i]);
            any = true;
        }
    puts(any ? "" : "-");
    return STATUS_OK;
}

static int list(struct state *state, const void *options, const struct words *words)
{
    (void)options;
    (void)words;
    enum status st = table_read_begin(state->table);
    puts("account\torganization\ttier\tcreated\tverified");
    if (st == STATUS_OK)
        st = table_each_account(state->table, print_row, NULL);
    return st == STATUS_OK ? EXIT_GO_ON : state_failed(state, "account list", st);
}

static const char usage[] =
    "Usage: stillwatch account import FILE... --state DIR --key-file FILE\n"
    "       stillwatch account list --state DIR --key-file FILE\n"
    "\n"
    "What the provider knows of its accounts. FILE has lines of the exchange log with\n"
    "\"event\":\"account\"; - is standard input. A later line about an account replaces the\n"
    "one before. The gateway takes tier, organisation and verification from it at once,\n"
    "the service everything, as if it were in the log.\n"
    "\n";

int command_account(int argc, char **argv)
{
    static const struct state_verb verbs[] = { { "import", WORDS_ANY, TABLE_WRITE, import_files },
        { "list", 1, TABLE_READ, list } };
    struct arg_group groups[] = { { state_rows, 2, 0 } };
    struct args args = { usage, groups, 1 };
    struct state_options options = { .dir = NULL };
    struct words words;
    int status = args_parse(&args, argc, argv, &options, &words);
    return status == EXIT_GO_ON ? state_run(&options, verbs, 2, NULL, &words) : status;
}
