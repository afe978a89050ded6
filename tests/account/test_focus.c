#include "fixture.h"

enum { ALICE = 11 };

static void a_single_template_is_all_the_focus(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (uint64_t i = 0; i < 500; i++) {
        struct record record = task_at(ALICE, T0 + (int64_t)i, 1, i);
        record.exchange.lead[1] = hashed(i * 2);
        record.exchange.tail[0] = hashed(i * 2 + 1);
        apply(&f, &record);
    }
    struct account_profile profile = profile_at(&f, ALICE, T0);
    assert_near(profile.focus, 1, 1e-9);
    assert_true(profile.top_frame == object_key(OBJECT_SYSTEM, hashed(1000001)));
    fixture_free(&f);
}

static void without_a_system_prompt_the_ending_may_be_the_frame(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (uint64_t i = 0; i < 500; i++) {
        struct record record = exchange_at(ALICE, T0 + (int64_t)i);
        record.exchange.lead[1] = hashed(i);
        record.exchange.tail[0] = i % 5 ? 4711 : hashed(900000 + i);
        apply(&f, &record);
    }
    struct account_profile profile = profile_at(&f, ALICE, T0);
    assert_near(profile.focus, 0.8, 0.02);
    assert_true(profile.top_frame == object_key(OBJECT_TAIL6, 4711));
    fixture_free(&f);
}

/* Against exact counts: a lower bound always, and near the truth for a frame of half the traffic. */
static void focus_never_exceeds_the_true_share(void **state)
{
    (void)state;
    for (uint64_t run = 0; run < 20; run++) {
        uint64_t seed = 500 + run * 100000;
        struct fixture f = fixture_new(16);
        unsigned exact[40] = { 0 }, most = 0, n = 100 + (unsigned)(random_next(&seed) % 2000);
        for (unsigned i = 0; i < n; i++) {
            uint64_t frame = random_next(&seed) % 2 ? 7 : random_next(&seed) % 40;
            exact[frame]++;
            most = exact[frame] > most ? exact[frame] : most;
            struct record record = task_at(ALICE, T0 + i, frame, i);
            apply(&f, &record);
        }
        double share = (double)most / n, focus = profile_at(&f, ALICE, T0).focus;
        if (focus > share + 1e-9 || focus < share - 0.05)
            fail_msg("run %lu: focus %g, exact %g", (unsigned long)run, focus, share);
        fixture_free(&f);
    }
}

static void counts_beyond_sixteen_bits_keep_the_share(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (uint64_t i = 0; i < 200000; i++) {
        struct record record = task_at(ALICE, T0 + (int64_t)i, i % 4 ? 1 : 2, 5);
        record.exchange.model = i % 4 ? 91 : 92;
        apply(&f, &record);
        forget_sightings(&f);
    }
    struct account_profile profile = profile_at(&f, ALICE, T0);
    assert_near(profile.focus, 0.75, 0.01);
    assert_near(profile.top_model_share, 0.75, 0.01);
    fixture_free(&f);
}

static void novelty_is_distinct_slots_over_exchanges(void **state)
{
    (void)state;
    static const uint64_t distinct[] = { 1, 10, 100, 1000, 10000 };
    for (unsigned d = 0; d < sizeof distinct / sizeof *distinct; d++) {
        double squares = 0;
        for (uint64_t run = 0; run < 20; run++) {
            struct fixture f = fixture_new(16);
            for (uint64_t i = 0; i < 2 * distinct[d]; i++) {
                struct record record = task_at(ALICE, T0, 1, run * 1000000 + i % distinct[d]);
                apply(&f, &record);
                forget_sightings(&f);
            }
            double off = profile_at(&f, ALICE, T0).novelty / 0.5 - 1;
            squares += off * off;
            fixture_free(&f);
        }
        if (sqrt(squares / 20) > 1.5 * 1.04 / 8)
            fail_msg("%lu distinct: error %g", (unsigned long)distinct[d], sqrt(squares / 20));
    }
}

static void follow_ups_are_a_share_of_exchanges_with_text(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record metadata = exchange_at(ALICE, T0);
    apply(&f, &metadata);
    assert_true(isnan(profile_at(&f, ALICE, T0).follow_up));
    assert_true(isnan(profile_at(&f, ALICE, T0).novelty));
    for (uint64_t i = 0; i < 8; i++) {
        struct record record = task_at(ALICE, T0, 1, i);
        record.exchange.flags = i < 2 ? REC_FOLLOW_UP : 0;
        apply(&f, &record);
    }
    assert_near(profile_at(&f, ALICE, T0).follow_up, 0.25, 1e-9);
    fixture_free(&f);
}

static void traits_are_means_at_first_and_follow_a_change_later(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int i = 0; i < 10; i++) {
        struct record record = exchange_at(ALICE, T0 + i);
        record.exchange.capability[i < 4 ? CAP_MATH : CAP_CODING] = 255;
        record.exchange.elicitation[ELICIT_RUBRIC] = 51;
        apply(&f, &record);
    }
    struct account_profile profile = profile_at(&f, ALICE, T0);
    assert_near(profile.capability[CAP_MATH], 0.4, 0.01);
    assert_near(profile.capability[CAP_CODING], 0.6, 0.01);
    assert_near(profile.elicitation[ELICIT_RUBRIC], 0.2, 0.01);
    for (int i = 0; i < 300; i++) {
        struct record record = exchange_at(ALICE, T0 + i);
        record.exchange.capability[CAP_JUDGING] = 255;
        apply(&f, &record);
    }
    profile = profile_at(&f, ALICE, T0);
    assert_near(profile.capability[CAP_JUDGING], 1, 0.01);
    assert_near(profile.capability[CAP_MATH], 0, 0.01);
    fixture_free(&f);
}

static void an_exchange_without_text_leaves_the_traits_alone(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record record = exchange_at(ALICE, T0);
    apply(&f, &record);
    assert_true(isnan(profile_at(&f, ALICE, T0).capability[CAP_MATH]));
    assert_true(isnan(profile_at(&f, ALICE, T0).focus));
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_template_is_all_the_focus),
        cmocka_unit_test(without_a_system_prompt_the_ending_may_be_the_frame),
        cmocka_unit_test(focus_never_exceeds_the_true_share),
        cmocka_unit_test(counts_beyond_sixteen_bits_keep_the_share),
        cmocka_unit_test(novelty_is_distinct_slots_over_exchanges),
        cmocka_unit_test(follow_ups_are_a_share_of_exchanges_with_text),
        cmocka_unit_test(traits_are_means_at_first_and_follow_a_change_later),
        cmocka_unit_test(an_exchange_without_text_leaves_the_traits_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
