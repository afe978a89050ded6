/* Two operators who use the same cards, by the whole stage: contained as one, then told apart. */
#include "campaign/divide.h"

#include "fake_source.h"

enum { LANE = 40, LANES = 4, NEWCOMER = LANE * LANES + 1 };

static struct fake f;

static void epoch(void)
{
    assert_ok(fake_epoch(&f));
}

static uint64_t nth(unsigned lane, unsigned i)
{
    return (uint64_t)LANE * lane + i + 1;
}

static void pay(uint64_t account, unsigned card)
{
    assert_ok(fake_tie(&f, tie_shown(OBJECT_PAYMENT, 1000 + card, account)));
}

/* Four lanes with a frame each; every card is used in all of them. */
static void start(uint32_t campaigns_max)
{
    fake_init(&f);
    assert_ok(fake_start(&f, &(struct campaign_config){ .campaigns_max = campaigns_max }));
    for (unsigned lane = 0; lane < LANES; lane++) {
        assert_ok(fake_frame(&f, lane + 1, nth(lane, 0), nth(lane, LANE - 1)));
        for (unsigned i = 0; i < LANE; i++)
            pay(nth(lane, i), i / 2);
    }
    epoch();
}

static int set_up(void **state)
{
    (void)state;
    start(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fake_fini(&f);
    return 0;
}

static const struct campaign *holder(uint64_t account)
{
    return campaign_of(f.stage, account);
}

/* Accounts of one lane do work of another. */
static void help_out(unsigned lane, unsigned other, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        assert_ok(fake_tie(&f, tie_shown(OBJECT_LEAD24, other + 1, nth(lane, i))));
}

static void contain(void)
{
    campaign_contained(f.stage, holder(1)->id, f.now_ms);
    f.verdicts.n = 0;
}

/* Says nothing new, but is looked at. */
static void look_after(int64_t ms)
{
    f.now_ms += ms;
    pay(nth(0, 0), 0);
    epoch();
}

/* Contained, then told apart by every look of half a day. */
static void divide(void)
{
    contain();
    help_out(1, 0, 12);
    help_out(3, 2, 12);
    epoch();
    look_after(DIVIDE_AFTER_MS);
}

static size_t living(void)
{
    size_t n = 0;
    for (size_t i = 0; i < campaign_count(f.stage); i++)
        n += campaign_at(f.stage, i)->n_active > 0;
    return n;
}

static void two_operators_on_one_pool_are_contained_as_one_first(void **state)
{
    (void)state;
    assert_int_equal(living(), 1);
    assert_true(holder(1)->confirmed);
    for (uint64_t account = 2; account < NEWCOMER; account++)
        assert_ptr_equal(holder(account), holder(1));
}

static void once_contained_they_are_two_and_both_stay_so(void **state)
{
    (void)state;
    divide();
    const struct campaign *first = holder(nth(0, 0)), *second = holder(nth(2, 0));
    assert_int_equal(living(), 2);
    assert_ptr_not_equal(first, second);
    for (unsigned i = 0; i < LANE; i++) {
        assert_ptr_equal(holder(nth(0, i)), first);
        assert_ptr_equal(holder(nth(1, i)), first);
        assert_ptr_equal(holder(nth(2, i)), second);
        assert_ptr_equal(holder(nth(3, i)), second);
    }
    assert_true(first->status == CAMPAIGN_CONTAINED && second->status == CAMPAIGN_CONTAINED);
    assert_true(first->confirmed && second->confirmed);
    assert_int_equal(first->contained_ms, second->contained_ms);
}

static void who_help_each_other_out_within_half_a_day_are_one(void **state)
{
    (void)state;
    contain();
    help_out(1, 0, 12);
    help_out(3, 2, 12);
    epoch();
    help_out(1, 2, 12);
    epoch();
    look_after(DIVIDE_AFTER_MS);
    assert_int_equal(living(), 1);
}

static void before_half_a_day_is_over_they_are_one(void **state)
{
    (void)state;
    contain();
    help_out(1, 0, 12);
    help_out(3, 2, 12);
    epoch();
    look_after(DIVIDE_AFTER_MS / 2);
    assert_int_equal(living(), 1);
}

static void the_evidence_says_why(void **state)
{
    (void)state;
    divide();
    const struct campaign *a = holder(nth(0, 0)), *b = holder(nth(2, 0));
    const struct campaign *first = a->number < b->number ? a : b, *second = first == a ? b : a;
    assert_int_equal(first->pool.value, first->id.value);
    assert_int_equal(second->pool.value, first->id.value);
    assert_float_equal(first->parting.log10_p, 0, 0);
    assert_int_equal(second->parting.bridges, 24);
    assert_int_equal(second->parting.inside, 12);
    assert_int_equal(second->parting.across, 0);
    assert_int_equal(second->parting.lanes, 4);
    assert_true(second->parting.log10_p < -6);
}

static void whether_one_of_them_is_two_is_asked_anew(void **state)
{
    (void)state;
    divide();
    assert_int_equal(living(), 2);
    assert_int_equal(holder(nth(0, 0))->apart_ms, 0);
    assert_int_equal(holder(nth(2, 0))->apart_ms, 0);
}

static void nobody_is_let_go_and_who_moved_is_told_of(void **state)
{
    (void)state;
    divide();
    const struct campaign *a = holder(nth(0, 0)), *b = holder(nth(2, 0));
    const struct campaign *second = a->number < b->number ? b : a;
    assert_int_equal(f.verdicts.n, second->n_active);
    for (size_t i = 0; i < f.verdicts.n; i++) {
        assert_int_equal(f.verdicts.items[i].campaign.value, second->id.value);
        assert_true(f.verdicts.items[i].membership >= MEMBER_LIKELY && f.verdicts.items[i].confirmed);
        assert_true(f.marked[f.verdicts.items[i].account]);
    }
}

static void what_is_not_contained_yet_stays_one(void **state)
{
    (void)state;
    help_out(1, 0, 12);
    help_out(3, 2, 12);
    epoch();
    assert_int_equal(living(), 1);
    contain();
    epoch();
    assert_int_equal(living(), 1); /* nothing is looked at where nothing is new */
    help_out(1, 0, 13);
    epoch();
    look_after(DIVIDE_AFTER_MS);
    assert_int_equal(living(), 2);
}

/* Each then has no more than two accounts of any card: as many as people have. */
static void operators_that_were_told_apart_stay_apart_and_held(void **state)
{
    (void)state;
    divide();
    uint64_t first = holder(nth(0, 0))->id.value, second = holder(nth(2, 0))->id.value;
    for (unsigned i = 0; i < 3; i++) {
        pay(nth(0, i), 200 + i);
        pay(nth(2, i), 200 + i);
        epoch();
    }
    assert_int_equal(living(), 2);
    assert_int_equal(holder(nth(1, 5))->id.value, first);
    assert_int_equal(holder(nth(3, 5))->id.value, second);
}

static void a_newcomer_goes_to_the_operator_whose_frame_it_shows(void **state)
{
    (void)state;
    static const struct population population = { .accounts = 10000, .payer_ratio = 0.96 };
    divide();
    for (unsigned lane = 0; lane < LANES; lane++) {
        uint64_t account = NEWCOMER + lane;
        assert_ok(fake_frame(&f, lane + 1, account, account));
        pay(account, 7);
        f.now_ms += SECOND;
        assert_ok(campaign_tick(f.stage, f.now_ms, &population, &f.verdicts));
        assert_ptr_equal(holder(account), holder(nth(lane, 0)));
    }
}

/* It only shares a card with them, so that it stays with the first; then it takes a conversation over. */
static void who_shows_no_frame_goes_where_its_work_comes_from(void **state)
{
    (void)state;
    pay(NEWCOMER, 3);
    divide();
    assert_non_null(holder(NEWCOMER));
    const struct campaign *a = holder(nth(0, 0)), *b = holder(nth(2, 0));
    const struct campaign *second = a->number < b->number ? b : a;
    uint64_t colleague = second == a ? nth(0, 0) : nth(2, 0);
    assert_ptr_not_equal(holder(NEWCOMER), second);
    assert_ok(fake_tie(&f, tie_returned(OBJECT_TURN, 9000, colleague, NEWCOMER)));
    epoch();
    epoch();
    assert_ptr_equal(holder(NEWCOMER), second);
    assert_int_equal(living(), 2);
}

/* Held for its cards, it shows no frame at first. */
static void who_shows_a_frame_later_goes_to_the_operator_whose_it_is(void **state)
{
    (void)state;
    divide();
    struct tracker *tracker = &f.stage->tracker;
    const struct campaign *a = holder(nth(0, 0)), *b = holder(nth(2, 0));
    const struct campaign *second = a->number < b->number ? b : a;
    uint32_t first = map_find(&tracker->member_of, second == a ? nth(2, 0) : nth(0, 0));
    pay(NEWCOMER, 3);
    uint32_t account = account_index(&f.stage->graph, NEWCOMER);
    assert_ok(tracker_take_others(tracker, first, &f.stage->graph, &account, 1, MEMBER_LIKELY, f.now_ms));
    assert_ok(fake_frame(&f, second == a ? 1 : 3, NEWCOMER, NEWCOMER));
    assert_ptr_not_equal(holder(NEWCOMER), second);
    epoch();
    assert_ptr_equal(holder(NEWCOMER), second);
}

static void where_there_is_no_place_for_another_campaign_they_stay_one(void **state)
{
    (void)state;
    fake_fini(&f);
    start(1);
    divide();
    assert_int_equal(living(), 1);
    assert_int_equal(holder(1)->n_active, LANE * LANES);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(two_operators_on_one_pool_are_contained_as_one_first),
        TEST(once_contained_they_are_two_and_both_stay_so),
        TEST(before_half_a_day_is_over_they_are_one),
        TEST(who_help_each_other_out_within_half_a_day_are_one),
        TEST(the_evidence_says_why),
        TEST(whether_one_of_them_is_two_is_asked_anew),
        TEST(nobody_is_let_go_and_who_moved_is_told_of),
        TEST(what_is_not_contained_yet_stays_one),
        TEST(operators_that_were_told_apart_stay_apart_and_held),
        TEST(a_newcomer_goes_to_the_operator_whose_frame_it_shows),
        TEST(who_shows_a_frame_later_goes_to_the_operator_whose_it_is),
        TEST(where_there_is_no_place_for_another_campaign_they_stay_one),
        TEST(who_shows_no_frame_goes_where_its_work_comes_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
