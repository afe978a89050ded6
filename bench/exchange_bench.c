/*
 * exchange_bench.c: how fast a log is read and parsed into exchanges, with 1 and 2 threads.
 *
 * exchange_bench [log...]: without files it writes 64 MiB of exchanges of about 2 kB to a temporary file. Every
 * figure is the median of 5 runs with the file in memory; the peer is a pass that only finds line ends.
 */
#define _GNU_SOURCE
#include "exchange/log.h"
#include "exchange/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 5, WRITTEN_BYTES = 64 << 20 };

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum status batch_new(void *context, void **ret_batch)
{
    (void)context;
    *ret_batch = calloc(1, sizeof(uint64_t));
    return *ret_batch ? STATUS_OK : STATUS_NOMEM;
}

static void batch_free(void *context, void *batch)
{
    (void)context;
    free(batch);
}

static enum status parse(void *context, void *hand, void *batch, const struct event *event)
{
    (void)context, (void)hand;
    uint64_t *sum = batch;
    if (event->kind == EVENT_EXCHANGE)
        for (uint32_t i = 0; i < event->exchange.n_parts; i++)
            *sum += event->exchange.parts[i].text.n;
    return STATUS_OK;
}

static enum status deliver(void *context, void *batch)
{
    *(uint64_t *)context += *(uint64_t *)batch;
    *(uint64_t *)batch = 0;
    return STATUS_OK;
}

static void write_text(FILE *file, uint64_t *seed, int n)
{
    static const char *const words[] = { "function", "merge", "list", "the", "of", "returns", "and", "value",
        "a", "sorted", "index", "with", "error", "when", "input", "is" };
    for (int i = 0; i < n; i++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        fprintf(file, "%s%s", words[*seed >> 60], (*seed >> 40) % 12 == 0 ? "\\n    " : " ");
    }
}

static void write_log(FILE *file)
{
    uint64_t seed = 1;
    for (long i = 0; ftell(file) < WRITTEN_BYTES; i++) {
        fprintf(file,
            "{\"event\":\"exchange\",\"time\":\"2026-05-05T08:00:00.123Z\",\"id\":\"req_%06ld\",\"account\":"
            "\"acct_7f3a\","
            "\"key\":\"key_1\",\"client\":{\"ip\":\"198.51.100.7\",\"user_agent\":\"client/"
            "2.0\",\"country\":\"SG\","
            "\"asn\":64500},\"api\":\"openai.chat\",\"request\":{\"model\":\"m-large-2\",\"messages\":[{"
            "\"role\":"
            "\"system\",\"content\":\"You are a careful engineer.\"},{\"role\":\"user\",\"content\":\"",
            i);
        write_text(file, &seed, 60);
        fputs("\"}],\"max_tokens\":2048,\"temperature\":1.0},\"status\":200,\"response\":{\"id\":\"cmpl_1\","
              "\"model\":"
              "\"m-large-2\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":"
              "\"assistant\","
              "\"content\":\"",
            file);
        write_text(file, &seed, 150);
        fputs("\"}}],\"usage\":{\"prompt_tokens\":23,\"completion_tokens\":142,\"total_tokens\":165}},"
              "\"duration_ms\":2210}\n",
            file);
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double count_lines(const struct log_options *options)
{
    static char bytes[1 << 20];
    double start = now(CLOCK_MONOTONIC);
    uint64_t lines = 0;
    for (size_t i = 0; i < options->n_paths; i++) {
        FILE *file = fopen(options->paths[i], "r");
        size_t n;
        if (!file)
            return 0;
        setvbuf(file, NULL, _IONBF, 0);
        while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
            for (char *at = bytes; (at = memchr(at, '\n', n - (size_t)(at - bytes))); at++)
                lines++;
        fclose(file);
    }
    return lines ? now(CLOCK_MONOTONIC) - start : 0;
}

static int run(const struct log_options *options, const char *name)
{
    double seconds[RUNS], processor[RUNS], peer[RUNS];
    struct log_stats stats = { 0 };
    for (int i = 0; i < RUNS; i++) {
        uint64_t sum = 0;
        const struct log_sink sink = { .context = &sum,
            .batch_new = batch_new,
            .batch_free = batch_free,
            .parse = parse,
            .deliver = deliver };
        peer[i] = count_lines(options);
        double start = now(CLOCK_MONOTONIC);
        double processor_start = now(CLOCK_PROCESS_CPUTIME_ID);
        if (log_read(options, &sink, &stats) != STATUS_OK)
            return 1;
        seconds[i] = now(CLOCK_MONOTONIC) - start;
        processor[i] = now(CLOCK_PROCESS_CPUTIME_ID) - processor_start;
    }
    qsort(seconds, RUNS, sizeof *seconds, by_value);
    qsort(processor, RUNS, sizeof *processor, by_value);
    qsort(peer, RUNS, sizeof *peer, by_value);
    double median = seconds[RUNS / 2];
    printf(
        "{\"bench\":\"exchange\",\"threads\":%u,\"log\":\"%s\",\"lines\":%llu,\"good\":%llu,\"bytes_per_"
        "line\":%.0f,"
        "\"ns_per_line\":%.0f,\"cpu_ns_per_line\":%.0f,\"gb_per_s\":%.3f,\"line_ends_only_gb_per_s\":%.3f}\n",
        options->n_threads, name, (unsigned long long)stats.lines, (unsigned long long)stats.events,
        (double)stats.bytes / (double)stats.lines, median / (double)stats.lines * 1e9,
        processor[RUNS / 2] / (double)stats.lines * 1e9, (double)stats.bytes / median / 1e9,
        (double)stats.bytes / peer[RUNS / 2] / 1e9);
    return 0;
}

/* The parser alone, over the first file in memory. */
static int run_parser(const struct log_options *options)
{
    static char text[WRITTEN_BYTES + LINE_PADDING];
    double seconds[RUNS];
    uint64_t lines = 0, n_parts = 0;
    struct line_parser *parser;
    FILE *file = fopen(options->paths[0], "r");
    if (!file || line_parser_new(16 << 20, &parser) != STATUS_OK)
        return 1;
    size_t n = fread(text, 1, WRITTEN_BYTES, file);
    fclose(file);
    for (int i = 0; i < RUNS; i++) {
        double start = now(CLOCK_THREAD_CPUTIME_ID);
        lines = 0;
        for (char *at = text, *end; (end = memchr(at, '\n', n - (size_t)(at - text)));
             at = end + 1, lines++) {
            struct event event;
            enum line_fault fault;
            if (line_parse(parser, (struct span){ at, (size_t)(end - at) }, &event, &fault, NULL) ==
                    STATUS_OK &&
                event.kind == EVENT_EXCHANGE)
                n_parts += event.exchange.n_parts;
        }
        seconds[i] = now(CLOCK_THREAD_CPUTIME_ID) - start;
    }
    line_parser_free(parser);
    qsort(seconds, RUNS, sizeof *seconds, by_value);
    printf("{\"bench\":\"exchange_parse\",\"lines\":%llu,\"parts\":%llu,\"cpu_ns_per_line\":%.0f,\"best_ns_"
           "per_line\":%.0f}\n",
        (unsigned long long)lines, (unsigned long long)n_parts / RUNS,
        seconds[RUNS / 2] / (double)lines * 1e9, seconds[0] / (double)lines * 1e9);
    return 0;
}

int main(int n_args, char **args)
{
    char made[] = "/tmp/exchange_bench.XXXXXX";
    const char *paths[1] = { made };
    struct log_options options = {
        .paths = paths, .n_paths = 1, .chunk_bytes = getenv("CHUNK") ? (size_t)atol(getenv("CHUNK")) : 0
    };
    if (n_args > 1) {
        options.paths = (const char *const *)(args + 1);
        options.n_paths = (size_t)n_args - 1;
    } else {
        FILE *file = fdopen(mkstemp(made), "w");
        write_log(file);
        fclose(file);
    }
    int failed = run_parser(&options);
    for (options.n_threads = 1; options.n_threads <= 2; options.n_threads++)
        failed |= run(&options, n_args > 1 ? "given" : "made");
    if (n_args == 1)
        unlink(made);
    return failed;
}
