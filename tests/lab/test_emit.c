#include "lab/fixture.h"

#include "base/file.h"
#include "exchange/parse.h"
#include "lab/emit.h"
#include "record/codec.h"
#include "record/extract.h"
#include "support/alloc_sweep.h"

#include <unistd.h>

static struct lab lab;

static int open_lab(void **state)
{
    (void)state;
    lab_open(&lab);
    return 0;
}

static int close_lab(void **state)
{
    (void)state;
    lab_close(&lab);
    return 0;
}

static struct emitter *open_emitter(unsigned n_threads, unsigned what)
{
    struct emitter *emitter;
    const struct emit_config config = {
        .world = lab.world, .corpus = lab.corpus, .key = &lab.key, .n_threads = n_threads, .what = what
    };
    assert_ok(emitter_new(&config, &emitter));
    return emitter;
}

/* Reads the lines again and compares what is extracted from them with the records. */
struct reader {
    struct line_parser *parser;
    struct extractor *extractor;
    char *line;
    size_t capacity;
};

static void reader_open(struct reader *reader)
{
    *reader = (struct reader){ 0 };
    assert_ok(line_parser_new(16 << 20, &reader->parser));
    assert_ok(extractor_new(&lab.key, &reader->extractor));
}

static void reader_close(struct reader *reader)
{
    line_parser_free(reader->parser);
    extractor_free(reader->extractor);
    free(reader->line);
}

static void extract_line(struct reader *reader, struct span line, struct record *ret_record)
{
    struct event event;
    enum line_fault fault;
    struct diag diag;
    if (line.n + LINE_PADDING > reader->capacity) {
        reader->capacity = 2 * (line.n + LINE_PADDING);
        reader->line = realloc(reader->line, reader->capacity);
        assert_non_null(reader->line);
    }
    memcpy(reader->line, line.data, line.n);
    memset(reader->line + line.n, 0, LINE_PADDING);
    assert_ok(line_parse(reader->parser, (struct span){ reader->line, line.n }, &event, &fault, &diag));
    extract_record(reader->extractor, &event, ret_record);
}

static size_t compare(struct reader *reader, const struct emission *emission)
{
    uint8_t direct[4096], parsed[4096];
    size_t i = 0;
    for (; i < emission->n_pieces; i++) {
        struct record record;
        struct span line = emission->pieces[i];
        assert_int_equal(span_find(line, '\n', 0), --line.n);
        extract_line(reader, line, &record);
        assert_true(i < emission->records->n);
        size_t n = record_encode(&emission->records->records[i], direct, sizeof direct);
        assert_true(n > 0);
        size_t m = record_encode(&record, parsed, sizeof parsed);
        if (n != m || memcmp(direct, parsed, n) != 0)
            fail_msg("another record: %.*s", (int)(line.n < 3000 ? line.n : 3000), line.data);
    }
    assert_int_equal(i, emission->records->n);
    return i;
}

/* In batches of many sizes, those that one thread does alone among them. */
static size_t compare_all(const struct happened *all)
{
    struct reader reader;
    struct emitter *emitter = open_emitter(3, EMIT_LOG | EMIT_RECORDS);
    size_t compared = 0;
    reader_open(&reader);
    for (size_t at = 0, step = 1; at < all->n; at += step, step = step * 3 % 1009) {
        struct emission emission;
        size_t n = all->n - at < step ? all->n - at : step;
        assert_ok(emit(emitter, all->items + at, n, &emission));
        compared += compare(&reader, &emission);
    }
    assert_int_equal(compared, all->n);
    emitter_free(emitter);
    reader_close(&reader);
    return compared;
}

static void records_of_every_population_are_those_of_the_lines_byte_for_byte(void **state)
{
    (void)state;
    char *text = lab_every_population(LAB_HEAD("5") "releases: [{day: 1, model: m-large-2}]\n", 2);
    lab_world(&lab, text, 21, 1);
    struct happened all = lab_run(lab.world, 12000);
    assert_true(compare_all(&all) > 9000);
    free(all.items);
    free(text);
}

static void records_of_every_operator_are_those_of_the_lines_byte_for_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < builtin_count(BUILTIN_SCENARIO); i++) {
        lab_world(&lab, builtin_at(BUILTIN_SCENARIO, i)->name, 31 + i, 0.004);
        struct happened all = lab_run(lab.world, 4000);
        assert_true(compare_all(&all) > 300);
        free(all.items);
    }
}

static void put_pieces(FILE *out, const struct emission *emission)
{
    for (size_t i = 0; i < emission->n_pieces; i++)
        fwrite(emission->pieces[i].data, 1, emission->pieces[i].n, out);
}

static char *joined(const struct emission *emission, size_t *ret_n)
{
    char *bytes;
    FILE *out = open_memstream(&bytes, ret_n);
    put_pieces(out, emission);
    fclose(out);
    return bytes;
}

/* Everything that so many threads put out for a world of this seed, as bytes. */
static char *all_bytes(unsigned n_threads, uint64_t seed, unsigned what, size_t *ret_n)
{
    char *bytes;
    char path[64] = "/tmp/stillwatch_emit.XXXXXX";
    FILE *out = open_memstream(&bytes, ret_n);
    struct record_writer *writer;
    close(mkstemp(path));
    lab_world(&lab, "l1", seed, 0.01);
    struct happened all = lab_run(lab.world, 3000);
    struct emitter *emitter = open_emitter(n_threads, what);
    assert_ok(record_writer_open(path, &lab.key, &writer));
    for (size_t at = 0; at < all.n; at += 1500) {
        struct emission emission;
        size_t n = all.n - at < 1500 ? all.n - at : 1500;
        assert_ok(emit(emitter, all.items + at, n, &emission));
        if (what & EMIT_LOG)
            put_pieces(out, &emission);
        if (what & EMIT_QUERIES)
            fwrite(emission.queries, sizeof *emission.queries, n, out);
        if (what & EMIT_RECORDS)
            assert_ok(record_writer_batch(writer, emission.records));
        for (size_t i = 0; what & EMIT_ITEMS && i < emission.n_pieces; i++)
            assert_ok(record_writer_items(writer, emission.pieces[i]));
    }
    assert_ok(record_writer_close(writer));
    struct span file;
    assert_ok(file_read(path, 1 << 30, &file));
    fwrite(file.data, 1, file.n, out);
    fclose(out);
    free((void *)(uintptr_t)file.data);
    unlink(path);
    emitter_free(emitter);
    free(all.items);
    return bytes;
}

static void any_number_of_threads_puts_out_the_same_bytes(void **state)
{
    (void)state;
    static const unsigned whats[] = { EMIT_LOG, EMIT_RECORDS, EMIT_RECORDS | EMIT_QUERIES, EMIT_ITEMS };
    for (size_t k = 0; k < sizeof whats / sizeof *whats; k++) {
        size_t n_one, n;
        char *one = all_bytes(1, 41, whats[k], &n_one);
        assert_true(n_one > 100000);
        for (unsigned threads = 1; threads <= 4; threads++) {
            char *bytes = all_bytes(threads, 41, whats[k], &n);
            if (n != n_one || memcmp(bytes, one, n) != 0)
                fail_msg("%u threads write %zu bytes, one writes %zu, or others (what %u)", threads, n, n_one,
                    whats[k]);
            free(bytes);
        }
        char *other = all_bytes(1, 42, whats[k], &n);
        assert_true(n != n_one || memcmp(other, one, n) != 0);
        free(other);
        free(one);
    }
}

static void assert_same_pieces(const struct emission *a, const struct emission *b, size_t n)
{
    assert_true(a->n_pieces >= n && b->n_pieces >= n);
    for (size_t i = 0; i < n; i++)
        assert_true(span_eq(a->pieces[i], b->pieces[i]));
}

static void how_happenings_are_cut_into_batches_shows_in_no_line(void **state)
{
    (void)state;
    lab_world(&lab, "l2", 51, 0.01);
    struct happened all = lab_run(lab.world, 700);
    struct emitter *whole = open_emitter(1, EMIT_LOG), *cut = open_emitter(2, EMIT_LOG);
    struct emission all_at_once;
    assert_ok(emit(whole, all.items, all.n, &all_at_once));
    for (size_t at = 0, step = 1; at < all.n; at += step, step = step * 5 % 127) {
        struct emission emission;
        size_t n = all.n - at < step ? all.n - at : step;
        assert_ok(emit(cut, all.items + at, n, &emission));
        assert_int_equal(emission.n_pieces, n);
        for (size_t i = 0; i < n; i++)
            assert_true(span_eq(emission.pieces[i], all_at_once.pieces[at + i]));
    }
    emitter_free(whole);
    emitter_free(cut);
    free(all.items);
}

static void nothing_is_put_out_for_nothing_and_too_much_is_refused(void **state)
{
    (void)state;
    lab_world(&lab, LAB_HEAD("1") "benign_accounts: 30\n", 1, 1);
    struct emission emission;
    for (unsigned threads = 1; threads <= 2; threads++) {
        struct emitter *emitter = open_emitter(threads, EMIT_LOG | EMIT_RECORDS | EMIT_QUERIES);
        assert_ok(emit(emitter, NULL, 0, &emission));
        assert_int_equal(emission.n_pieces, 0);
        assert_int_equal(emission.records->n, 0);
        struct happening one = { .kind = HAPPENING_ACCOUNT };
        assert_int_equal(emit(emitter, &one, (size_t)EMIT_MAX + 1, &emission), STATUS_FULL);
        emitter_free(emitter);
    }
}

struct beside {
    const struct emission *before;
    char *bytes;
    size_t n, calls;
};

static enum status join_before(void *context)
{
    struct beside *beside = context;
    beside->calls++;
    if (beside->before)
        beside->bytes = joined(beside->before, &beside->n);
    return STATUS_OK;
}

static enum status refuse(void *context)
{
    (void)context;
    return STATUS_IO;
}

static void what_was_emitted_before_is_there_while_the_next_is_told(void **state)
{
    (void)state;
    lab_world(&lab, "l1", 71, 0.01);
    struct happened all = lab_run(lab.world, 2000);
    for (unsigned threads = 1; threads <= 3; threads++) {
        struct emitter *emitter = open_emitter(threads, EMIT_LOG), *plain = open_emitter(1, EMIT_LOG);
        struct emission before = { 0 }, emission, want;
        for (size_t at = 0, step = 10; at + step <= all.n; at += step, step = step * 2 % 501 + 1) {
            struct beside beside = { at > 0 ? &before : NULL, NULL, 0, 0 };
            size_t n;
            char *bytes = joined(&before, &n);
            assert_ok(emit_beside(
                emitter, all.items + at, step, &(struct emit_beside){ join_before, &beside }, &emission));
            assert_int_equal(beside.calls, 1);
            assert_int_equal(beside.n, n);
            assert_true(n == 0 || memcmp(beside.bytes, bytes, n) == 0);
            assert_ok(emit(plain, all.items + at, step, &want));
            assert_same_pieces(&emission, &want, step);
            free(bytes);
            free(beside.bytes);
            before = emission;
        }
        assert_int_equal(
            emit_beside(emitter, all.items, 100, &(struct emit_beside){ refuse, NULL }, &emission),
            STATUS_IO);
        emitter_free(emitter);
        emitter_free(plain);
    }
    free(all.items);
}

/* Fails the n-th allocation of making an emitter and of what it puts out, until nothing fails. What comes after a failure
 * is what comes without one. */
static void without_memory_nothing_is_lost_and_the_next_try_is_whole(void **state)
{
    (void)state;
    lab_world(&lab, "l1", 61, 0.01);
    struct happened all = lab_run(lab.world, 120);
    struct emitter *sound = open_emitter(1, EMIT_LOG | EMIT_RECORDS | EMIT_QUERIES);
    struct emission want, got;
    assert_ok(emit(sound, all.items, all.n, &want));
    bool failed = true;
    for (long nth = 0; failed; nth += 1 + nth / 16) {
        struct emitter *emitter = NULL;
        const struct emit_config config = { lab.world, lab.corpus, &lab.key, 2,
            EMIT_LOG | EMIT_RECORDS | EMIT_QUERIES };
        alloc_sweep_arm(nth);
        enum status st = emitter_new(&config, &emitter);
        if (st == STATUS_OK)
            st = emit(emitter, all.items, 60, &got);
        failed = alloc_sweep_disarm();
        assert_true(st == STATUS_OK || (failed && st == STATUS_NOMEM));
        if (st == STATUS_OK) /* a text that there was no memory to keep is made again */
            assert_same_pieces(&got, &want, 60);
        if (emitter) {
            assert_ok(emit(emitter, all.items, 50, &got)); /* no more than there was room for */
            assert_ok(emit(emitter, all.items, all.n, &got));
            assert_same_pieces(&got, &want, all.n);
            assert_int_equal(got.records->n, want.records->n);
            assert_memory_equal(got.queries, want.queries, all.n * sizeof *want.queries);
        }
        emitter_free(emitter);
    }
    emitter_free(sound);
    free(all.items);
}

/* The n-th allocation of a batch fails that is larger than the one before it; the next is as small as that was. */
static void a_batch_that_failed_leaves_no_trace_in_the_next(void **state)
{
    (void)state;
    enum { SMALL = 50, LARGE = 100 };
    const unsigned what = EMIT_LOG | EMIT_RECORDS | EMIT_QUERIES;
    lab_world(&lab, "l1", 62, 0.01);
    struct happened all = lab_run(lab.world, LARGE);
    struct emitter *sound = open_emitter(1, what);
    struct emission want, got;
    assert_ok(emit(sound, all.items, SMALL, &want));
    bool failed = true;
    for (long nth = 0; failed; nth += 1 + nth / 8) {
        struct emitter *emitter = open_emitter(2, what);
        assert_ok(emit(emitter, all.items, SMALL, &got));
        alloc_sweep_arm(nth);
        enum status st = emit(emitter, all.items, LARGE, &got);
        failed = alloc_sweep_disarm();
        assert_true(st == STATUS_OK || (failed && st == STATUS_NOMEM));
        assert_ok(emit(emitter, all.items, SMALL, &got));
        assert_same_pieces(&got, &want, SMALL);
        assert_memory_equal(got.queries, want.queries, SMALL * sizeof *want.queries);
        emitter_free(emitter);
    }
    emitter_free(sound);
    free(all.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_every_population_are_those_of_the_lines_byte_for_byte),
        cmocka_unit_test(records_of_every_operator_are_those_of_the_lines_byte_for_byte),
        cmocka_unit_test(any_number_of_threads_puts_out_the_same_bytes),
        cmocka_unit_test(how_happenings_are_cut_into_batches_shows_in_no_line),
        cmocka_unit_test(nothing_is_put_out_for_nothing_and_too_much_is_refused),
        cmocka_unit_test(what_was_emitted_before_is_there_while_the_next_is_told),
        cmocka_unit_test(without_memory_nothing_is_lost_and_the_next_try_is_whole),
        cmocka_unit_test(a_batch_that_failed_leaves_no_trace_in_the_next),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
