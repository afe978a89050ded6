#include "app/run.h"
#include "app/secret.h"
#include "record/extract.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int load_policy(struct run *run)
{
    struct diag diag = { .file = run->options->policy };
    enum status st = run->options->policy ? policy_load(run->options->policy, &run->key, &run->policy, &diag)
                                          : policy_default(&run->key, &run->policy);
    if (st == STATUS_OK)
        return EXIT_GO_ON;
    if (diag.reason[0])
        say_diag(&diag);
    else
        say_failed(run->options->policy ? run->options->policy : "default policy", st);
    return run->options->policy ? EXIT_USAGE : EXIT_FAILED;
}

static uint64_t total_bytes(const struct run_options *options)
{
    uint64_t total = 0;
    for (size_t i = 0; i < options->n_inputs; i++) {
        struct stat info;
        if (!strcmp(options->inputs[i], "-") || stat(options->inputs[i], &info) != 0 ||
            !S_ISREG(info.st_mode))
            return 0;
        total += (uint64_t)info.st_size;
    }
    return total;
}

/* All inputs are tried before the first is read: a wrong name must not cost the run that came before it. */
static int check_inputs(const struct run_options *options)
{
    for (size_t i = 0; i < options->n_inputs; i++)
        if (strcmp(options->inputs[i], "-") != 0 && access(options->inputs[i], R_OK) != 0) {
            fprintf(stderr, "stillwatch: %s: %s\n", options->inputs[i], strerror(errno));
            return EXIT_FAILED;
        }
    return EXIT_GO_ON;
}

int run_init(struct run *run, const struct run_options *options, const struct engine_sink *sink)
{
    *run = (struct run){ .options = options };
    int status = secret_load(options->key_file, &run->key);
    if (status == EXIT_GO_ON)
        status = load_policy(run);
    if (status != EXIT_GO_ON)
        return status;
    struct engine_config config = {
        .n_threads = options->n_threads,
        .accounts_max = options->accounts_max,
        .issued_bytes = options->issued_bytes,
        .policy = run->policy,
    };
    if (options->print_memory) {
        printf("%zu bytes are reserved at start, and touched as accounts come; "
               "%zu more at most for campaigns, names and policy\n",
            engine_budget(&config), engine_growth(&config));
        return EXIT_DONE;
    }
    status = check_inputs(options);
    if (status != EXIT_GO_ON)
        return status;
    enum status st = engine_new(&config, sink, &run->engine);
    if (st != STATUS_OK)
        return say_failed("engine", st);
    if (options->records)
        st = record_writer_open(options->records, &run->key, &run->records);
    if (st != STATUS_OK)
        return say_failed(options->records, st);
    progress_start(&run->progress, options->quiet, total_bytes(options));
    return EXIT_GO_ON;
}

void run_fini(struct run *run)
{
    record_writer_abort(run->records);
    engine_free(run->engine);
    policy_free(run->policy);
}

static enum status hand_new(void *context, void **ret_hand)
{
    struct run *run = context;
    struct extractor *extractor;
    enum status st = extractor_new(&run->key, &extractor);
    if (st == STATUS_OK)
        *ret_hand = extractor;
    return st;
}

static void hand_free(void *context, void *hand)
{
    (void)context;
    extractor_free(hand);
}

static enum status records_new(void *context, void **ret_batch)
{
    (void)context;
    struct record_batch *batch;
    enum status st = record_batch_new(&batch);
    if (st == STATUS_OK)
        *ret_batch = batch;
    return st;
}

static void records_free(void *context, void *batch)
{
    (void)context;
    record_batch_free(batch);
}

static enum status records_parse(void *context, void *hand, void *batch, const struct event *event)
{
    (void)context;
    return extract_into(hand, event, batch);
}

static enum status take_batch(struct run *run, const struct record_batch *batch)
{
    enum status st = run->records ? record_writer_batch(run->records, batch) : STATUS_OK;
    if (st == STATUS_OK)
        return engine_batch(run->engine, batch);
    say_failed(run->options->records, st); /* here, where errno still is of this thread */
    run->reported = true;
    return st;
}

static enum status records_deliver(void *context, void *batch)
{
    enum status st = take_batch(context, batch);
    record_batch_reset(batch);
    return st;
}

static void show_progress(void *context, const struct log_progress *progress)
{
    struct run *run = context;
    progress_show(&run->progress, progress->input_bytes, run->log.lines + progress->lines, "lines");
}

/* Later files add to what was counted; the first of each fault and the names of unknown keys are kept. */
static void add_log_stats(struct log_stats *sum, const struct log_stats *part)
{
    sum->lines += part->lines;
    sum->events += part->events;
    sum->bytes += part->bytes;
    for (unsigned i = 0; i < FAULT_COUNT; i++) {
        if (sum->faults[i] == 0)
            sum->first[i] = part->first[i];
        sum->faults[i] += part->faults[i];
    }
    for (uint64_t i = 0; i < part->unknown_keys && i < 32; i++) {
        bool known = false;
        for (uint64_t j = 0; j < sum->unknown_keys && j < 32; j++)
            known |= !strcmp(sum->unknown_key[j], part->unknown_key[i]);
        if (!known && sum->unknown_keys < 32)
            memcpy(sum->unknown_key[sum->unknown_keys++], part->unknown_key[i], sizeof part->unknown_key[i]);
    }
}

static enum status feed_logs(struct run *run, const char *const *paths, size_t n)
{
    struct log_options options = {
        .paths = paths,
        .n_paths = n,
        .n_threads = run->options->n_threads,
        .line_max_bytes = run->options->line_max_bytes,
    };
    struct log_sink sink = {
        .context = run,
        .hand_new = hand_new,
        .hand_free = hand_free,
        .batch_new = records_new,
        .batch_free = records_free,
        .parse = records_parse,
        .deliver = records_deliver,
        .progress = show_progress,
    };
    struct log_stats stats;
    enum status st = log_read(&options, &sink, &stats);
    add_log_stats(&run->log, &stats);
    if (st == STATUS_IO && stats.io.reason[0]) {
        progress_clear(&run->progress);
        say_diag(&stats.io);
        run->reported = true;
    }
    return st;
}

/* A record file that ends early or is damaged is reported; what came before counts. */
static enum status feed_records(struct run *run, const char *path)
{
    enum status st = STATUS_OK;
    struct record_reader *reader = NULL;
    struct record_batch *batch = NULL;
    struct diag diag = { .file = path };
    uint64_t n = 0;
    st = record_reader_open(path, &run->key, &reader, &diag);
    while (st == STATUS_OK) {
        if (!batch)
            TRY(record_batch_new(&batch));
        record_batch_reset(batch);
        st = record_reader_next(reader, batch, &diag);
        if (st != STATUS_OK)
            break;
        n += batch->n;
        TRY(take_batch(run, batch));
        progress_show(&run->progress, 0, n, "records");
    }
    if (st == STATUS_END)
        st = STATUS_OK;
    if (st != STATUS_OK && diag.reason[0]) {
        progress_clear(&run->progress);
        say_diag(&diag);
        run->damaged = true;
        if (st == STATUS_NEED_MORE || st == STATUS_BAD || (st == STATUS_MISMATCH && n > 0))
            st = STATUS_OK;
        run->reported = st != STATUS_OK;
    }
fail:
    record_batch_free(batch);
    record_reader_free(reader);
    return st;
}

/* Of a log in order hardly any are. */
static void warn_of_late(const struct run *run)
{
    struct engine_stats stats;
    engine_stats(run->engine, &stats);
    if (stats.late * 20 > stats.records)
        fprintf(stderr,
            "stillwatch: %llu of %llu records came late and count as of when they came: is the log in order, "
            "and every time right?\n",
            (unsigned long long)stats.late, (unsigned long long)stats.records);
}

/* Says so if it is. */
static bool too_many_bad(const struct run *run)
{
    uint64_t bad = 0;
    for (unsigned i = 0; i < FAULT_COUNT; i++)
        bad += i == FAULT_DAMAGED ? 0 : run->log.faults[i];
    if ((double)bad <= run->options->bad_share * (double)run->log.lines)
        return false;
    fprintf(stderr, "stillwatch: %llu of %llu lines were bad, more than the tolerated %g %%\n",
        (unsigned long long)bad, (unsigned long long)run->log.lines, 100 * run->options->bad_share);
    return true;
}

/* A pipe is a log: looking into it for the mark of a record file would take its first bytes away. */
static bool is_record_file(const char *path)
{
    struct stat info;
    if (strcmp(path, "-") == 0 || stat(path, &info) != 0)
        return false;
    /* A pipe cannot be looked into; its name tells. */
    size_t n = strlen(path);
    return S_ISREG(info.st_mode) ? record_file_probe(path) : n > 4 && strcmp(path + n - 4, ".swr") == 0;
}

int run_feed(struct run *run)
{
    const struct run_options *o = run->options;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < o->n_inputs && st == STATUS_OK;) {
        size_t n = 1;
        if (is_record_file(o->inputs[i])) {
            st = feed_records(run, o->inputs[i]);
        } else {
            while (i + n < o->n_inputs && !is_record_file(o->inputs[i + n]))
                n++;
            st = feed_logs(run, o->inputs + i, n);
        }
        i += n;
    }
    progress_clear(&run->progress);
    say_log(&run->log);
    if (st != STATUS_OK)
        return run->reported ? EXIT_FAILED : say_failed("reading", st);
    st = engine_finish(run->engine);
    if (st != STATUS_OK)
        return say_failed("engine", st);
    run->finished = true;
    warn_of_late(run);
    if (run->records) {
        st = record_writer_close(run->records);
        run->records = NULL;
    }
    if (st != STATUS_OK)
        return say_failed(o->records, st);
    if (too_many_bad(run))
        return EXIT_BAD_INPUT;
    return run->damaged || run->log.faults[FAULT_DAMAGED] > 0 ? EXIT_FAILED : EXIT_GO_ON;
}
