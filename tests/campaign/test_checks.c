#include "campaign/checks.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

#include <math.h>

enum { MEMBERS = 20 };

static struct account_profile members[MEMBERS];
static struct check_input input;
static struct check checks[CHECK_COUNT];

/* Twenty accounts that look like nobody's explanation: own payers, own tasks, day and night. */
static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < MEMBERS; i++)
        members[i] = (struct account_profile){ .account = i + 1,
            .payer = 100 + i,
            .exchanges = 200,
            .novelty = 0.9,
            .night_share = 0.2,
            .focus = 0.9,
            .tenants = 1 };
    input = (struct check_input){ .members = members, .n = MEMBERS, .tasks = 3600, .tied = MEMBERS / 3 };
    return 0;
}

static bool holds(enum check_id id)
{
    checks_run(&input, checks);
    return checks[id].holds;
}

static void a_campaign_is_explained_by_nothing(void **state)
{
    (void)state;
    checks_run(&input, checks);
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        assert_false(checks[i].holds);
    assert_false(checks_hold(checks));
}

static void one_explanation_is_enough(void **state)
{
    (void)state;
    input.tied = 0;
    assert_true(holds(CHECK_PUBLIC_FRAME));
    assert_true(checks_hold(checks));
    assert_true(checks_release(checks));
}

static void four_fifths_with_one_payer_are_an_organisation(void **state)
{
    (void)state;
    for (size_t i = 0; i < 15; i++)
        members[i].payer = 7;
    assert_false(holds(CHECK_ORGANISATION));
    members[19].payer = 7;
    assert_true(holds(CHECK_ORGANISATION));
}

static void strangers_with_one_prompt_are_users_of_a_tool(void **state)
{
    (void)state;
    input.tied = 3; /* of 20: more than a tenth */
    assert_false(holds(CHECK_PUBLIC_FRAME));
    input.tied = 2;
    assert_true(holds(CHECK_PUBLIC_FRAME));
}

static void what_members_bring_about_does_not_release(void **state)
{
    (void)state;
    input.tasks = 180; /* as many as each account sent */
    assert_true(holds(CHECK_EVALUATION));
    assert_true(checks_hold(checks));
    assert_false(checks_release(checks));
}

static void half_in_an_education_programme_are_a_class(void **state)
{
    (void)state;
    for (size_t i = 0; i < 9; i++)
        members[2 * i].adopter = ADOPTER_EDUCATION | ADOPTER_PAYER_KNOWN;
    assert_false(holds(CHECK_CLASS));
    members[1].adopter = ADOPTER_EDUCATION;
    assert_true(holds(CHECK_CLASS));
}

static void accounts_that_each_send_most_of_the_tasks_evaluate(void **state)
{
    (void)state;
    input.tasks = 361; /* each sends 180 of them */
    assert_false(holds(CHECK_EVALUATION));
    input.tasks = 360;
    assert_true(holds(CHECK_EVALUATION));
}

static void an_evaluation_is_judged_by_the_median_account(void **state)
{
    (void)state;
    input.tasks = 200;
    for (size_t i = 0; i < 11; i++)
        members[i].exchanges = 10;
    assert_false(holds(CHECK_EVALUATION));
}

static void unknown_tasks_are_not_measured(void **state)
{
    (void)state;
    input.tasks = NAN;
    assert_false(holds(CHECK_EVALUATION));
    assert_true(isnan(checks[CHECK_EVALUATION].measured));
    input.tasks = 100;
    for (size_t i = 0; i < MEMBERS; i++)
        members[i].novelty = NAN;
    assert_false(holds(CHECK_EVALUATION));
}

static void half_registered_as_resellers_are_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < 9; i++)
        members[i].adopter = ADOPTER_RESELLER;
    assert_false(holds(CHECK_RESELLER));
    members[9].adopter = ADOPTER_RESELLER;
    assert_true(holds(CHECK_RESELLER));
}

static void half_with_a_verified_business_are_customers(void **state)
{
    (void)state;
    for (size_t i = 0; i < 9; i++)
        members[i].adopter = ADOPTER_VERIFIED;
    assert_false(holds(CHECK_VERIFIED));
    members[9].adopter = ADOPTER_VERIFIED;
    assert_true(holds(CHECK_VERIFIED));
}

static void people_follow_up_and_sleep(void **state)
{
    (void)state;
    for (size_t i = 0; i < 12; i++) {
        members[i].follow_up = 0.6;
        members[i].night_share = 0.01;
    }
    assert_true(holds(CHECK_PEOPLE));
    members[0].night_share = 0.06;
    assert_false(holds(CHECK_PEOPLE));
    members[0].night_share = 0.01;
    members[1].follow_up = NAN;
    assert_false(holds(CHECK_PEOPLE));
    members[1].follow_up = 0.6;
    members[2].exchanges = 19; /* too few to tell */
    assert_false(holds(CHECK_PEOPLE));
}

static void domains_of_their_own_in_one_place_are_an_open_team(void **state)
{
    (void)state;
    input.open = (struct openness){ .domains = 1, .networks = 0.55 };
    assert_false(holds(CHECK_OPEN_TEAM));
    input.open.networks = 0.6;
    assert_true(holds(CHECK_OPEN_TEAM));
}

static void two_payers_in_one_place_are_an_open_team(void **state)
{
    (void)state;
    for (size_t i = 0; i < MEMBERS; i++)
        members[i].payer = 1 + i % 2;
    assert_false(holds(CHECK_OPEN_TEAM));
    input.open.networks = 0.9;
    assert_true(holds(CHECK_OPEN_TEAM));
    assert_false(checks[CHECK_ORGANISATION].holds);
}

static void what_cannot_be_measured_for_lack_of_memory_explains_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < MEMBERS; i++)
        members[i].payer = 7;
    alloc_sweep_arm(0);
    assert_false(holds(CHECK_ORGANISATION));
    assert_true(alloc_sweep_disarm());
    assert_true(holds(CHECK_ORGANISATION));
}

static void every_check_has_its_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        assert_true(strlen(check_name((enum check_id)i)) > 3);
        assert_true(strlen(check_text((enum check_id)i)) > 10);
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(check_name((enum check_id)i), check_name((enum check_id)j));
    }
}

static void a_kind_is_what_half_of_the_members_are_there_for(void **state)
{
    (void)state;
    assert_int_equal(checks_kind(members, MEMBERS), CAMPAIGN_PIPELINE);
    for (size_t i = 0; i < 10; i++)
        members[i].tenants = 8;
    assert_int_equal(checks_kind(members, MEMBERS), CAMPAIGN_RELAY);
    for (size_t i = 0; i < MEMBERS; i++)
        members[i].refused = 120;
    assert_int_equal(checks_kind(members, MEMBERS), CAMPAIGN_PROBING);
    for (size_t i = 0; i < 10; i++)
        members[i].elicitation[ELICIT_RUBRIC] = 1;
    assert_int_equal(
        checks_kind(members, MEMBERS), CAMPAIGN_PROBING); /* rubrics, but nothing is judged by them */
    for (size_t i = 0; i < 10; i++)
        members[i].capability[CAP_JUDGING] = 0.7;
    members[19].elicitation[ELICIT_RUBRIC] = NAN; /* sent no text */
    assert_int_equal(checks_kind(members, MEMBERS), CAMPAIGN_JUDGE);
}

static void accounts_of_no_focus_are_of_no_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < MEMBERS; i++)
        members[i].focus = NAN;
    assert_int_equal(checks_kind(members, MEMBERS), CAMPAIGN_UNKNOWN);
    assert_int_equal(checks_kind(members, 0), CAMPAIGN_UNKNOWN);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(a_campaign_is_explained_by_nothing),
        TEST(one_explanation_is_enough),
        TEST(four_fifths_with_one_payer_are_an_organisation),
        TEST(strangers_with_one_prompt_are_users_of_a_tool),
        TEST(what_members_bring_about_does_not_release),
        TEST(half_in_an_education_programme_are_a_class),
        TEST(accounts_that_each_send_most_of_the_tasks_evaluate),
        TEST(an_evaluation_is_judged_by_the_median_account),
        TEST(unknown_tasks_are_not_measured),
        TEST(half_registered_as_resellers_are_one),
        TEST(half_with_a_verified_business_are_customers),
        TEST(people_follow_up_and_sleep),
        TEST(domains_of_their_own_in_one_place_are_an_open_team),
        TEST(two_payers_in_one_place_are_an_open_team),
        TEST(what_cannot_be_measured_for_lack_of_memory_explains_nothing),
        TEST(every_check_has_its_words),
        TEST(a_kind_is_what_half_of_the_members_are_there_for),
        TEST(accounts_of_no_focus_are_of_no_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
