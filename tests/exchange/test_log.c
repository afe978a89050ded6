#include "exchange/collect.h"

#include "support/alloc_sweep.h"

#include <zlib.h>
#include <zstd.h>

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static void assert_reads(const char *bytes, size_t n, const char *expected, struct log_stats *ret_stats)
{
    char path[PATH_BYTES], *text;
    write_file(path, bytes, n);
    assert_ok(read_all(path, 2, 0, 0, &text, ret_stats));
    assert_string_equal(text, expected);
    free(text);
    unlink(path);
}

static void assert_first(const struct log_stats *stats, enum line_fault fault, uint64_t line, uint64_t offset)
{
    assert_int_equal(stats->faults[fault], 1);
    assert_int_equal(stats->first[fault].line, line);
    assert_int_equal(stats->first[fault].offset, offset);
}

static void line_ends_of_all_kinds_and_empty_lines_are_taken(void **state)
{
    (void)state;
    struct log_stats stats;
    static const char text[] = "\xef\xbb\xbf" RELEASE("a") "\r\n\n \t\r\n" RELEASE("b") "\n\n" RELEASE("c");
    assert_reads(text, sizeof text - 1, RELEASED("a") RELEASED("b") RELEASED("c"), &stats);
    assert_int_equal(stats.lines, 3);
    assert_int_equal(stats.events, 3);
    assert_int_equal(stats.bytes, sizeof text - 1);
    for (int i = 0; i < FAULT_COUNT; i++)
        assert_int_equal(stats.faults[i], 0);
}

static void an_empty_file_has_no_events(void **state)
{
    (void)state;
    struct log_stats stats;
    assert_reads("", 0, "", &stats);
    assert_int_equal(stats.lines, 0);
}

static void bad_lines_are_skipped_counted_and_placed(void **state)
{
    (void)state;
    struct log_stats stats;
    static const char text[] =
        RELEASE("a") "\n\nnonsense\n{}\n" RELEASE("b") "\n{\"time\":1}\n{\"status\":7}\nmore nonsense\n";
    size_t a = strlen(RELEASE("a")) + 2;
    assert_reads(text, sizeof text - 1, RELEASED("a") RELEASED("b"), &stats);
    assert_int_equal(stats.lines, 7);
    assert_int_equal(stats.events, 2);
    assert_int_equal(stats.faults[FAULT_NOT_JSON], 2);
    assert_int_equal(stats.first[FAULT_NOT_JSON].line, 3);
    assert_int_equal(stats.first[FAULT_NOT_JSON].offset, a);
    assert_first(&stats, FAULT_MISSING_KEY, 4, a + 9);
    assert_first(&stats, FAULT_WRONG_TYPE, 6, a + 12 + strlen(RELEASE("b")) + 1);
    assert_first(&stats, FAULT_BAD_VALUE, 7, a + 12 + strlen(RELEASE("b")) + 1 + 11);
    assert_string_equal(stats.first[FAULT_WRONG_TYPE].field, "time");
    assert_non_null(stats.first[FAULT_WRONG_TYPE].file);
}

static void a_truncated_last_line_is_counted_and_loses_nothing_before(void **state)
{
    (void)state;
    struct log_stats stats;
    static const char text[] = RELEASE("a") "\n{\"event\":\"rel";
    assert_reads(text, sizeof text - 1, RELEASED("a"), &stats);
    assert_first(&stats, FAULT_TRUNCATED, 2, strlen(RELEASE("a")) + 1);
    assert_int_equal(stats.lines, 2);
}

static void a_last_line_without_end_may_be_bad_in_other_ways(void **state)
{
    (void)state;
    struct log_stats stats;
    static const char text[] = RELEASE("a") "\n{\"event\":\"release\"}";
    assert_reads(text, sizeof text - 1, RELEASED("a"), &stats);
    assert_first(&stats, FAULT_MISSING_KEY, 2, strlen(RELEASE("a")) + 1);
}

static void lines_beyond_the_limit_are_skipped_whatever_the_chunks(void **state)
{
    (void)state;
    enum { LIMIT = 200 };
    char text[4000], path[PATH_BYTES], expected[400] = "";
    size_t n = 0, long_offset = 0;
    static const int lengths[] = { LIMIT, LIMIT + 1, 10, LIMIT + 2000, LIMIT, LIMIT + 1 };
    uint64_t too_long = 0;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t start = n;
        n += (size_t)sprintf(text + n, "%s", RELEASE("m"));
        while (n < start + (size_t)lengths[i])
            text[n++] = ' ';
        if (lengths[i] > LIMIT && too_long++ == 0)
            long_offset = start;
        else if (lengths[i] <= LIMIT)
            strcat(expected, RELEASED("m"));
        if (i + 1 < sizeof lengths / sizeof *lengths)
            n += (size_t)sprintf(text + n, i % 2 ? "\n" : "\r\n");
    }
    write_file(path, text, n);
    for (size_t chunk = 64; chunk < 8192; chunk += chunk / 2) {
        struct log_stats stats;
        char *shown;
        assert_ok(read_all(path, 2, chunk, LIMIT, &shown, &stats));
        assert_string_equal(shown, expected);
        assert_int_equal(stats.faults[FAULT_TOO_LONG], too_long);
        assert_int_equal(stats.first[FAULT_TOO_LONG].line, 2);
        assert_int_equal(stats.first[FAULT_TOO_LONG].offset, long_offset);
        assert_int_equal(stats.lines, 6);
        assert_int_equal(stats.bytes, n);
        free(shown);
    }
    unlink(path);
}

static void a_long_line_behind_a_mark_and_a_blank_one_are_placed_alike_whatever_the_chunks(void **state)
{
    (void)state;
    enum { LIMIT = 200, MARK = 3 };
    char text[2 * LIMIT + 100], path[PATH_BYTES];
    size_t n = (size_t)sprintf(text, "\xef\xbb\xbf%*s\n%*s\n", LIMIT + 1, "x", LIMIT + 1, "");
    write_file(path, text, n);
    for (size_t chunk = 1; chunk < 8192; chunk += chunk / 2 + 1) {
        struct log_stats stats;
        char *shown;
        assert_ok(read_all(path, 1, chunk, LIMIT, &shown, &stats));
        assert_int_equal(stats.faults[FAULT_TOO_LONG], 2);
        assert_int_equal(stats.first[FAULT_TOO_LONG].line, 1);
        assert_int_equal(stats.first[FAULT_TOO_LONG].offset, MARK);
        assert_string_equal(stats.first[FAULT_TOO_LONG].reason, "longer than 200 bytes");
        assert_int_equal(stats.lines, 2);
        assert_int_equal(stats.bytes, n);
        free(shown);
    }
    unlink(path);
}

/* Good and bad lines of all kinds and lengths. */
static size_t write_mixture(char *text, uint64_t *seed, int n_lines)
{
    size_t n = 0;
    for (int i = 0; i < n_lines; i++) {
        static const char *const kinds[][2] = {
            { "{\"event\":\"release\",\"time\":\"2026-05-04T16:00:00Z\",\"model\":\"m", "\"}\n" },
            { "{\"time\":\"2026-05-05T08:00:00Z\",\"id\":\"r",
                "\",\"account\":\"a\",\"status\":200,\"odd\":1}\r\n" },
            { "nonsense ", "\n" },
            { "\n", "\n" },
            { "{\"n\":", "}\n" },
            { "{\"time\":\"2026-05-05T08:00:00Z\",\"id\":\"r",
                "\",\"account\":\"a\",\"status\":200,\"strange\":1,\"api\":\"openai.chat\",\"request\":{"
                "\"messages\":["
                "{\"role\":\"user\",\"content\":\"Escaped\\n and\\u0041 plain\"}]}}\n" },
            { "{\"event\":\"account\",\"time\":\"2026-05-05T08:00:00Z\",\"account\":\"a",
                "\",\"tier\":\"paid\"}\n" },
            { "{\"status\":", ".5}\n" },
        };
        const char *const *kind = kinds[next_random(seed) % 8];
        n += (size_t)sprintf(text + n, "%s%d%s", kind[0], i, kind[1]);
    }
    return n;
}

static void assert_same_stats(const struct log_stats *a, const struct log_stats *b)
{
    assert_int_equal(a->lines, b->lines);
    assert_int_equal(a->events, b->events);
    assert_int_equal(a->bytes, b->bytes);
    assert_int_equal(a->unknown_keys, b->unknown_keys);
    assert_memory_equal(a->unknown_key, b->unknown_key, sizeof a->unknown_key);
    for (int i = 0; i < FAULT_COUNT; i++) {
        assert_int_equal(a->faults[i], b->faults[i]);
        assert_int_equal(a->first[i].line, b->first[i].line);
        assert_int_equal(a->first[i].offset, b->first[i].offset);
        assert_string_equal(a->first[i].field, b->first[i].field);
        assert_string_equal(a->first[i].reason, b->first[i].reason);
    }
}

static void neither_chunks_nor_threads_change_the_result(void **state)
{
    (void)state;
    uint64_t seed = 20260505;
    print_message("seed %llu\n", (unsigned long long)seed);
    char *text = malloc(1 << 20), path[PATH_BYTES], *expected, *got;
    assert_non_null(text);
    for (int round = 0; round < 8; round++) {
        struct log_stats whole, cut;
        size_t n = write_mixture(text, &seed, 300);
        n -= next_random(&seed) % 40; /* often a truncated last line */
        write_file(path, text, n);
        assert_ok(read_all(path, 1, 1 << 20, 0, &expected, &whole));
        for (unsigned threads = 1; threads <= 4; threads *= 2) {
            for (int i = 0; i < 6; i++) {
                size_t chunk = i == 0 ? 1 : i == 1 ? 64 : 1 + next_random(&seed) % 5000;
                assert_ok(read_all(path, threads, chunk, 0, &got, &cut));
                assert_string_equal(got, expected);
                assert_same_stats(&cut, &whole);
                free(got);
            }
        }
        free(expected);
        unlink(path);
    }
    free(text);
}

static void the_cut_into_files_changes_no_event(void **state)
{
    (void)state;
    char one[PATH_BYTES], two[PATH_BYTES];
    static const char first[] = RELEASE("a") "\nbad\n", second[] = "\n" RELEASE("b") "\n{}\nbad\n";
    write_file(one, first, sizeof first - 1);
    write_file(two, second, sizeof second - 1);
    const char *paths[] = { one, two };
    struct log_options options = { .paths = paths, .n_paths = 2, .n_threads = 2, .chunk_bytes = 64 };
    struct collected collected = { 0 };
    struct log_sink sink = collect_sink(&collected);
    struct log_stats stats;
    assert_ok(log_read(&options, &sink, &stats));
    fflush(collected.out);
    assert_string_equal(collected.text, RELEASED("a") RELEASED("b"));
    assert_ptr_equal(stats.first[FAULT_NOT_JSON].file, one);
    assert_int_equal(stats.first[FAULT_NOT_JSON].line, 2);
    assert_ptr_equal(stats.first[FAULT_MISSING_KEY].file, two);
    assert_first(&stats, FAULT_MISSING_KEY, 3, strlen(RELEASE("b")) + 2);
    collected_free(&collected);
    unlink(one);
    unlink(two);
}

static void a_file_that_is_missing_ends_the_run_after_what_came_before(void **state)
{
    (void)state;
    char one[PATH_BYTES];
    write_file(one, RELEASE("a"), strlen(RELEASE("a")));
    const char *paths[] = { one, "/nonexistent/log", one };
    struct log_options options = { .paths = paths, .n_paths = 3, .n_threads = 2 };
    struct collected collected = { 0 };
    struct log_sink sink = collect_sink(&collected);
    struct log_stats stats;
    assert_int_equal(log_read(&options, &sink, &stats), STATUS_IO);
    fflush(collected.out);
    assert_string_equal(collected.text, RELEASED("a"));
    assert_ptr_equal(stats.io.file, paths[1]);
    assert_string_equal(stats.io.reason, "No such file or directory");
    collected_free(&collected);
    unlink(one);
}

static void a_status_of_the_sink_ends_the_run(void **state)
{
    (void)state;
    char path[PATH_BYTES], text[8192] = "";
    const char *paths[] = { path };
    for (int i = 0; i < 100; i++)
        strcat(text, RELEASE("a") "\n");
    write_file(path, text, strlen(text));
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct log_options options = {
            .paths = paths, .n_paths = 1, .n_threads = threads, .chunk_bytes = 64
        };
        struct collected collected = { .refuse = STATUS_FULL };
        struct log_sink sink = collect_sink(&collected);
        struct log_stats stats;
        assert_int_equal(log_read(&options, &sink, &stats), STATUS_FULL);
        collected_free(&collected);
    }
    unlink(path);
}

/* Hands count without locks: two threads with the same one would be a race, which the thread sanitizer sees. */
static struct {
    size_t n_hands, n_events;
} counted;

static enum status counting_hand_new(void *context, void **ret_hand)
{
    (void)context;
    counted.n_hands++;
    *ret_hand = calloc(1, sizeof(size_t));
    return *ret_hand ? STATUS_OK : STATUS_NOMEM;
}

static void counting_hand_free(void *context, void *hand)
{
    (void)context;
    counted.n_events += *(size_t *)hand;
    free(hand);
}

static enum status counting_parse(void *context, void *hand, void *batch, const struct event *event)
{
    ++*(size_t *)hand;
    return collect_parse(context, hand, batch, event);
}

static void every_thread_parses_with_a_hand_of_its_own(void **state)
{
    (void)state;
    enum { LINES = 2000 };
    char path[PATH_BYTES];
    const char *paths[] = { path };
    char *text = calloc(LINES, sizeof(RELEASE("a") "\n"));
    assert_non_null(text);
    for (size_t i = 0; i < LINES; i++)
        memcpy(text + i * (sizeof(RELEASE("a") "\n") - 1), RELEASE("a") "\n", sizeof(RELEASE("a") "\n") - 1);
    write_file(path, text, strlen(text));
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct log_options options = {
            .paths = paths, .n_paths = 1, .n_threads = threads, .chunk_bytes = 256
        };
        struct collected collected = { 0 };
        struct log_sink sink = collect_sink(&collected);
        sink.hand_new = counting_hand_new;
        sink.hand_free = counting_hand_free;
        sink.parse = counting_parse;
        struct log_stats stats;
        counted.n_hands = counted.n_events = 0;
        assert_ok(log_read(&options, &sink, &stats));
        assert_int_equal(counted.n_hands, threads);
        assert_int_equal(counted.n_events, LINES);
        collected_free(&collected);
    }
    free(text);
    unlink(path);
}

static size_t gzipped(const char *text, size_t n, char *packed, size_t room)
{
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)text;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)packed;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t packed_n = room - z.avail_out;
    deflateEnd(&z);
    return packed_n;
}

static void damage_is_counted_once_and_loses_no_line_before(void **state)
{
    (void)state;
    enum { LINES = 20000, ROOM = 4 << 20 };
    char *text = malloc(ROOM), *packed = malloc(ROOM), path[PATH_BYTES], *shown;
    assert_true(text && packed);
    size_t n = 0;
    for (int i = 0; i < LINES; i++)
        n += (size_t)sprintf(text + n,
            "{\"event\":\"release\",\"time\":\"2026-05-04T16:00:00Z\",\"model\":\"%x\"}\n", i * 7919);
    for (int zstd = 0; zstd < 2; zstd++) {
        size_t packed_n = zstd ? ZSTD_compress(packed, ROOM, text, n, 3) : gzipped(text, n, packed, ROOM);
        packed_n = packed_n * 3 / 4;
        write_file(path, packed, packed_n);
        struct log_stats stats;
        assert_ok(read_all(path, 2, 5000, 0, &shown, &stats));
        assert_int_equal(stats.faults[FAULT_DAMAGED], 1);
        assert_int_equal(stats.faults[FAULT_TRUNCATED], 0);
        assert_true(stats.events > LINES / 4);
        assert_int_equal(stats.lines, stats.events);
        assert_int_equal(stats.first[FAULT_DAMAGED].line, stats.events + 1);
        assert_int_equal(stats.first[FAULT_DAMAGED].offset, stats.bytes);
        assert_memory_equal(shown, "release", 7);
        free(shown);
        unlink(path);
    }
    free(text);
    free(packed);
}

static struct log_progress last_progress;

static void note_progress(void *context, const struct log_progress *progress)
{
    (void)context;
    assert_true(progress->input_bytes >= last_progress.input_bytes);
    last_progress = *progress;
}

static void progress_ends_at_the_size_of_the_files(void **state)
{
    (void)state;
    char path[PATH_BYTES];
    static const char text[] = RELEASE("a") "\n" RELEASE("b") "\n" RELEASE("c") "\n";
    write_file(path, text, sizeof text - 1);
    const char *paths[] = { path, path };
    struct log_options options = { .paths = paths, .n_paths = 2, .n_threads = 2, .chunk_bytes = 64 };
    struct collected collected = { 0 };
    struct log_sink sink = collect_sink(&collected);
    struct log_stats stats;
    sink.progress = note_progress;
    assert_ok(log_read(&options, &sink, &stats));
    assert_int_equal(last_progress.input_bytes, 2 * (sizeof text - 1));
    assert_int_equal(last_progress.input_total_bytes, 2 * (sizeof text - 1));
    assert_int_equal(last_progress.lines, 6);
    collected_free(&collected);
    unlink(path);
}

static void standard_input_is_read_like_a_file(void **state)
{
    (void)state;
    int ends[2];
    struct log_stats stats;
    char *shown;
    static const char text[] = RELEASE("a") "\n" RELEASE("b");
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, sizeof text - 1), sizeof text - 1);
    close(ends[1]);
    int saved = dup(STDIN_FILENO);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    assert_ok(read_all("-", 2, 0, 0, &shown, &stats));
    dup2(saved, STDIN_FILENO);
    close(saved);
    assert_string_equal(shown, RELEASED("a") RELEASED("b"));
    free(shown);
}

static void running_out_of_memory_ends_the_run_without_a_leak(void **state)
{
    (void)state;
    char path[PATH_BYTES], *shown;
    static const char text[] = "bad\n" RELEASE("a") "\n" RELEASE("b") "\n" EXCHANGE("") "\n";
    write_file(path, text, sizeof text - 1);
    bool reached = true;
    for (long n = 0; reached; n++) {
        struct log_stats stats;
        alloc_sweep_arm(n);
        enum status st = read_all(path, 1, 64, 0, &shown, &stats);
        reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        free(shown);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_ends_of_all_kinds_and_empty_lines_are_taken),
        cmocka_unit_test(an_empty_file_has_no_events),
        cmocka_unit_test(bad_lines_are_skipped_counted_and_placed),
        cmocka_unit_test(a_truncated_last_line_is_counted_and_loses_nothing_before),
        cmocka_unit_test(a_last_line_without_end_may_be_bad_in_other_ways),
        cmocka_unit_test(lines_beyond_the_limit_are_skipped_whatever_the_chunks),
        cmocka_unit_test(a_long_line_behind_a_mark_and_a_blank_one_are_placed_alike_whatever_the_chunks),
        cmocka_unit_test(neither_chunks_nor_threads_change_the_result),
        cmocka_unit_test(the_cut_into_files_changes_no_event),
        cmocka_unit_test(a_file_that_is_missing_ends_the_run_after_what_came_before),
        cmocka_unit_test(a_status_of_the_sink_ends_the_run),
        cmocka_unit_test(damage_is_counted_once_and_loses_no_line_before),
        cmocka_unit_test(progress_ends_at_the_size_of_the_files),
        cmocka_unit_test(standard_input_is_read_like_a_file),
        cmocka_unit_test(every_thread_parses_with_a_hand_of_its_own),
        cmocka_unit_test(running_out_of_memory_ends_the_run_without_a_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
