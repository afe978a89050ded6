#include "campaign/campaign.h"

#include "fake_source.h"

static struct fake f;

static int set_up(void **state)
{
    (void)state;
    fake_init(&f);
    assert_ok(fake_start(&f, &(struct campaign_config){ 0 }));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fake_fini(&f);
    return 0;
}

static void restart(struct campaign_config config)
{
    campaign_stage_free(f.stage);
    assert_ok(fake_start(&f, &config));
}

static void frame(uint64_t first, uint64_t last)
{
    assert_ok(fake_frame(&f, 1, first, last));
}

static void cards(uint64_t first, uint64_t last)
{
    assert_ok(fake_cards(&f, first, last));
}

static void epoch(void)
{
    assert_ok(fake_epoch(&f));
}

static const struct campaign *only_campaign(void)
{
    assert_int_equal(campaign_count(f.stage), 1);
    return campaign_at(f.stage, 0);
}

static void a_frame_and_shared_payments_among_half_are_confirmed(void **state)
{
    (void)state;
    frame(1, 30);
    cards(1, 21);
    epoch();
    const struct campaign *c = only_campaign();
    assert_true(c->confirmed && c->two_keys);
    assert_int_equal(c->status, CAMPAIGN_CONFIRMED);
    assert_int_equal(c->found_by, FAMILY_CONTENT);
    assert_int_equal(c->detected_ms, f.now_ms);
    assert_int_equal(c->n_active, 30);
    assert_true(c->log10_e >= c->threshold);
    assert_int_equal(c->kind, CAMPAIGN_PIPELINE);
}

static void every_member_gets_a_verdict_and_is_marked(void **state)
{
    (void)state;
    frame(1, 30);
    cards(1, 21);
    epoch();
    assert_int_equal(f.verdicts.n, 30);
    for (size_t i = 0; i < 30; i++) {
        const struct verdict *v = &f.verdicts.items[i];
        assert_int_equal(v->account, i + 1);
        assert_true(v->confirmed);
        assert_int_equal(v->membership, v->account <= 21 ? MEMBER_CORE : MEMBER_LIKELY); /* tied, or not */
        assert_true(v->confidence > 0.85f && v->confidence <= 1);
        assert_int_equal(v->families & (1 << FAMILY_IDENTITY | 1 << FAMILY_CONTENT),
            1 << FAMILY_IDENTITY | 1 << FAMILY_CONTENT);
        assert_ptr_equal(campaign_of(f.stage, v->account), campaign_at(f.stage, 0));
    }
    for (uint64_t account = 1; account <= FAKE_ACCOUNTS; account++)
        assert_int_equal(f.marked[account], account <= 30);
}

static void a_frame_alone_is_nothing(void **state)
{
    (void)state;
    frame(1, 30);
    epoch();
    assert_int_equal(campaign_count(f.stage), 0);
    assert_int_equal(f.verdicts.n, 0);
}

static void payments_shared_outside_the_frame_hold_nobody(void **state)
{
    (void)state;
    frame(1, 30);
    for (uint64_t account = 1; account <= 30; account++) {
        assert_ok(fake_tie(&f, tie_shown(OBJECT_PAYMENT, account, account)));
        assert_ok(fake_tie(&f, tie_shown(OBJECT_PAYMENT, account, 100 + account)));
    }
    epoch();
    for (size_t i = 0; i < campaign_count(f.stage); i++)
        assert_false(campaign_at(f.stage, i)->confirmed);
    for (size_t i = 0; i < f.verdicts.n; i++)
        assert_false(f.verdicts.items[i].confirmed);
}

static void a_class_is_held(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 30; account++)
        f.profiles[account].adopter = ADOPTER_EDUCATION;
    frame(1, 30);
    cards(1, 21);
    epoch();
    const struct campaign *c = only_campaign();
    assert_false(c->confirmed);
    assert_int_equal(c->status, CAMPAIGN_SUSPECTED);
    assert_int_equal(c->detected_ms, -1);
    assert_true(c->checks[CHECK_CLASS].holds);
    for (size_t i = 0; i < f.verdicts.n; i++)
        assert_false(f.verdicts.items[i].confirmed);
}

static void a_ring_among_many_strangers_is_held(void **state)
{
    (void)state;
    frame(1, 130);
    cards(1, 12);
    epoch();
    for (size_t i = 0; i < campaign_count(f.stage); i++)
        assert_false(campaign_at(f.stage, i)->confirmed);
}

static void a_frame_that_turns_public_releases_its_users(void **state)
{
    (void)state;
    frame(1, 30);
    cards(1, 21);
    epoch();
    assert_true(only_campaign()->confirmed);
    assert_int_equal(campaign_due_ms(f.stage), INT64_MIN); /* its users are watched in every tick */
    f.is_public = true;
    f.verdicts.n = 0;
    for (int i = 0; i < 2; i++) {
        struct tie gone = tie_shown(i ? OBJECT_SYSTEM : OBJECT_LEAD24, 1, 1);
        gone.op = TIE_WITHDRAW;
        assert_ok(fake_tie(&f, gone));
    }
    assert_ok(fake_tie(&f, tie_shown(OBJECT_PAYMENT, 900, 40)));
    epoch();
    assert_int_equal(campaign_at(f.stage, 0)->status, CAMPAIGN_CLOSED);
    assert_int_equal(f.verdicts.items[0].membership, MEMBER_NONE);
    assert_int_not_equal(campaign_due_ms(f.stage), INT64_MIN);
}

/* Epochs with something new in each, so that each is due. */
static void epochs(unsigned n)
{
    for (uint64_t i = 0; i < n; i++) {
        assert_ok(fake_tie(&f, tie_shown(OBJECT_IP, 900 + i, 100)));
        epoch();
    }
}

static void a_frame_that_nobody_repeats_leaves_before_it_is_found(void **state)
{
    (void)state;
    f.idle = true;
    frame(1, 30);
    epochs(40);
    cards(1, 21);
    epoch();
    assert_int_equal(campaign_count(f.stage), 0);
}

static void the_frame_of_a_confirmed_campaign_stays_though_nobody_repeats_it(void **state)
{
    (void)state;
    frame(1, 30);
    cards(1, 21);
    epoch();
    f.idle = true;
    epochs(40);
    assert_ok(fake_tie(&f, tie_shown(OBJECT_PAYMENT, 1, 31)));
    frame(31, 31);
    epoch();
    assert_non_null(campaign_of(f.stage, 31));
}

/* They send other people's requests too. */
static void what_members_show_besides_may_be_public(void **state)
{
    (void)state;
    frame(1, 30);
    cards(1, 21);
    epoch();
    assert_true(only_campaign()->confirmed);
    assert_ok(fake_frame(&f, 2, 11, 50));
    epoch();
    assert_true(campaign_at(f.stage, 0)->confirmed);
}

static void a_mate_that_shows_nothing_is_held_by_its_device(void **state)
{
    (void)state;
    frame(1, 30);
    cards(1, 21);
    assert_ok(fake_tie(&f, tie_shown(OBJECT_DEVICE, 1, 3)));
    assert_ok(fake_tie(&f, tie_shown(OBJECT_DEVICE, 1, 40)));
    epoch();
    const struct campaign *c = campaign_of(f.stage, 40);
    assert_ptr_equal(c, only_campaign());
    assert_int_equal(c->n_active, 31);
    assert_int_equal(f.verdicts.items[30].membership, MEMBER_LIKELY);
    assert_true(f.marked[40]);
}

static void who_took_over_work_before_the_campaign_was_known_is_held_with_it(void **state)
{
    (void)state;
    frame(1, 30);
    cards(1, 21);
    assert_ok(fake_tie(&f, tie_returned(OBJECT_TURN, 9, 20, 40)));
    assert_ok(fake_tie(&f, tie_shown(OBJECT_PAYMENT, 1, 40)));
    assert_ok(fake_tie(&f, tie_shown(OBJECT_PAYMENT, 1, 41)));
    epoch();
    epoch(); /* in which the tie with an account that is held counts */
    assert_int_equal(only_campaign()->n_active, 32);
    assert_ptr_equal(campaign_of(f.stage, 40), only_campaign());
    assert_ptr_equal(campaign_of(f.stage, 41), only_campaign());
}

static void one_exchange_with_the_frame_makes_nobody_a_member(void **state)
{
    (void)state;
    frame(1, 31);
    cards(1, 21);
    f.profiles[30].top_frame = 4711; /* lives off a prompt of its own */
    f.profiles[31].exchanges = 1;
    epoch();
    assert_true(only_campaign()->confirmed);
    for (size_t i = 0; i < f.verdicts.n; i++)
        if (f.verdicts.items[i].account >= 30)
            assert_int_equal(f.verdicts.items[i].membership, MEMBER_HALO);
}

static void a_few_tasks_sent_by_all_are_no_frame(void **state)
{
    (void)state;
    f.slots = 14; /* not even half a task an account */
    frame(1, 30);
    cards(1, 21);
    epoch();
    assert_int_equal(campaign_count(f.stage), 0);
}

static void what_each_happens_to_say_once_is_no_frame(void **state)
{
    (void)state;
    f.sightings = FAKE_USERS;
    f.now_ms = T0 + DAY;
    frame(1, 30);
    cards(1, 21);
    epoch();
    assert_int_equal(campaign_count(f.stage), 0);
}

static void nor_is_what_they_say_once_in_a_week(void **state)
{
    (void)state;
    f.sightings = 2 * FAKE_USERS;
    f.now_ms = T0 + 14 * DAY;
    frame(1, 30);
    cards(1, 21);
    epoch();
    assert_int_equal(campaign_count(f.stage), 0);
}

static void accounts_that_come_and_go_say_it_eight_times_at_least(void **state)
{
    (void)state;
    f.sightings = 8 * FAKE_USERS;
    f.now_ms = T0 + 300 * DAY;
    frame(1, 30);
    cards(1, 21);
    epoch();
    assert_true(only_campaign()->confirmed);
}

static void of_a_day_it_is_not_known_yet(void **state)
{
    (void)state;
    f.sightings = FAKE_USERS;
    f.now_ms = T0 + DAY / 2;
    frame(1, 30);
    cards(1, 21);
    epoch();
    assert_true(only_campaign()->confirmed);
}

static void one_organisation_is_nothing(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 30; account++)
        f.profiles[account].organization = 9;
    frame(1, 30);
    cards(1, 24);
    epoch();
    assert_int_equal(campaign_count(f.stage), 0);
}

static void a_small_group_is_suspected_at_most(void **state)
{
    (void)state;
    restart((struct campaign_config){ .min_contain_accounts = 31 });
    frame(1, 30);
    cards(1, 21);
    epoch();
    assert_false(only_campaign()->confirmed);
    fake_fini(&f);
    set_up(NULL);
    restart((struct campaign_config){ .min_contain_accounts = 30 });
    frame(1, 30);
    cards(1, 21);
    epoch();
    assert_true(only_campaign()->confirmed);
}

static void a_group_below_the_least_size_is_not_reported(void **state)
{
    (void)state;
    restart((struct campaign_config){ .min_accounts = 10 });
    frame(1, 9);
    cards(1, 9);
    epoch();
    assert_int_equal(campaign_count(f.stage), 0);
}

static void a_threshold_that_is_not_reached_leaves_a_suspicion(void **state)
{
    (void)state;
    static const struct campaign_config floors = { .min_log10_e = 12 };
    static const struct campaign_config budgets = { .budget_per_million_months = 1e-9 };
    for (int i = 0; i < 2; i++) {
        tear_down(NULL);
        set_up(NULL);
        restart(i ? budgets : floors);
        frame(1, 30);
        cards(1, 21);
        epoch();
        assert_true(only_campaign()->two_keys);
        assert_false(only_campaign()->confirmed);
        assert_true(only_campaign()->threshold >= 11);
    }
}

static void evicted_members_make_no_campaign(void **state)
{
    (void)state;
    frame(1, 30);
    cards(1, 21);
    for (uint64_t account = 1; account <= 30; account++)
        f.profiles[account].exchanges = 0;
    epoch();
    assert_int_equal(campaign_count(f.stage), 0);
}

static void forgotten_accounts_show_nothing(void **state)
{
    (void)state;
    frame(1, 30);
    cards(1, 21);
    for (uint64_t account = 1; account <= 30; account++)
        campaign_forget(f.stage, account);
    epoch();
    struct campaign_stats stats;
    campaign_stats(f.stage, &stats);
    assert_int_equal(campaign_count(f.stage), 0);
    assert_int_equal(stats.accounts, 0);
    assert_int_equal(stats.edges, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_frame_and_shared_payments_among_half_are_confirmed),
        TEST(every_member_gets_a_verdict_and_is_marked),
        TEST(a_frame_alone_is_nothing),
        TEST(payments_shared_outside_the_frame_hold_nobody),
        TEST(a_class_is_held),
        TEST(a_ring_among_many_strangers_is_held),
        TEST(a_frame_that_turns_public_releases_its_users),
        TEST(a_frame_that_nobody_repeats_leaves_before_it_is_found),
        TEST(the_frame_of_a_confirmed_campaign_stays_though_nobody_repeats_it),
        TEST(what_members_show_besides_may_be_public),
        TEST(a_mate_that_shows_nothing_is_held_by_its_device),
        TEST(who_took_over_work_before_the_campaign_was_known_is_held_with_it),
        TEST(one_exchange_with_the_frame_makes_nobody_a_member),
        TEST(a_few_tasks_sent_by_all_are_no_frame),
        TEST(what_each_happens_to_say_once_is_no_frame),
        TEST(nor_is_what_they_say_once_in_a_week),
        TEST(accounts_that_come_and_go_say_it_eight_times_at_least),
        TEST(of_a_day_it_is_not_known_yet),
        TEST(one_organisation_is_nothing),
        TEST(a_small_group_is_suspected_at_most),
        TEST(a_group_below_the_least_size_is_not_reported),
        TEST(a_threshold_that_is_not_reached_leaves_a_suspicion),
        TEST(evicted_members_make_no_campaign),
        TEST(forgotten_accounts_show_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
