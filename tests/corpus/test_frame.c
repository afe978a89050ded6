#include "corpus/corpus.h"
#include "measure.h"
#include "support/test.h"

enum { FRAMES = 40, WORDINGS = 1200, PROBES = 12000, OPENINGS = 4000 };
enum { FIRST_BENIGN = FRAME_ETL };

static struct corpus *corpus;
static struct buffer before, after;

static int set_up(void **state)
{
    (void)state;
    return corpus_new(NULL, &corpus, NULL) != STATUS_OK;
}

static int tear_down(void **state)
{
    (void)state;
    corpus_free(corpus);
    buffer_fini(&before);
    buffer_fini(&after);
    return 0;
}

static void make(enum corpus_frame_kind kind, uint64_t frame, uint64_t variant)
{
    buffer_reset(&before);
    buffer_reset(&after);
    assert_ok(corpus_frame(corpus, kind, frame, variant, &before, &after));
}

static void make_whole(enum corpus_frame_kind kind, uint64_t frame, uint64_t variant, struct buffer *out)
{
    make(kind, frame, variant);
    buffer_reset(out);
    buffer_put(out, buffer_span(&before));
    buffer_put(out, buffer_span(&after));
    assert_int_equal(out->status, STATUS_OK);
}

static uint64_t words_of(const struct buffer *text)
{
    static uint64_t words[WORDS_MAX];
    return measure_run(words, measure_words(buffer_span(text), words));
}

static void no_frame_is_empty_and_the_kind_none_always_is(void **state)
{
    (void)state;
    make(FRAME_NONE, 1, 2);
    assert_int_equal(before.n + after.n, 0);
    for (unsigned kind = FRAME_NONE + 1; kind < FRAME_KIND_COUNT; kind++)
        for (uint64_t frame = 0; frame < 200; frame++) {
            make(kind, frame, frame % 3);
            assert_true(before.n + after.n > 30);
        }
}

static void every_kind_has_many_frames_and_every_frame_many_wordings(void **state)
{
    (void)state;
    static uint64_t texts[WORDINGS];
    struct buffer whole = { 0 };
    for (unsigned kind = FRAME_NONE + 1; kind < FRAME_KIND_COUNT; kind++) {
        for (uint64_t frame = 0; frame < 1000; frame++) {
            make_whole(kind, frame, 0, &whole);
            texts[frame] = words_of(&whole);
        }
        assert_in_range(measure_distinct(texts, 1000), 900, 1000);
        for (uint64_t frame = 0; frame < FRAMES; frame++) {
            for (uint64_t variant = 0; variant < WORDINGS; variant++) {
                make_whole(kind, frame, variant, &whole);
                texts[variant] = words_of(&whole);
            }
            size_t n = measure_distinct(texts, WORDINGS);
            if (n < 200)
                fail_msg("kind %u, frame %u: %zu wordings", kind, (unsigned)frame, n);
        }
    }
    buffer_fini(&whole);
}

static void probing_techniques_are_thousands(void **state)
{
    (void)state;
    static uint64_t texts[PROBES];
    struct buffer whole = { 0 };
    for (uint64_t frame = 0; frame < PROBES; frame++) {
        make_whole(FRAME_PROBE, frame, 0, &whole);
        texts[frame] = words_of(&whole);
    }
    assert_int_equal(measure_distinct(texts, PROBES), PROBES);
    buffer_fini(&whole);
}

/* Paraphrases of a frame share some runs of three words, frames hardly any: over the frames of a kind, on average. */
static void wordings_of_a_frame_are_near_and_frames_far_apart(void **state)
{
    (void)state;
    struct buffer one = { 0 }, two = { 0 }, other = { 0 };
    for (unsigned kind = FRAME_NONE + 1; kind < FRAME_KIND_COUNT; kind++) {
        double within = 0, across = 0;
        for (uint64_t frame = 0; frame < 2 * FRAMES; frame++) {
            make_whole(kind, frame, 0, &one);
            make_whole(kind, frame, 1 + frame, &two);
            make_whole(kind, frame + 1, 0, &other);
            within += measure_jaccard(buffer_span(&one), buffer_span(&two)) / (2 * FRAMES);
            across += measure_jaccard(buffer_span(&one), buffer_span(&other)) / (2 * FRAMES);
        }
        if (within < 0.18 || within > 0.6 || across > 0.08)
            fail_msg("kind %u: within %.2f, across %.2f", kind, within, across);
    }
    buffer_fini(&one);
    buffer_fini(&two);
    buffer_fini(&other);
}

/* Sorted openings of frames of the kinds from..to. */
static size_t openings(unsigned from, unsigned to, uint64_t *ret_openings)
{
    size_t n = 0;
    for (uint64_t i = 0; n < OPENINGS; i++) {
        make(from + (unsigned)(i % (to - from)), i, i / 7);
        if (before.n > 0)
            ret_openings[n++] = measure_opening(buffer_span(&before));
    }
    return measure_distinct(ret_openings, n);
}

static void every_opening_of_an_attackers_frame_is_one_of_benign_frames_too(void **state)
{
    (void)state;
    static uint64_t attack[OPENINGS], benign[OPENINGS];
    size_t n_attack = openings(FRAME_NONE + 1, FIRST_BENIGN, attack);
    size_t n_benign = openings(FIRST_BENIGN, FRAME_KIND_COUNT, benign);
    assert_in_range(n_attack, 40, OPENINGS);
    for (size_t i = 0; i < n_attack; i++)
        assert_non_null(bsearch(&attack[i], benign, n_benign, sizeof *benign, measure_by_value));
}

static void about_a_third_of_all_frames_stand_wholly_after_the_task(void **state)
{
    (void)state;
    for (unsigned kind = FRAME_NONE + 1; kind < FRAME_KIND_COUNT; kind++) {
        unsigned empty = 0;
        for (uint64_t frame = 0; frame < 1000; frame++) {
            make(kind, frame, 1);
            empty += before.n == 0;
        }
        assert_in_range(empty, 300, 450);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_frame_is_empty_and_the_kind_none_always_is),
        cmocka_unit_test(every_kind_has_many_frames_and_every_frame_many_wordings),
        cmocka_unit_test(probing_techniques_are_thousands),
        cmocka_unit_test(wordings_of_a_frame_are_near_and_frames_far_apart),
        cmocka_unit_test(every_opening_of_an_attackers_frame_is_one_of_benign_frames_too),
        cmocka_unit_test(about_a_third_of_all_frames_stand_wholly_after_the_task),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
