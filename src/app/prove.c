#include "app/prove_table.h"

#include "app/commands.h"
#include "app/lab_options.h"
#include "app/progress.h"
#include "base/file.h"
#include "base/workers.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct prove_options {
    struct lab_options lab;
    const char *detectors, *policy;
    uint64_t first_seed, last_seed;
    double threshold;
};

static int read_seeds(const struct arg *arg, const char *text, void *place)
{
    struct prove_options *options = place;
    char *end;
    errno = 0;
    options->first_seed = options->last_seed = strtoull(text, &end, 10);
    bool good = end != text && text[0] != '-';
    if (good && *end == '-') {
        const char *last = end + 1;
        options->last_seed = strtoull(last, &end, 10);
        good = end != last && last[0] != '-';
    }
    if (!good || *end || errno || options->last_seed < options->first_seed ||
        options->last_seed - options->first_seed >= PROVE_SEEDS_MAX)
        return say_usage("--%s takes a number, or a range such as 1-5 of at most %d, not '%s'", arg->name,
            PROVE_SEEDS_MAX, text);
    return EXIT_GO_ON;
}

static int read_threshold(const struct arg *arg, const char *text, void *place)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value) || !(value > 0))
        return say_usage("--%s takes a number above 0, not '%s'", arg->name, text);
    *(double *)place = value;
    return EXIT_GO_ON;
}

#define PLACE(member) offsetof(struct prove_options, member)
static const struct arg rows[] = {
    { "detector", "NAME[,NAME]",
        "what watches (default stillwatch); 'all': each of them but the\n"
        "engine's parts, 'ablation': those",
        arg_text, PLACE(detectors), 0, 0 },
    { "seeds", "A-B", "one run for each (default 1)", read_seeds, 0, 0, 0 },
    { "policy", "FILE", "the operator's policy, for stillwatch", arg_text, PLACE(policy), 0, 0 },
    { "threshold", "X", "of the other detectors, instead of the published one", read_threshold,
        PLACE(threshold), 0, 0 },
};

static const char usage_head[] =
    "Usage: stillwatch prove --scenario NAME|FILE [--detector NAME[,NAME]] [--seeds A-B] [OPTION]...\n"
    "\n"
    "Runs customers, operators and a detector together in a simulated provider: what the detector decides "
    "changes\n"
    "what the operators can do next. Prints what was leaked and who was hit, medians and worst cases over "
    "the seeds.\n"
    "With --out, DIR/runs.jsonl has every run's counts. The traffic is composed.\n"
    "\n"
    "Detectors:\n";

/* All detectors with their papers, then the options. */
static const char *usage_text(void)
{
    static char text[4096];
    size_t n = (size_t)snprintf(text, sizeof text, "%s", usage_head);
    for (size_t i = 0; detector_kind_at(i) && n < sizeof text; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "  %-13s %s\n", detector_kind_at(i)->name,
            detector_kind_at(i)->summary);
    if (n < sizeof text)
        snprintf(text + n, sizeof text - n, "\n");
    return text;
}

static bool is_listed(const struct proofs *proofs, const struct detector_kind *kind)
{
    for (size_t i = 0; i < proofs->n_kinds; i++)
        if (proofs->kinds[i] == kind)
            return true;
    return false;
}

/* Nobody comes first, as the measure of the others; where nobody attacks there is nothing to measure. */
static int list_kinds(const char *names, struct proofs *proofs)
{
    struct span rest = span_of(names);
    bool all = span_is(rest, "all"), ablation = span_is(rest, "ablation");
    bool measured = all || proofs->scenario->n_campaigns > 0;
    if (measured)
        proofs->kinds[proofs->n_kinds++] = detector_kind_at(0);
    for (size_t i = 1; (all || ablation) && detector_kind_at(i); i++)
        if (proofs->n_kinds < PROVE_KINDS_MAX && detector_kind_at(i)->ablation == ablation)
            proofs->kinds[proofs->n_kinds++] = detector_kind_at(i);
    if (all || ablation)
        return EXIT_GO_ON;
    for (size_t at = 0; at <= rest.n;) {
        size_t end = span_find(rest, ',', at);
        const struct detector_kind *kind = detector_kind_find((struct span){ rest.data + at, end - at });
        if (!kind)
            return say_usage("no detector '%.*s'", (int)(end - at), rest.data + at);
        at = end + 1;
        if (is_listed(proofs, kind))
            continue;
        if (proofs->n_kinds == PROVE_KINDS_MAX)
            return say_usage("at most %d detectors", PROVE_KINDS_MAX);
        proofs->kinds[proofs->n_kinds++] = kind;
    }
    return EXIT_GO_ON;
}

/* One job is one detector and one seed; jobs run side by side, each on one thread. */
struct jobs {
    const struct prove_options *options;
    const struct lab *lab;
    struct policy *policy;
    struct proofs *proofs;
    struct progress progress;
    struct diag *diags;
};

static enum status run_job(void *context, size_t i)
{
    struct jobs *jobs = context;
    struct proofs *proofs = jobs->proofs;
    const struct lab *lab = jobs->lab;
    struct proof_run *run = &proofs->runs[i];
    run->kind = proofs->kinds[i % proofs->n_kinds];
    run->seed = jobs->options->first_seed + i / proofs->n_kinds;
    const struct prove_config config = {
        .world = { lab->scenario, &lab->kinds, lab->corpus, run->seed, proofs->scale },
        .kind = run->kind,
        .detector = { 1, PROVE_ACCOUNTS_MAX, &lab->key, jobs->policy, jobs->options->threshold },
        .clock = progress_clock,
    };
    enum status st = prove(&config, &run->result, &jobs->diags[i]);
    if (!jobs->options->lab.quiet)
        fprintf(stderr, "%s, seed %llu: %.1f s\n", run->kind->name, (unsigned long long)run->seed,
            run->result.wall_s);
    return st;
}

static int say_failure(const struct jobs *jobs, enum status st)
{
    for (size_t i = 0; i < jobs->proofs->n_runs; i++)
        if (jobs->diags[i].reason[0]) {
            say_diag(&jobs->diags[i]);
            return EXIT_FAILED;
        }
    return say_failed(jobs->options->lab.scenario, st);
}

static int run_jobs(struct jobs *jobs)
{
    struct workers *workers = NULL;
    struct proofs *proofs = jobs->proofs;
    const struct prove_options *options = jobs->options;
    proofs->n_runs = proofs->n_kinds * (size_t)(options->last_seed - options->first_seed + 1);
    proofs->runs = calloc(proofs->n_runs, sizeof *proofs->runs);
    jobs->diags = calloc(proofs->n_runs, sizeof *jobs->diags);
    if (!proofs->runs || !jobs->diags) {
        free(jobs->diags);
        return say_failed("runs", STATUS_NOMEM);
    }
    enum status st = workers_new(options->lab.n_threads, &workers);
    if (st == STATUS_OK)
        st = workers_run(workers, proofs->n_runs, run_job, jobs);
    workers_free(workers);
    int status = st == STATUS_OK ? EXIT_GO_ON : say_failure(jobs, st);
    free(jobs->diags);
    return status;
}

static int write_runs(const struct proofs *proofs, const char *dir)
{
    char path[4096];
    struct file_draft draft;
    if (snprintf(path, sizeof path, "%s/runs.jsonl", dir) >= (int)sizeof path)
        return say_failed(dir, STATUS_TOO_BIG);
    enum status st = file_draft_open(path, &draft);
    if (st != STATUS_OK)
        return say_failed(path, st);
    struct json_writer out;
    json_writer_init(&out, draft.stream);
    proofs_json(proofs, &out);
    st = json_writer_finish(&out);
    json_writer_fini(&out);
    if (st == STATUS_OK)
        st = file_draft_commit(&draft);
    else
        file_draft_abort(&draft);
    return st == STATUS_OK ? EXIT_GO_ON : say_failed(path, st);
}

static int load_policy(const char *path, const struct key *key, struct policy **ret_policy)
{
    struct diag diag = { .file = path };
    enum status st = path ? policy_load(path, key, ret_policy, &diag) : policy_default(key, ret_policy);
    if (st == STATUS_OK)
        return EXIT_GO_ON;
    if (diag.reason[0])
        say_diag(&diag);
    else
        say_failed(path ? path : "default policy", st);
    return path ? EXIT_USAGE : EXIT_FAILED;
}

static int run(const struct prove_options *options, const struct lab *lab, struct proofs *proofs)
{
    struct jobs jobs = { .options = options, .lab = lab, .proofs = proofs };
    int status = list_kinds(options->detectors, proofs);
    if (status == EXIT_GO_ON)
        status = load_policy(options->policy, &lab->key, &jobs.policy);
    /* A folder that cannot be made or written is known before the long part. */
    if (status == EXIT_GO_ON && options->lab.out)
        status = lab_make_dir(options->lab.out);
    if (status == EXIT_GO_ON)
        status = run_jobs(&jobs);
    policy_free(jobs.policy);
    if (status == EXIT_GO_ON && options->lab.out)
        status = write_runs(proofs, options->lab.out);
    if (status != EXIT_GO_ON)
        return status;
    struct buffer table = { 0 };
    proofs_table(proofs, &table);
    fwrite(table.data, 1, table.n, stdout);
    bool lost = table.status != STATUS_OK;
    buffer_fini(&table);
    return lost ? say_failed("table", STATUS_NOMEM) : EXIT_DONE;
}

int command_prove(int argc, char **argv)
{
    struct arg_group groups[] = { lab_options_group(PLACE(lab)), ARG_GROUP(rows, 0) };
    struct args args = { usage_text(), groups, 2 };
    struct prove_options options = {
        .lab = lab_options_default(), .detectors = "stillwatch", .first_seed = 1, .last_seed = 1
    };
    struct proofs proofs = { 0 };
    struct words words;
    struct lab lab = { 0 };
    int status = args_parse(&args, argc, argv, &options, &words);
    if (status == EXIT_GO_ON && words.n > 0)
        status = say_usage("prove takes options only, not '%s'", words.items[0]);
    if (status == EXIT_GO_ON)
        status = lab_open(&options.lab, &lab);
    if (status == EXIT_GO_ON) {
        proofs.scenario = lab.scenario;
        proofs.scale = options.lab.scale > 0     ? options.lab.scale
                       : lab.scenario->scale > 0 ? lab.scenario->scale
                                                 : 1;
        status = run(&options, &lab, &proofs);
    }
    proofs_fini(&proofs);
    lab_close(&lab);
    return status;
}
