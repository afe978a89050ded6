#include "app/args.h"
#include "app/commands.h"
#include "app/paths.h"
#include "app/secret.h"
#include "base/file.h"
#include "score/run_file.h"
#include "score/score_text.h"
#include "score/truth_file.h"

#include <errno.h>
#include <stdio.h>

enum { LOGS_MAX = 64, PATH_BYTES = 4096 };

struct score_options {
    const char *truth, *run, *out, *key_file;
    const char *logs[LOGS_MAX];
    unsigned n_threads;
    bool shadow, quiet;
    size_t n_logs;
};

struct scoring {
    const struct score_options *options;
    struct key key;
    struct truth_file *truth;
    struct run_file *run;
    struct score score;
    struct score_input input;
};

static int failed(enum status st, const struct diag *diag, const char *what)
{
    if (!diag->reason[0])
        return say_failed(diag->file ? diag->file : what, st);
    say_diag(diag);
    return EXIT_FAILED;
}

static int read_files(struct scoring *s)
{
    const struct score_options *o = s->options;
    const struct truth_options options = {
        .dir = o->truth, .logs = o->logs, .n_logs = o->n_logs, .key = &s->key, .n_threads = o->n_threads
    };
    struct diag diag = { 0 };
    enum status st = truth_file_new(&options, &s->truth);
    if (st == STATUS_OK)
        st = run_file_new(o->run, &s->key, o->shadow, &s->run);
    if (st == STATUS_OK)
        st = run_file_read(s->run, &diag); /* first: it is the shorter one */
    if (st == STATUS_OK)
        st = truth_file_read(s->truth, &diag);
    return st == STATUS_OK ? EXIT_GO_ON : failed(st, &diag, "score");
}

static int compute(struct scoring *s)
{
    struct diag diag = { .file = s->options->truth };
    enum status st = score_compute(truth_file_truth(s->truth), run_file_run(s->run), &s->score, &diag);
    const struct extraction *extraction = truth_file_extraction(s->truth);
    s->input = (struct score_input){
        .shadow_decisions = run_file_shadow(s->run),
        .extraction_missing = extraction->missing,
        .events_of_unknown = extraction->of_unknown,
        .bad_lines = extraction->bad_lines,
    };
    if (extraction->bad_lines > 0)
        say_diag(&extraction->first_bad);
    return st == STATUS_OK ? EXIT_GO_ON : failed(st, &diag, "score");
}

static int write_file(const struct scoring *s, const char *path)
{
    struct json_writer writer;
    json_writer_init(&writer, NULL);
    score_json(&writer, &s->score, &s->input);
    errno = 0;
    enum status st = json_writer_finish(&writer);
    if (st == STATUS_OK)
        st = file_write(path, json_writer_span(&writer));
    json_writer_fini(&writer);
    return st == STATUS_OK ? EXIT_GO_ON : say_failed(path, st);
}

static int write_score(const struct scoring *s)
{
    char path[PATH_BYTES];
    if (s->options->out)
        return write_file(s, s->options->out);
    if (snprintf(path, sizeof path, "%s/score.json", s->options->run) >= (int)sizeof path)
        return say_failed(s->options->run, STATUS_TOO_BIG);
    return write_file(s, path);
}

static int print_table(const struct scoring *s)
{
    struct buffer text = { 0 };
    score_text(&text, &s->score, &s->input);
    int status = text.status == STATUS_OK ? EXIT_GO_ON : say_failed("score", text.status);
    if (status == EXIT_GO_ON)
        fwrite(text.data, 1, text.n, stdout);
    buffer_fini(&text);
    return status;
}

static int check_output(const struct score_options *o)
{
    static const char *const truths[] = { "truth.jsonl", "extraction.ids", "extraction.csv", "costs.jsonl",
        "period.json", "log.jsonl", "log.jsonl.gz", "log.jsonl.zst", "records.swr", NULL };
    static const char *const runs[] = { "decisions.jsonl", "campaigns.json", NULL };
    bool is_input = paths_in(o->out, o->truth, truths) || paths_in(o->out, o->run, runs) ||
                    paths_same(o->out, o->key_file);
    for (size_t i = 0; i < o->n_logs; i++)
        is_input |= paths_same(o->out, o->logs[i]);
    return is_input ? say_usage("--out %s would replace what is read", o->out) : EXIT_GO_ON;
}

static int run_score(const struct score_options *options)
{
    struct scoring s = { .options = options };
    int status = secret_load(options->key_file, &s.key);
    if (status == EXIT_GO_ON)
        status = read_files(&s);
    if (status == EXIT_GO_ON)
        status = compute(&s);
    if (status == EXIT_GO_ON)
        status = write_score(&s);
    if (status == EXIT_GO_ON && !options->quiet)
        status = print_table(&s);
    score_fini(&s.score);
    run_file_free(s.run);
    truth_file_free(s.truth);
    return status == EXIT_GO_ON ? EXIT_DONE : status;
}

static const char usage[] =
    "Usage: stillwatch score --truth DIR --run DIR [OPTION]...\n"
    "\n"
    "Compares what a run decided and reported (decisions.jsonl, campaigns.json) with what is true "
    "(truth.jsonl,\n"
    "extraction.ids or extraction.csv; costs.jsonl and period.json where they are there), prints tables and "
    "writes\n"
    "score.json. Times of extraction exchanges come from extraction.csv or, by their ids, from the log.\n"
    "\n";

#define AT(member) offsetof(struct score_options, member)

/* --log may be given several times. */
static int arg_log(const struct arg *arg, const char *text, void *place)
{
    (void)arg;
    struct score_options *options = place;
    if (options->n_logs == LOGS_MAX)
        return say_usage("--log can be given %d times at most", LOGS_MAX);
    options->logs[options->n_logs++] = text;
    return EXIT_GO_ON;
}

static const struct arg rows[] = {
    { "truth", "DIR", "the truth", arg_text, AT(truth), 0, 0 },
    { "run", "DIR", "what replay wrote, or another program in the same form", arg_text, AT(run), 0, 0 },
    { "log", "FILE",
        "the log, or its records (several times: one after the other; default:\n"
        "log.jsonl, .gz, .zst or records.swr beside the truth)",
        arg_log, 0, 0, 0 },
    { "out", "FILE", "where to write (default: score.json in the run's folder)", arg_text, AT(out), 0, 0 },
    { "key-file", "FILE", "the secret that replay or the records were given", arg_text, AT(key_file), 0, 0 },
    { "shadow", NULL, "decisions in shadow mode count as if they had taken effect", arg_flag, AT(shadow), 0,
        0 },
    { "threads", "N", "threads to read the log with, 1 to 64 (default 2)", arg_unsigned, AT(n_threads), 1,
        64 },
    { "quiet", NULL, "no tables", arg_flag, AT(quiet), 0, 0 },
};

int command_score(int argc, char **argv)
{
    struct arg_group groups[] = { ARG_GROUP(rows, 0) };
    struct args args = { usage, groups, 1 };
    struct score_options options = { .n_threads = 2 };
    struct words words;
    int status = args_parse(&args, argc, argv, &options, &words);
    if (status != EXIT_GO_ON)
        return status;
    if (words.n > 0)
        return say_usage("score takes options only, not '%s'", words.items[0]);
    if (!options.truth)
        return say_usage("score needs --truth DIR");
    if (!options.run)
        return say_usage("score needs --run DIR");
    status = check_output(&options);
    return status == EXIT_GO_ON ? run_score(&options) : status;
}
