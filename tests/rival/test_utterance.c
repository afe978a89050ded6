#include "rival/utterance.h"

#include "text_fixture.h"

#include "sketch/bottom_k.h"

#include <math.h>

static struct utterance said[WINDOW];
static struct window_scratch scratch;
static struct key key;

static int set_up(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    return 0;
}

static struct utterance say(int64_t time_ms, const char *text, enum capability label, unsigned confidence)
{
    struct utterance utterance;
    struct record record = { .time_ms = time_ms, .kind = RECORD_EXCHANGE };
    struct query query = query_from(&key, text);
    record.exchange.slot = key_hash(&key, KEY_TEXT, text, strlen(text));
    record.exchange.capability[label] = (uint8_t)confidence;
    utterance_of(&record, &query, &utterance);
    return utterance;
}

static void features_of(double ret_features[WINDOW_FEATURES])
{
    const struct utterance *window[WINDOW];
    for (size_t i = 0; i < WINDOW; i++)
        window[i] = &said[i];
    window_features(window, &scratch, ret_features);
}

static void assert_near(double a, double b)
{
    if (fabs(a - b) > 1e-9)
        print_error("%.9f, not %.9f\n", a, b);
    assert_true(fabs(a - b) < 1e-9);
}

/*
 * 15 times "one two three", 15 different texts "four xN", one a minute, labels 20 to 10, ten confidences of 100.
 * Words: one two three 15 times each, four 15, 15 others: 19 different of 75. Lengths: 15 of 13, 15 of 8.
 */
static void the_ten_features_are_those_computed_by_hand(void **state)
{
    (void)state;
    char text[32];
    double f[WINDOW_FEATURES];
    for (unsigned i = 0; i < WINDOW; i++) {
        sprintf(text, "four x%02u", i);
        said[i] = say(i * MINUTE, i % 2 ? "one two three" : text, i < 20 ? CAP_MATH : CAP_CODING,
            i % 3 == 0 ? 100 : 200);
    }
    features_of(f);
    double h = -4 * 0.2 * log(0.2) - 15.0 / 75 * log(1.0 / 75);
    assert_near(f[0], 1 - 16.0 / 30);
    assert_near(f[1], 0.5); /* "four xA" and "four xB" share one of three */
    assert_near(f[2], log(19) / log(75));
    assert_near(f[3], h / log(19));
    assert_near(f[4], sqrt(30 * 6.25 / 29) / 10.5);
    assert_near(f[5], 0.5);
    assert_near(f[6], 1.0 / 3);
    assert_near(f[7], 100.0 / 255);
    assert_near(f[8], -1);
    assert_near(f[9], fabs(20.0 / 30 - 0.5));
}

/* Gaps: 28 of 1 s, one of 101 s: mean 129/29 s, deviation by hand. */
static void a_pause_makes_timing_bursty(void **state)
{
    (void)state;
    double f[WINDOW_FEATURES], mean = 129.0 / 29;
    for (unsigned i = 0; i < WINDOW; i++)
        said[i] = say(i * SECOND + (i > 14 ? 100 * SECOND : 0), "a", CAP_MATH, 255);
    features_of(f);
    double deviation = sqrt((28 * (1 - mean) * (1 - mean) + (101 - mean) * (101 - mean)) / 28);
    assert_near(f[8], (deviation - mean) / (deviation + mean));
    assert_near(f[0], 29.0 / 30);
    assert_near(f[1], 1);
    assert_near(f[3], 0);
}

static void the_quick_refusal_of_unlike_texts_refuses_no_near_one(void **state)
{
    (void)state;
    struct test_random random = { 21 };
    unsigned near = 0;
    for (unsigned round = 0; round < 4000; round++) {
        unsigned n = 1 + (unsigned)test_random_below(&random, 70);
        char text[8192];
        strcpy(text, words_of(&random, "", 1, n, 20 + n));
        struct utterance a = say(0, text, CAP_MATH, 255);
        strcat(text, words_of(&random, "", 2, 1 + n / 4, 20 + n));
        struct utterance b = say(0, round % 2 ? text : words_of(&random, "", 1, n, 20 + n), CAP_MATH, 255);
        bool slowly = bottom_k_jaccard(a.words, a.n_different, b.words, b.n_different, QUERY_WORDS) >= 0.6;
        assert_int_equal(utterance_is_near(&a, &b), slowly);
        assert_int_equal(utterance_is_near(&b, &a), slowly);
        near += slowly;
    }
    assert_in_range(near, 400, 3600);
}

static void texts_without_words_are_near_nothing(void **state)
{
    (void)state;
    struct utterance none = say(0, "", CAP_MATH, 0), word = say(0, "word", CAP_MATH, 0);
    assert_false(utterance_is_near(&none, &none));
    assert_false(utterance_is_near(&none, &word));
    assert_true(utterance_is_near(&word, &word));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ten_features_are_those_computed_by_hand),
        cmocka_unit_test(a_pause_makes_timing_bursty),
        cmocka_unit_test(the_quick_refusal_of_unlike_texts_refuses_no_near_one),
        cmocka_unit_test(texts_without_words_are_near_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
