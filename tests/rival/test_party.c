#include "rival/party.h"

#include "text_fixture.h"

#include <math.h>

static struct key key;
static struct party a, b;

static int set_up(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    a = b = (struct party){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    party_fini(&a);
    party_fini(&b);
    return 0;
}

static void say(struct party *party, int64_t time_ms, const char *text)
{
    struct utterance utterance;
    struct record record = { .time_ms = time_ms, .kind = RECORD_EXCHANGE };
    struct query query = query_from(&key, text);
    utterance_of(&record, &query, &utterance);
    assert_ok(party_add(party, &utterance));
}

static void assert_feature(enum pair_feature feature, double expected)
{
    assert_true(fabs(party_pair_feature(&a, &b, feature) - expected) < 1e-9);
    assert_true(fabs(party_pair_feature(&b, &a, feature) - expected) < 1e-9);
}

static void the_four_features_are_those_computed_by_hand(void **state)
{
    (void)state;
    say(&a, 0, "write a poem about rain");
    say(&a, 100, "write a poem about snow");
    say(&a, 400, "good morning");
    say(&b, 300, "write a poem about wind");
    say(&b, 900, "what is a lemma");
    /* write a poem about rain snow good morning | write a poem about wind what is lemma: four of twelve */
    assert_feature(PAIR_VOCABULARY, 4.0 / 12);
    /* three skeletons and two, none in common: they end in other words */
    assert_feature(PAIR_SKELETONS, 0);
    /* four of six words are common: two of three, and one of two, have a near-duplicate */
    assert_feature(PAIR_CROSS_DUP, (2.0 / 3 + 1.0 / 2) / 2);
    assert_feature(PAIR_OVERLAP, 100.0 / 900);
    say(&b, 1000, "good old morning");
    say(&b, 1000, "good morning");
    assert_feature(PAIR_SKELETONS, 1.0 / 6);
}

static void parties_without_requests_are_like_nobody(void **state)
{
    (void)state;
    say(&a, 5, "hello there");
    for (unsigned f = 0; f < PAIR_FEATURES; f++)
        assert_feature((enum pair_feature)f, 0);
}

static void the_newest_thirty_requests_are_kept_in_order(void **state)
{
    (void)state;
    const struct utterance *said[WINDOW];
    for (int i = 0; i < 100; i++) {
        say(&a, i, "hello");
        size_t n = party_said(&a, said);
        assert_int_equal(n, i < WINDOW ? i + 1 : WINDOW);
        for (size_t j = 0; j < n; j++)
            assert_int_equal(said[j]->time_ms, i + 1 - (int)n + (int)j);
    }
    assert_int_equal(a.requests, 100);
    assert_int_equal(a.first_ms, 0);
    assert_int_equal(a.last_ms, 99);
}

static void large_vocabularies_are_compared_within_the_error(void **state)
{
    (void)state;
    struct test_random random = { 41 };
    for (int i = 0; i < 200; i++) {
        const char *text = words_of(&random, "", 1, 10, 1000);
        say(&a, i, text);
        say(&b, i, i % 2 ? text : words_of(&random, "", 2, 10, 1000));
    }
    /* a: about 865 of topic 1; b: about 632 of those and 632 of topic 2: 0.42 */
    double similarity = party_pair_feature(&a, &b, PAIR_VOCABULARY);
    assert_true(similarity > 0.42 - 4 * 0.044 && similarity < 0.42 + 4 * 0.044);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_four_features_are_those_computed_by_hand),
        TEST(parties_without_requests_are_like_nobody),
        TEST(the_newest_thirty_requests_are_kept_in_order),
        TEST(large_vocabularies_are_compared_within_the_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
