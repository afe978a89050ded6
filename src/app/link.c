#include "app/args.h"
#include "app/commands.h"
#include "app/lab_options.h"
#include "app/paths.h"
#include "link/link_text.h"

#include <errno.h>
#include <stdio.h>

enum { PATH_BYTES = 4096 };

struct link_options {
    const char *out;
    struct acts_limits limits;
    size_t pairs;
    uint64_t bad_lines;
    double least;
    bool scores, quiet;
};

struct linking {
    const struct link_options *options;
    const char *file;
    struct acts acts;
    struct link link;
    struct crews crews;
    struct csv_counts counts;
};

/* The first of each reason. */
static void say_bad(const struct csv_counts *counts)
{
    for (size_t i = 0; i < counts->n_reasons; i++) {
        if (counts->reasons[i].n > 1)
            fprintf(stderr, "stillwatch: %llu bad, the first:\n", (unsigned long long)counts->reasons[i].n);
        say_diag(&counts->reasons[i].first);
    }
}

static int read_file(struct linking *l)
{
    struct diag diag = { .file = l->file };
    enum status st = csv_read(l->file, l->options->bad_lines, &l->acts, &l->counts, &diag);
    say_bad(&l->counts);
    if (st == STATUS_OK)
        return EXIT_GO_ON;
    if (l->counts.bad > l->options->bad_lines)
        fprintf(stderr, "stillwatch: %s: %llu bad lines, more than --bad-lines allows\n", l->file,
            (unsigned long long)l->counts.bad);
    else if (diag.reason[0])
        say_diag(&diag);
    else
        say_failed(l->file, st);
    return EXIT_FAILED;
}

static int compute(struct linking *l)
{
    const struct link_config config = { .least = l->options->least, .pairs_max = l->options->pairs };
    enum status st = acts_settle(&l->acts);
    if (st == STATUS_OK)
        st = link_run(&l->link, &l->acts, &config);
    if (st == STATUS_OK)
        st = crews_make(&l->crews, &l->link);
    return st == STATUS_OK ? EXIT_GO_ON : say_failed("link", st);
}

typedef enum status write_fn(const struct link_output *output, const char *path);

static int write_file(
    const struct linking *l, const struct link_output *output, const char *name, write_fn *write)
{
    char path[PATH_BYTES];
    if (snprintf(path, sizeof path, "%s/%s", l->options->out, name) >= (int)sizeof path)
        return say_failed(l->options->out, STATUS_TOO_BIG);
    errno = 0;
    enum status st = write(output, path);
    return st == STATUS_OK ? EXIT_GO_ON : say_failed(path, st);
}

static int write_files(const struct linking *l, const struct link_output *output)
{
    int status = lab_make_dir(l->options->out);
    if (status == EXIT_GO_ON)
        status = write_file(l, output, "clusters.csv", link_files_clusters);
    if (status == EXIT_GO_ON && l->options->scores)
        status = write_file(l, output, "scores.csv", link_files_scores);
    return status == EXIT_GO_ON ? write_file(l, output, "link.json", link_files_json) : status;
}

static int print_table(const struct link_output *output)
{
    struct buffer text = { 0 };
    link_text(&text, output);
    int status = text.status == STATUS_OK ? EXIT_GO_ON : say_failed("link", text.status);
    if (status == EXIT_GO_ON)
        fwrite(text.data, 1, text.n, stdout);
    buffer_fini(&text);
    return status;
}

static int run_link(const struct link_options *options, const char *file)
{
    struct linking l = { .options = options, .file = file };
    acts_init(&l.acts, &options->limits);
    int status = read_file(&l);
    if (status == EXIT_GO_ON)
        status = compute(&l);
    const struct link_output output = { &l.link, &l.crews, l.counts };
    if (status == EXIT_GO_ON && options->out)
        status = write_files(&l, &output);
    if (status == EXIT_GO_ON && !options->quiet)
        status = print_table(&output);
    crews_fini(&l.crews);
    link_fini(&l.link);
    acts_fini(&l.acts);
    return status == EXIT_GO_ON ? EXIT_DONE : status;
}

static const char usage[] =
    "Usage: stillwatch link FILE.csv [--out DIR] [OPTION]...\n"
    "\n"
    "Finds accounts that act together in bare sightings from any source. FILE.csv (plain, gzip or zstd; - "
    "is\n"
    "standard input) has a line of column names, then lines in any order:\n"
    "\n"
    "  account,object,time[,kind]\n"
    "\n"
    "Time: seconds or milliseconds since 1970, or ISO 8601 (UTC where it names no zone). Under each kind an\n"
    "object is another one. Only an account's first act on an object counts.\n"
    "\n"
    "Evidence that accounts which acted on an object within a minute, ten, an hour, a day, a week, four\n"
    "weeks, or at any time, did so together: too many of them hardly act elsewhere (novices), or the same "
    "ones\n"
    "meet again on another object (partners), beyond what the popularity of the objects at that time and the "
    "activity of\n"
    "the accounts explain. A score is the probability that an account is one of them.\n"
    "\n"
    "Prints the clusters. With --out DIR writes clusters.csv (cluster,account,score,log10_odds,objects) and "
    "link.json.\n"
    "A class that is sent to one quiet object on one day looks the same: look at the objects first.\n"
    "\n";

#define AT(member) offsetof(struct link_options, member)

static const struct arg rows[] = {
    { "out", "DIR", "where to write clusters.csv and link.json", arg_text, AT(out), 0, 0 },
    { "least", "PERCENT", "score, in percent, from which an account is in a cluster (default 50)",
        arg_percent, AT(least), 0, 100 },
    { "scores", NULL, "write scores.csv too: every account that has a score", arg_flag, AT(scores), 0, 0 },
    { "bad-lines", "N", "lines that may be bad: they are counted and passed over (default 0)", arg_u64,
        AT(bad_lines), 0, UINT64_MAX },
    { "max-acts", "N",
        "lines that are kept, the first ones (default 50000000); more are left\n"
        "out and counted, as with the limits below",
        arg_u64, AT(limits.acts), 1, UINT32_MAX - 1 },
    { "max-accounts", "N", "(default 20000000)", arg_u64, AT(limits.accounts), 1, UINT32_MAX - 1 },
    { "max-objects", "N", "(default 20000000)", arg_u64, AT(limits.objects), 1, UINT32_MAX - 1 },
    { "max-pairs", "N", "candidates that are compared in one window (default 33554432)", arg_u64, AT(pairs),
        1, UINT32_MAX - 1 },
    { "quiet", NULL, "no table", arg_flag, AT(quiet), 0, 0 },
};

int command_link(int argc, char **argv)
{
    static const char *const outputs[] = { "clusters.csv", "scores.csv", "link.json", NULL };
    struct arg_group groups[] = { ARG_GROUP(rows, 0) };
    struct args args = { usage, groups, 1 };
    struct link_options options = {
        .limits = { 20000000, 20000000, 50000000 }, .pairs = 1 << 25, .least = 0.5
    };
    struct words words;
    int status = args_parse(&args, argc, argv, &options, &words);
    if (status != EXIT_GO_ON)
        return status;
    if (words.n == 0)
        return say_usage("link needs FILE.csv");
    if (words.n > 1)
        return say_usage("link takes one file, not '%s' too", words.items[1]);
    if (options.quiet && !options.out)
        return say_usage("--quiet without --out leaves nothing to do");
    if (options.scores && !options.out)
        return say_usage("--scores needs --out DIR, where they are written");
    if (options.out && paths_in(words.items[0], options.out, outputs))
        return say_usage(
            "--out %s: what is written there would replace %s, which is read", options.out, words.items[0]);
    return run_link(&options, words.items[0]);
}
