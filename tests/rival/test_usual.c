#include "rival/usual.h"

#include "text_fixture.h"

#include <math.h>

enum { PARTIES = 12 };

static struct usual usual;
static struct party parties[PARTIES];
static uint32_t numbers[PARTIES];
static struct key key;

static int set_up(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    memset(parties, 0, sizeof parties);
    for (uint32_t i = 0; i < PARTIES; i++)
        numbers[i] = i;
    assert_ok(usual_init(&usual, 3.5));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    usual_fini(&usual);
    for (size_t i = 0; i < PARTIES; i++)
        party_fini(&parties[i]);
    return 0;
}

static void say(struct party *party, int64_t time_ms, const char *text)
{
    struct utterance utterance;
    struct query query = query_from(&key, text);
    utterance_of(&(struct record){ .time_ms = time_ms, .kind = RECORD_EXCHANGE }, &query, &utterance);
    assert_ok(party_add(party, &utterance));
}

/* Everybody about topics of their own, all of the time. */
static void everybody_talks(void)
{
    struct test_random random = { 51 };
    for (unsigned i = 0; i < PARTIES; i++)
        for (unsigned j = 0; j < 20; j++)
            say(&parties[i], j * MINUTE, words_of(&random, "", i, 6, 300));
}

/* Feature f is 0.1, 0.2, ... 0.9 in turn: median 0.5, MAD 0.2, scale 0.29652; 3.5 of these are 1.03782. */
static void a_window_needs_two_features_far_out_on_either_side(void **state)
{
    (void)state;
    double features[WINDOW_FEATURES];
    everybody_talks();
    for (unsigned i = 1; i <= 9; i++) {
        for (size_t f = 0; f < WINDOW_FEATURES; f++)
            features[f] = i / 10.0;
        usual_note(&usual, features);
    }
    assert_ok(usual_fit(&usual, parties, numbers, PARTIES));
    for (size_t f = 0; f < WINDOW_FEATURES; f++)
        features[f] = 0.5;
    features[2] = 0.5 + 1.038;
    assert_false(usual_is_anomalous(&usual, features));
    features[7] = 0.5 - 1.038;
    assert_true(usual_is_anomalous(&usual, features));
    features[7] = 0.5 - 1.037;
    assert_false(usual_is_anomalous(&usual, features));
}

/* Nothing varies: shares have scale 1/30, others 0.001. */
static void floors_keep_a_quirk_from_being_far_out(void **state)
{
    (void)state;
    double features[WINDOW_FEATURES] = { 0 };
    everybody_talks();
    for (unsigned i = 0; i < 30; i++)
        usual_note(&usual, features);
    assert_ok(usual_fit(&usual, parties, numbers, PARTIES));
    features[0] = features[1] = features[5] = features[6] = 3.4 / 30;
    assert_false(usual_is_anomalous(&usual, features));
    features[0] = features[1] = 3.6 / 30;
    assert_true(usual_is_anomalous(&usual, features));
}

static void a_pair_needs_two_features_and_more_not_less_than_usual(void **state)
{
    (void)state;
    struct test_random random = { 52 };
    struct party twins[2] = { 0 }, early = { 0 }, late = { 0 };
    double none[WINDOW_FEATURES] = { 0 };
    everybody_talks();
    usual_note(&usual, none);
    assert_ok(usual_fit(&usual, parties, numbers, PARTIES));
    for (unsigned j = 0; j < 20; j++) {
        say(&twins[0], j * MINUTE, words_of(&random, "translate the following into french:", 1, 1, 300));
        say(&twins[1], j * MINUTE, words_of(&random, "translate the following into french:", 1, 1, 300));
        say(&early, j * MINUTE, words_of(&random, "", 20, 6, 300));
        say(&late, DAY + j * MINUTE, words_of(&random, "", 21, 6, 300));
    }
    assert_true(usual_is_linked(&usual, &twins[0], &twins[1]));
    assert_false(usual_is_linked(&usual, &early, &late));
    assert_false(usual_is_linked(&usual, &parties[0], &parties[1]));
    usual.cut = 1000;
    assert_false(usual_is_linked(&usual, &twins[0], &twins[1]));
    party_fini(&twins[0]);
    party_fini(&twins[1]);
    party_fini(&early);
    party_fini(&late);
}

static void a_long_sample_is_uniform(void **state)
{
    (void)state;
    size_t late = 0;
    for (unsigned i = 0; i < 2 * USUAL_WINDOWS_MOST; i++)
        usual_note(&usual, (double[WINDOW_FEATURES]){ i });
    assert_int_equal(usual.n_windows, USUAL_WINDOWS_MOST);
    for (size_t i = 0; i < USUAL_WINDOWS_MOST; i++)
        late += usual.windows[i][0] >= USUAL_WINDOWS_MOST;
    assert_true(fabs((double)late - USUAL_WINDOWS_MOST / 2.0) < 4 * sqrt(USUAL_WINDOWS_MOST / 4.0));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_window_needs_two_features_far_out_on_either_side),
        TEST(floors_keep_a_quirk_from_being_far_out),
        TEST(a_pair_needs_two_features_and_more_not_less_than_usual),
        TEST(a_long_sample_is_uniform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
