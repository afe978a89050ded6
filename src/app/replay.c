#include "app/commands.h"
#include "app/paths.h"
#include "app/run.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "report/decisions_json.h"
#include "report/listed.h"
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct replay_options {
    struct run_options run;
    const char *out;
};

/* Where decisions go while they are taken: a draft of decisions.jsonl, and the tally for the report. */
struct replay {
    struct run run;
    const char *out; /* the folder */
    struct file_draft decisions;
    struct json_writer writer;
    struct decision_tally tally;
    bool drafting;
};

static enum status write_decision(void *context, const struct decision *decision, struct span account)
{
    enum status st = STATUS_OK;
    struct replay *replay = context;
    TRY(decision_tally_add(&replay->tally, decision));
    decision_json(&replay->writer, decision, account);
fail:
    return st;
}

static int open_output(struct replay *replay, const char *dir)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/decisions.jsonl", dir) >= (int)sizeof path)
        return say_failed(dir, STATUS_TOO_BIG);
    if (mkdir(dir, 0777) != 0) {
        int cause = errno;
        struct stat info;
        bool there = stat(dir, &info) == 0;
        errno = there ? ENOTDIR : cause;
        if (!there || !S_ISDIR(info.st_mode))
            return say_failed(dir, STATUS_IO);
    }
    enum status st = file_draft_open(path, &replay->decisions);
    if (st != STATUS_OK)
        return say_failed(path, st);
    json_writer_init(&replay->writer, replay->decisions.stream);
    replay->drafting = true;
    return EXIT_GO_ON;
}

static struct span source_name(void *context, uint64_t account)
{
    return engine_name(context, account);
}

static const struct timeline *source_timeline(void *context, struct campaign_id campaign)
{
    return engine_timeline(context, campaign);
}

static enum action source_in_force(void *context, uint64_t account)
{
    return engine_in_force(context, account);
}

static uint64_t peak_memory_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss * 1024 : 0;
}

static enum status commit_decisions(struct replay *replay)
{
    errno = 0; /* of a write that failed earlier nothing more is known */
    enum status st = json_writer_finish(&replay->writer);
    if (st != STATUS_OK)
        return st;
    replay->drafting = false;
    return file_draft_commit(&replay->decisions);
}

/* NULL: no memory. */
static const struct campaign **list_campaigns(const struct engine *engine, size_t *ret_n)
{
    size_t n = engine_campaigns(engine);
    const struct campaign **campaigns = calloc(n + 1, sizeof(void *));
    for (size_t i = 0; campaigns && i < n; i++)
        campaigns[i] = engine_campaign_at(engine, i);
    *ret_n = campaigns ? listed_choose(campaigns, n) : 0;
    return campaigns;
}

static int write_report(struct replay *replay)
{
    const struct run_options *o = replay->run.options;
    struct engine *engine = replay->run.engine;
    struct diag diag = { .file = replay->out };
    size_t n_campaigns = 0;
    const struct campaign **campaigns = list_campaigns(engine, &n_campaigns);
    struct report_input input = {
        .run = {
            .version = STILLWATCH_VERSION,
            .policy = o->policy ? o->policy : "default",
            .mode = replay->run.policy->mode,
            .n_threads = o->n_threads,
            .log = &replay->run.log,
            .wall_s = progress_clock() - replay->run.progress.started_s,
            .peak_memory_bytes = peak_memory_bytes(),
        },
        .source = {
            .context = engine,
            .campaigns = campaigns,
            .n_campaigns = n_campaigns,
            .name = source_name,
            .timeline = source_timeline,
            .in_force = source_in_force,
        },
        .decisions = &replay->tally,
    };
    engine_stats(engine, &input.run.engine);
    enum status st = commit_decisions(replay);
    if (st != STATUS_OK)
        diag_set(&diag, "decisions.jsonl", "%s", say_reason(st));
    else if (!campaigns)
        diag_set(&diag, "report", "%s", say_reason(st = STATUS_NOMEM));
    else
        st = report_write(replay->out, &input, &diag);
    free((void *)campaigns);
    if (st != STATUS_OK)
        say_diag(&diag);
    return st == STATUS_OK ? EXIT_GO_ON : EXIT_FAILED;
}

static void print_summary(const struct replay *replay)
{
    struct engine_stats stats;
    size_t found = 0;
    engine_stats(replay->run.engine, &stats);
    for (size_t i = 0; i < engine_campaigns(replay->run.engine); i++)
        found += engine_campaign_at(replay->run.engine, i)->confirmed;
    double seconds = progress_clock() - replay->run.progress.started_s;
    printf("%llu exchanges of %llu accounts in %.1f s\n", (unsigned long long)stats.exchanges,
        (unsigned long long)stats.accounts.created, seconds);
    printf("%zu campaign%s confirmed, %llu accounts contained\n", found, found == 1 ? "" : "s",
        (unsigned long long)stats.accounts_contained);
    printf("report: %s/report/index.html\n", replay->out);
}

/* Nothing that is written may take the place of what is read, nor one output that of another. */
static int check_outputs(const struct replay_options *options)
{
    static const char *const outputs[] = { "decisions.jsonl", "campaigns.json", "summary.json",
        "report/index.html", NULL };
    const struct run_options *o = &options->run;
    for (size_t i = 0; i < o->n_inputs + 2; i++) {
        const char *file = i < o->n_inputs ? o->inputs[i] : i == o->n_inputs ? o->policy : o->key_file;
        if (paths_same(o->records, file))
            return say_usage("--records %s would replace what is read", o->records);
        if (options->out && paths_in(file, options->out, outputs))
            return say_usage(
                "--out %s: what is written there would replace %s, which is read", options->out, file);
    }
    if (o->records && options->out && paths_in(o->records, options->out, outputs))
        return say_usage("--records %s is a file that is written into --out", o->records);
    return EXIT_GO_ON;
}

static int run_replay(const struct replay_options *options)
{
    struct replay replay = { .out = options->out };
    struct engine_sink sink = { .context = &replay, .decision = write_decision };
    decision_tally_init(&replay.tally, 1 << 16);
    int status = run_init(&replay.run, &options->run, &sink);
    if (status == EXIT_GO_ON)
        status = open_output(&replay, options->out);
    int fed = EXIT_GO_ON;
    if (status == EXIT_GO_ON) {
        fed = run_feed(&replay.run);
        /* Too many bad lines or a damaged file: what was good counts, and the output is written. */
        if (fed == EXIT_GO_ON || fed == EXIT_BAD_INPUT || (fed == EXIT_FAILED && replay.run.finished))
            status = write_report(&replay);
        else
            status = fed;
    }
    if (status == EXIT_GO_ON && !options->run.quiet)
        print_summary(&replay);
    json_writer_fini(&replay.writer);
    if (replay.drafting)
        file_draft_abort(&replay.decisions);
    decision_tally_fini(&replay.tally);
    run_fini(&replay.run);
    if (status == EXIT_GO_ON)
        status = fed == EXIT_GO_ON ? EXIT_DONE : fed;
    return status;
}

static const char usage[] =
    "Usage: stillwatch replay LOG... --out DIR [OPTION]...\n"
    "\n"
    "Reads exchange logs (plain, .gz, .zst, or - for standard input) or record files, one after the other, "
    "runs\n"
    "the whole engine in event time, and writes decisions.jsonl, campaigns.json, summary.json and\n"
    "report/index.html into DIR.\n"
    "\n";

#define AT(member) offsetof(struct replay_options, member)

static const struct arg rows[] = {
    { "out", "DIR", "where to write; made if it is missing", arg_text, AT(out), 0, 0 },
    { "records", "FILE", "also write the content-blind records, which replay reads like a log", arg_text,
        AT(run.records), 0, 0 },
    { "print-memory", NULL, "print what is reserved at start, and leave", arg_flag, AT(run.print_memory), 0,
        0 },
};

int command_replay(int argc, char **argv)
{
    struct arg_group groups[] = { ARG_GROUP(rows, 0), run_options_group(AT(run)) };
    struct args args = { usage, groups, 2 };
    struct replay_options options = { .run = run_options_default() };
    struct words words;
    int status = args_parse(&args, argc, argv, &options, &words);
    if (status != EXIT_GO_ON)
        return status;
    options.run.inputs = (const char *const *)words.items;
    options.run.n_inputs = words.n;
    if (!options.run.print_memory && words.n < 1)
        return say_usage("replay needs at least one log");
    if (!options.run.print_memory && !options.out)
        return say_usage("replay needs --out DIR");
    status = check_outputs(&options);
    return status == EXIT_GO_ON ? run_replay(&options) : status;
}
