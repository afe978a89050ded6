#include "lab/simulate.h"
#include "app/commands.h"
#include "app/lab_options.h"
#include "app/paths.h"
#include "app/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct simulate_options {
    struct lab_options lab;
    const char *log;
    uint64_t seed;
    bool records;
};

/* As a file of /proc: no draft could be moved over it. */
static int read_log(const struct arg *arg, const char *text, void *place)
{
    return arg_text(arg, strcmp(text, "-") == 0 ? "/proc/self/fd/1" : text, place);
}

#define PLACE(member) offsetof(struct simulate_options, member)
static const struct arg rows[] = {
    { "seed", "N", "same seed, same bytes (default 1)", arg_u64, PLACE(seed), 0, UINT64_MAX },
    { "records", NULL, "write content-blind records (records.swr) instead of a log", arg_flag, PLACE(records),
        0, 0 },
    { "log", "FILE",
        "write the log, or the records, there instead of into DIR; a pipe is fine, and '-' is\n"
        "standard output",
        read_log, PLACE(log), 0, 0 },
};

static const char usage[] =
    "Usage: stillwatch simulate --scenario NAME|FILE --seed N --out DIR [OPTION]...\n"
    "\n"
    "Writes the log of a simulated provider into DIR (log.jsonl), and the truth beside it: truth.jsonl,\n"
    "extraction.ids, extraction.csv, costs.jsonl, period.json. Nobody watches: nothing is contained.\n"
    "\n";

static void show(void *context, int64_t now_ms, uint64_t exchanges)
{
    (void)now_ms;
    progress_show(context, 0, exchanges, "exchanges");
}

static int run(const struct simulate_options *options, struct lab *lab)
{
    struct progress progress;
    struct diag diag = { .file = options->lab.scenario };
    struct simulate_counts counts;
    progress_start(&progress, options->lab.quiet, 0);
    const struct simulate_config config = {
        .world = { lab->scenario, &lab->kinds, lab->corpus, options->seed,
            options->lab.scale > 0 ? options->lab.scale : lab->scenario->scale },
        .key = &lab->key,
        .n_threads = options->lab.n_threads,
        .records = options->records,
        .dir = options->lab.out,
        .log = options->log,
        .progress = show,
        .context = &progress,
    };
    enum status st = simulate(&config, &counts, &diag);
    progress_clear(&progress);
    if (st != STATUS_OK) {
        if (diag.reason[0])
            say_diag(&diag);
        else
            say_failed(diag.file, st);
        return EXIT_FAILED;
    }
    if (!options->lab.quiet) {
        double seconds = progress_clock() - progress.started_s;
        fprintf(stderr,
            "%llu exchanges of %llu accounts, %llu of them extraction, in %.1f s (%.0f a second)\n",
            (unsigned long long)counts.exchanges, (unsigned long long)counts.accounts,
            (unsigned long long)counts.extraction, seconds, (double)counts.exchanges / seconds);
    }
    return EXIT_DONE;
}

static int check_outputs(const struct simulate_options *o)
{
    static const char *const truths[] = { "truth.jsonl", "extraction.ids", "extraction.csv", "costs.jsonl",
        "period.json", NULL };
    if (paths_same(o->log, o->lab.scenario) || paths_same(o->log, o->lab.key_file))
        return say_usage("--log %s would replace what is read", o->log);
    if (o->log && paths_in(o->log, o->lab.out, truths))
        return say_usage("--log %s is a file that is written into --out", o->log);
    return EXIT_GO_ON;
}

int command_simulate(int argc, char **argv)
{
    struct arg_group groups[] = { lab_options_group(PLACE(lab)), ARG_GROUP(rows, 0) };
    struct args args = { usage, groups, 2 };
    struct simulate_options options = { .lab = lab_options_default(), .seed = 1 };
    struct words words;
    struct lab lab = { 0 };
    int status = args_parse(&args, argc, argv, &options, &words);
    if (status == EXIT_GO_ON && words.n > 0)
        status = say_usage("simulate takes options only, not '%s'", words.items[0]);
    if (status == EXIT_GO_ON && !options.lab.out)
        status = say_usage("simulate needs --out DIR");
    if (status == EXIT_GO_ON)
        status = lab_open(&options.lab, &lab);
    if (status == EXIT_GO_ON)
        status = lab_make_dir(options.lab.out);
    if (status == EXIT_GO_ON)
        status = check_outputs(&options);
    if (status == EXIT_GO_ON)
        status = run(&options, &lab);
    lab_close(&lab);
    return status;
}
